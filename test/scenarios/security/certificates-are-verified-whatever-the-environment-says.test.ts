import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { installAz } from '../../support/az.ts';
import { startForeignServer } from '../../support/foreign-server.ts';
import { startProxy } from '../../support/proxy.ts';
import { openScenario, SAMPLE, type Seen } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const az = await installAz(azure, 'session');
const folder = mkdtempSync(join(tmpdir(), 'tls-switches-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function warningsOf({ annotations }: Seen): readonly string[] {
  return annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);
}

test('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored when Azure presents a certificate that is not trusted', async () => {
  const seen = await step({
    inputs: { 'ca-certificate': undefined, 'client-secret': azure.clientSecret },
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });

  expect(seen.error).toContain('presents a certificate from an authority that this runner does not trust');
  expect(seen.exchanges).toEqual([]);
  expect(warningsOf(seen)).toEqual([
    "The environment has NODE_TLS_REJECT_UNAUTHORIZED=0. It would send the secret, the token and the key to servers whose certificate is not verified, so it is ignored. Take it out of the job's environment, and name the certificate of a private authority in ca-certificate.",
  ]);
});

test('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored when the endpoint shows one', async () => {
  const foreign = await startForeignServer('[1]');
  azure.endpoints.get('churn-key')!.scoringUri = `${foreign.origin}/score`;
  const { error } = await step({
    inputs: { 'sample-request': SAMPLE, 'warm-up': '0s' },
    env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });

  expect(error).toContain('presents a certificate from an authority that this runner does not trust');
  expect(foreign.heard).toEqual([]);
});

test('a certificate that is trusted is enough, and the warning alone tells of the variable', async () => {
  const seen = await step({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
  const without = await step({ env: { NODE_TLS_REJECT_UNAUTHORIZED: '1' } });

  expect(seen.outputs.verdict).toBe('skipped');
  expect(warningsOf(seen)).toHaveLength(1);
  expect(warningsOf(without)).toEqual([]);
});

test('az finds none of the switches', async () => {
  const seen = await step({
    inputs: { login: 'azure-cli' },
    env: {
      PATH: az.path,
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      AZURE_CLI_DISABLE_CONNECTION_VERIFICATION: '1',
      SSLKEYLOGFILE: join(folder, 'keys-of-az'),
    },
  });

  expect(seen.outputs.verdict).toBe('skipped');
  const [call] = await az.calls();
  expect(Object.keys(call?.environment ?? {})).not.toContain('NODE_TLS_REJECT_UNAUTHORIZED');
  expect(Object.keys(call?.environment ?? {})).not.toContain('AZURE_CLI_DISABLE_CONNECTION_VERIFICATION');
  expect(Object.keys(call?.environment ?? {})).not.toContain('SSLKEYLOGFILE');
  expect(warningsOf(seen)).toHaveLength(3);
});

test.each(['--tls-keylog', '--tls_keylog'])(
  'the keys of connections are not written down by %s',
  async (option) => {
    const file = join(folder, `keys${option}`);
    const proxy = await startProxy();
    const direct = await step({
      inputs: { 'sample-request': SAMPLE },
      env: { NODE_OPTIONS: `${option}=${file}` },
    });
    const proxied = await step({ env: { NODE_OPTIONS: `${option}=${file}`, HTTPS_PROXY: proxy.url } });

    expect(direct.outputs.verdict).toBe('passed');
    expect(proxied.outputs.verdict).toBe('skipped');
    expect(warningsOf(direct)).toEqual([
      expect.stringContaining('The environment has --tls-keylog in NODE_OPTIONS.'),
    ]);
    expect(existsSync(file)).toBe(false);
  },
);
