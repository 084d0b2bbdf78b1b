import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const SECRET = 'dLq8Q~aVuH2xJ.3kPz9mWbYc7R-tNf0sGe_4oXi';

/** As a workflow gives it that takes it from one secret: masked as a whole, not in parts. */
const CREDS = JSON.stringify({
  clientId: '31359c7f-bd7e-475c-86db-fdb8c937548e',
  clientSecret: SECRET,
  tenantId: '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948',
  subscriptionId: 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e',
});

test.each([
  ['client-id', CREDS],
  ['client-id', SECRET],
  ['tenant-id', SECRET],
  ['endpoint', CREDS],
  ['endpoint', `${SECRET}/`],
  ['workspace', SECRET],
  ['cloud', CREDS],
  ['cloud', `https://user:${SECRET}@arm.example/`],
  ['login', SECRET],
  ['key', SECRET],
  ['sample-request', `x${SECRET}`],
  ['sample-request', `${'x/'.repeat(60)}${SECRET}`],
  ['expected-response', SECRET],
  ['response-schema', SECRET],
  ['working-directory', SECRET],
  ['ca-certificate', `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`],
  ['ca-certificate', SECRET],
  ['smoke-test', SECRET],
  ['timeout', SECRET],
  ['samples', SECRET],
  ['summary', SECRET],
])('a secret as %s', async (name, value) => {
  const request = ['sample-request', 'smoke-test'].includes(name) ? {} : { 'sample-request': '[1]' };
  const { error, outputs, log, changedFiles } = await step({
    inputs: { 'report-directory': 'reports', ...request, [name]: value },
    secrets: [{ name: 'the secret', value: SECRET }],
  });

  expect(error + log).toMatch(/not shown: it may be a secret|There is no such file/);
  expect(outputs.verdict).toBe('error');
  for (const bytes of Object.values(changedFiles))
    expect(Buffer.from(bytes).toString('utf8')).not.toContain(SECRET.slice(0, 12));
});

test('a client secret that is the endpoint’s name too is not shown', async () => {
  const { error, summary } = await step({
    inputs: { login: 'client-secret', 'client-secret': 'churn-key', 'client-id': 'churn-key' },
  });

  expect(error).toContain('client-secret: The client secret is also a part of a value that later steps need');
  expect(error + summary).not.toContain('churn-key');
});

test('a scoring URI with a password does not show it', async () => {
  azure.endpoints.get('churn-key')!.scoringUri = `https://user:${SECRET}@churn.example/score`;
  const { error } = await step({
    inputs: { 'sample-request': '[1]' },
    secrets: [{ name: 'the secret', value: SECRET }],
  });

  expect(error).toContain("names 'https://***@churn.example/score'");
});
