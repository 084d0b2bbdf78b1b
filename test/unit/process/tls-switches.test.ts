import { expect, test } from 'vitest';
import { takeOutTlsSwitches } from '../../../src/process/tls-switches.ts';

test.each([
  [{ NODE_TLS_REJECT_UNAUTHORIZED: '0', PATH: '/bin' }, { PATH: '/bin' }],
  [{ AZURE_CLI_DISABLE_CONNECTION_VERIFICATION: 'false' }, {}],
  [{ SSLKEYLOGFILE: '/tmp/keys' }, {}],
])('%j is taken out, with one warning', (environment, left) => {
  expect(takeOutTlsSwitches(environment)).toHaveLength(1);
  expect(environment).toEqual(left);
});

test.each([
  // To Node, everything but 0 means that it verifies.
  { NODE_TLS_REJECT_UNAUTHORIZED: '1' },
  { NODE_TLS_REJECT_UNAUTHORIZED: '' },
  { NODE_TLS_REJECT_UNAUTHORIZED: 'false' },
  { AZURE_CLI_DISABLE_CONNECTION_VERIFICATION: '' },
  { SSLKEYLOGFILE: '' },
  { NODE_OPTIONS: '--max-old-space-size=4096 --tls-min-v1.2' },
  { NODE_EXTRA_CA_CERTS: '/etc/ca.pem', NODE_USE_SYSTEM_CA: '1' },
])('%j stays', (environment) => {
  const before = { ...environment };
  expect(takeOutTlsSwitches(environment)).toEqual([]);
  expect(environment).toEqual(before);
});
