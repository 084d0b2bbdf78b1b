import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const OTHER_GUID = '99999999-8888-4777-8666-555555555555';
const SECRET = { login: 'client-secret', 'client-secret': azure.clientSecret };

const REFUSALS: readonly (readonly [
  code: number,
  inputs: Readonly<Record<string, string>>,
  spoil: () => void,
  first: string,
  advice: string,
])[] = [
  [
    700016,
    { 'client-id': OTHER_GUID },
    () => undefined,
    `tenant '${azure.tenantId}' has no application with client ID '${OTHER_GUID}'.`,
    "Check the inputs 'client-id' and 'tenant-id'.",
  ],
  [
    700024,
    {},
    () => Object.assign(azure.identity, { clockSkewSeconds: 86_400 }),
    'the ID token is not valid at this time.',
    'the clock of the runner is probably wrong',
  ],
  [
    7000215,
    { ...SECRET, 'client-secret': 'Wr0ng~secret-of-this-application' },
    () => undefined,
    `the client secret of application '${azure.clientId}' is wrong.`,
    "must hold the secret's value, not its ID",
  ],
  [
    7000222,
    SECRET,
    () => Object.assign(azure.identity, { secretExpired: true }),
    `the client secret of application '${azure.clientId}' has expired.`,
    `az ad app credential reset --append --id ${azure.clientId}`,
  ],
  [
    90002,
    { 'tenant-id': OTHER_GUID },
    () => undefined,
    `the cloud 'LocalAzure' has no tenant '${OTHER_GUID}'.`,
    'A tenant belongs to one cloud.',
  ],
  [
    53003,
    {},
    () => Object.assign(azure.identity, { conditionalAccess: true }),
    `a Conditional Access policy blocks application '${azure.clientId}'.`,
    'the addresses of GitHub-hosted runners change',
  ],
  [
    500011,
    {},
    () => Object.assign(azure.identity, { resources: [] }),
    `tenant '${azure.tenantId}' has no service '${azure.resourceManagerHost}'.`,
    "Check the inputs 'cloud' (now 'LocalAzure') and 'tenant-id' (now '",
  ],
];

test.each(REFUSALS)('AADSTS%d is explained', async (code, inputs, spoil, first, advice) => {
  spoil();
  const { error, outputs, sent } = await step({ inputs });

  expect(error.split('\n')[0]).toBe(`Entra refused the sign-in (AADSTS${code}): ${first}`);
  expect(error).toContain(advice);
  expect(error).toMatch(/Trace ID [0-9a-f-]{36}, correlation ID [0-9a-f-]{36} for support\.$/);
  expect(outputs).toEqual({ verdict: 'error' });
  // No refusal passes by itself, so that none is asked for twice.
  expect(sent('sign-in')).toHaveLength(1);
});
