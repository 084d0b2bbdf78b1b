import { expect, test } from 'vitest';
import { startProxy } from '../../support/proxy.ts';
import { CLOSED_HOST, openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('names a proxy that is not there', async () => {
  const { error, exchanges } = await step({ env: { HTTPS_PROXY: `http://${CLOSED_HOST}` } });

  expect(error).toContain(`The proxy '${CLOSED_HOST}', on the way to `);
  expect(error).toContain('refused the connection (ECONNREFUSED).');
  expect(error).toContain('Check HTTPS_PROXY');
  expect(exchanges).toEqual([]);
});

test('names a proxy that forbids the host', async () => {
  const proxy = await startProxy({ status: 403, body: 'blocked by policy' });
  const { error, exchanges } = await step({ env: { HTTPS_PROXY: proxy.url } });

  expect(error).toContain(`The proxy '${proxy.host}' did not let a request through to `);
  expect(error).toContain('HTTP 403');
  expect(error).toContain('Allow the host in the proxy, or name it in NO_PROXY');
  expect(exchanges).toEqual([]);
});

test('names a proxy that wants a password, and shows none', async () => {
  const proxy = await startProxy({ status: 407, body: '' });
  const password = 'Pr0xyPassw0rd-of-the-runner';
  const { error, log } = await step({
    env: { HTTPS_PROXY: `http://runner:${password}@${proxy.host}` },
    secrets: [{ name: 'proxy password', value: password }],
  });

  expect(error).toContain(`The proxy '${proxy.host}' asks for a user and password`);
  expect(error).toContain('(HTTP 407)');
  expect(log).not.toContain(password);
  expect(azure.exchanges).toEqual([]);
});
