import { expect, test } from 'vitest';
import { startForeignServer } from '../../support/foreign-server.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const foreign = await startForeignServer();
const TRUSTED = {
  inputs: { 'ca-certificate': 'trusted.pem' },
  files: { 'trusted.pem': `${azure.caPem}${foreign.caPem}` },
};
const resourceManager = new URL(azure.resourceManagerHost);

/** Each leads elsewhere, though it may not look so. */
const LINKS = [
  ['another host', `${foreign.origin}/next`],
  ['a user name that looks like the host', `https://${resourceManager.host}@${foreign.host}/next`],
  ['a user name and a backslash', `https://${foreign.host}\\@${resourceManager.host}/next`],
  ['white space around it', ` \t${foreign.origin}/next\n`],
  ['an address of the same machine', `https://127.0.0.1:${resourceManager.port}/next`],
] as const;

test.each(LINKS)('a list of deployments does not go on at %s', async (_, nextLink) => {
  azure.setFault('deployments', { kind: 'body', body: JSON.stringify({ value: [], nextLink }), times: 1 });
  const { error, outputs, exchanges } = await step({
    ...TRUSTED,
    inputs: { ...TRUSTED.inputs, 'sample-request': SAMPLE, deployment: 'idle' },
  });

  expect(error).toContain(`${azure.resourceManagerHost} names a next page elsewhere, at `);
  expect(error).toContain('The token is not sent there.');
  expect(outputs.verdict).toBe('error');
  expect(exchanges.filter(({ url }) => url.endsWith('/next'))).toEqual([]);
  expect(foreign.connections()).toBe(0);
});

test('a list of deployments does not go on at the same host without TLS', async () => {
  const nextLink = `http://${resourceManager.host}/next`;
  azure.setFault('deployments', { kind: 'body', body: JSON.stringify({ value: [], nextLink }), times: 1 });
  const { error, outputs, sent } = await step({
    inputs: { 'sample-request': SAMPLE, deployment: 'idle' },
  });

  expect(error).toContain(
    `${azure.resourceManagerHost} names a next page elsewhere, at http://${resourceManager.host}. The token is not sent there.`,
  );
  expect(outputs.verdict).toBe('error');
  expect(sent('deployments')).toHaveLength(1);
});

test('a list of endpoints does not go on elsewhere while a name is looked up', async () => {
  azure.setFault('endpoints', {
    kind: 'body',
    body: JSON.stringify({ value: [], nextLink: `${foreign.origin}/next` }),
  });
  const { error, outputs } = await step({ ...TRUSTED, inputs: { ...TRUSTED.inputs, endpoint: 'churn-kye' } });

  expect(error).not.toBe('');
  expect(outputs.verdict).toBe('error');
  expect(foreign.connections()).toBe(0);
});

test('a list goes on at the same host', async () => {
  azure.access.pageSize = 1;
  const { outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'green' } });

  expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
  expect(sent('deployments').length).toBeGreaterThan(0);
});
