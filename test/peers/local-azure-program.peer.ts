import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, expect, inject, test } from 'vitest';
import { pinnedNode } from '../runner/node.ts';
import { runStep, type StepResult } from '../runner/step.ts';
import { SAMPLE } from '../support/scenario.ts';
import { logIn, openAzureCli } from './azure-cli.ts';
import type { AzureFacts } from './local-azure.ts';
import { startMlClient } from './ml-client.ts';
import { claimsOf } from './seen.ts';

// What `npm run local-azure` starts is all that Microsoft's programs and the action are told: one line of JSON.

const program = join(import.meta.dirname, '..', 'local-azure', 'main.ts');
const audience = 'https://ml.azure.com';
const child = spawn(pinnedNode(), [program, '--until-stdin-closes', '--data-plane-audience', audience], {
  stdio: ['pipe', 'pipe', 'pipe'],
});
const violations: string[] = [];
createInterface(child.stderr).on('line', (line) => violations.push(line));
const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
const facts = JSON.parse(line) as AzureFacts;
const environments = inject('environments');
const [client, cli] = await Promise.all([
  startMlClient(facts, environments.ml),
  openAzureCli(facts, environments.cli),
]);
afterAll(() => Promise.all([client.close(), cli.close(), end()]));

async function end(): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.stdin.end();
  await exit;
}

async function action(endpoint: string): Promise<StepResult> {
  const seen = await runStep({
    inputs: {
      endpoint,
      workspace: facts.workspace,
      'resource-group': facts.resourceGroup,
      'subscription-id': facts.subscriptionId,
      'client-id': facts.clientId,
      'tenant-id': facts.tenantId,
      'client-secret': facts.clientSecret,
      cloud: facts.metadataUrl,
      'ca-certificate': facts.caFile,
      'sample-request': SAMPLE,
    },
    jobMasks: [facts.clientSecret],
  });
  await seen.dispose();
  return seen;
}

test('azure-ai-ml sees the keys that the action emits', async () => {
  const keys = await client.ask('online_endpoints.get_keys', { name: 'churn-key' });
  const { outputs } = await action('churn-key');

  expect(outputs).toMatchObject({ verdict: 'passed', credential: keys.primary_key });
});

test('azure-ai-ml gets an Entra token for the very audience that the action asks for', async () => {
  const token = await client.ask('online_endpoints.get_keys', { name: 'churn-aad' });
  const { outputs } = await action('churn-aad');

  expect(outputs.verdict).toBe('passed');
  const [clients, actions] = [token.access_token, outputs.credential].map(claimsOf);
  expect([clients?.aud, actions?.aud]).toEqual([audience, audience]);
  expect(actions?.oid).toBe(clients?.oid);
});

test('az derives that audience from the metadata document, as its machine learning extension does', async () => {
  await logIn(cli, facts);
  const cloud = (await cli.ask(['cloud', 'show'])) as { endpoints: Record<string, string | null> };
  const given = await cli.ask(['account', 'get-access-token', '--resource', audience]);

  expect(cloud.endpoints.portal?.replace('portal', 'ml')).toBe(audience);
  expect(claimsOf((given as { accessToken: string }).accessToken).aud).toBe(audience);
});

test('ends without having broken the OpenAPI documents', async () => {
  await end();

  expect(child.exitCode).toBe(0);
  expect(violations).toEqual([]);
});
