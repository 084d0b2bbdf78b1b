import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the error names the permission that the job lacks', async () => {
  const { error, sent } = await step({
    inputs: { login: 'oidc' },
    env: { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined },
  });

  expect(error).toContain("login: oidc needs GitHub's ID-token service, which is not there.");
  expect(error).toContain('permissions: id-token: write');
  expect(sent('sign-in')).toEqual([]);
});

test('the error names the permission, too, when the service refuses the job', async () => {
  const request = 'a-request-token-that-github-does-not-know';
  const { error } = await step({
    inputs: { login: 'oidc' },
    env: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: request },
    secrets: [{ name: 'request token', value: request }],
  });

  expect(error).toContain("GitHub's ID-token service gives this job no ID token (HTTP 401).");
  expect(error).toContain('    id-token: write');
});

test('the error asks for another run when the service answers without a token', async () => {
  azure.setFault('id-token', { kind: 'body', body: '{"count":0}' });
  const { error } = await step({ inputs: { login: 'oidc' } });

  expect(error).toBe("GitHub's ID-token service answered without a token. Run the job again.");
});
