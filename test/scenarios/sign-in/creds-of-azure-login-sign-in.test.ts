import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const CREDS = {
  clientId: azure.clientId,
  clientSecret: azure.clientSecret,
  subscriptionId: azure.subscriptionId,
  tenantId: azure.tenantId,
  activeDirectoryEndpointUrl: 'https://login.microsoftonline.com',
  resourceManagerEndpointUrl: 'https://management.azure.com/',
  // Not of azure/login, and too short for a mask.
  name: 'sp',
};
const NOTHING_ELSE = { 'client-id': undefined, 'tenant-id': undefined, 'subscription-id': undefined };

test.each([
  ['on one line', JSON.stringify(CREDS)],
  ['as az prints it', `${JSON.stringify(CREDS, undefined, 2)}\n`],
  ['with the line breaks of Windows', JSON.stringify(CREDS, undefined, 2).replaceAll('\n', '\r\n')],
])('creds %s is all that the sign-in needs, and its values are masked', async (_how, creds) => {
  const { log, outputs, masks, sent } = await step({ inputs: { ...NOTHING_ELSE, creds } });

  expect(log).toContain('Signing in with client-secret: a client secret is given.\n');
  expect(outputs.verdict).toBe('skipped');
  expect(outputs['endpoint-id']).toContain(azure.subscriptionId);
  for (const value of [azure.clientSecret, azure.clientId, azure.tenantId]) expect(masks).toContain(value);
  expect(new URLSearchParams(sent('sign-in')[0]?.body).get('client_secret')).toBe(azure.clientSecret);
});

test('a refusal of Entra shows nothing of creds', async () => {
  const wrong = { ...CREDS, clientSecret: 'Wr0ng~secret-of-this-application' };
  const { error, summary } = await step({
    inputs: { ...NOTHING_ELSE, creds: JSON.stringify(wrong) },
    secrets: Object.entries(wrong)
      .filter(([name]) => name === 'clientId' || name === 'clientSecret' || name === 'tenantId')
      .map(([name, value]) => ({ name, value })),
  });

  expect(error).toContain('(AADSTS7000215)');
  expect(summary).toContain('AADSTS7000215');
});

test.each([
  ['no JSON at all', 'not JSON: s3cret-of-nobody', 'It is not a JSON object.'],
  ['a list', '["s3cret-of-nobody"]', 'It is not a JSON object.'],
  ['fields that are missing', '{"clientId": "s3cret-of-nobody"}', 'clientSecret, tenantId are missing.'],
  [
    'the other output of az',
    '{"appId": "a", "displayName": "b", "password": "s3cret-of-nobody", "tenant": "c"}',
    "'az ad sp create-for-rbac' without --json-auth",
  ],
  [
    'an ID that is none',
    '{"clientId": "s3cret-of-nobody", "clientSecret": "s3cret-of-nobody-2", "tenantId": "contoso.com"}',
    'clientId must be the application (client) ID',
  ],
  [
    'a value that nothing replaced',
    '{"clientId": "$(clientId)", "clientSecret": "s3cret-of-nobody", "tenantId": "contoso.com"}',
    'Nothing replaced $(clientId) by a value.',
  ],
])('creds with %s is a mistake that shows nothing of it', async (_what, creds, message) => {
  const { error, exchanges } = await step({
    inputs: { ...NOTHING_ELSE, 'subscription-id': azure.subscriptionId, creds },
    secrets: [{ name: 'value of creds', value: 's3cret-of-nobody' }],
  });

  expect(error).toContain('creds: ');
  expect(error).toContain(message);
  expect(exchanges).toEqual([]);
});

test('a client secret that no mask can hide is told as one of creds', async () => {
  const creds = JSON.stringify({ ...CREDS, clientSecret: 'short' });
  const { error, exchanges } = await step({ inputs: { ...NOTHING_ELSE, creds } });

  expect(error).toBe(
    '1 input is wrong: creds: The client secret has fewer than 8 characters: masking it would hide unrelated text, so it is not used.',
  );
  expect(exchanges).toEqual([]);
});

test('an input that says another thing than creds is a mistake', async () => {
  const other = '99999999-8888-4777-8666-555555555555';
  const { error } = await step({
    inputs: {
      creds: JSON.stringify(CREDS),
      'client-id': other,
      'client-secret': 'an0ther~secret-0123456789',
    },
  });

  expect(error).toContain(`client-id '${other}': 'creds' has a different value.`);
  expect(error).toContain("client-secret: 'creds' has a different value.");
});
