import { expect, test } from 'vitest';
import { INPUTS, type InputName } from '../../../src/inputs/declarations.ts';
import { programEnvironment } from '../../../src/process/program-environment.ts';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';

test('a program finds what has no secret', () => {
  const environment = { PATH: '/bin', HOME: '/root', GITHUB_WORKSPACE: '/w', AZURE_CLIENT_ID: 'id' };
  expect(programEnvironment({ ...environment, NOTHING: undefined })).toEqual(environment);
});

test.each([
  'INPUT_CLIENT-SECRET',
  'INPUT_ENDPOINT',
  'input_endpoint',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
  'ACTIONS_ID_TOKEN_REQUEST_URL',
  'ACTIONS_RUNTIME_TOKEN',
  'AZURE_CLIENT_SECRET',
  'Azure_Client_Secret',
  'AZURE_PASSWORD',
  'ARM_CLIENT_SECRET',
  'IDENTITY_HEADER',
  'MSI_SECRET',
  'GITHUB_OUTPUT',
  'GITHUB_ENV',
  'GITHUB_STATE',
  'GITHUB_PATH',
  'GITHUB_STEP_SUMMARY',
  'STATE_credential',
  'INPUT_',
  'input_a',
  'ACTIONS_X',
  'STATE_',
  'Msi_Secret',
  'ARM_OIDC_TOKEN',
])('a program does not find %s', (name) => {
  expect(programEnvironment({ [name]: 'value' })).toEqual({});
});

test('a program finds no variable from which a secret input is read', () => {
  const names = Object.keys(INPUTS) as InputName[];
  const variables = names
    .filter((name) => INPUTS[name].secret)
    .flatMap((name) => [`INPUT_${name.toUpperCase()}`, INPUTS[name].environment ?? 'INPUT_']);
  expect(variables).toContain('AZURE_CLIENT_SECRET');
  expect(programEnvironment(Object.fromEntries(variables.map((name) => [name, 'value'])))).toEqual({});
});

test('a program finds no variable that holds a secret, whatever its name', () => {
  announceMasksTo(() => undefined);
  const secret = guard('uF9v2kLq83hXz0PbTnYw5sRmCe7dAj4G', 'the primary key').reveal();
  const environment = { KEY: secret, HEADER: `Bearer ${secret}`, OTHER: 'value' };
  expect(programEnvironment(environment)).toEqual({ OTHER: 'value' });
});

test.each([
  'MY_INPUT_NAME',
  'MYACTIONS_X',
  'MY_STATE_X',
  'GITHUB_OUTPUT_2',
  'MY_GITHUB_ENV',
  'GITHUB_WORKSPACE',
  'AZURE_CLIENT_SECRET_NAME',
  'MY_ARM_CLIENT_SECRET',
  'IDENTITY_HEADER_2',
  'MSI_SECRETS',
  'INPUT',
])('%s only looks like a variable that is withheld', (name) => {
  expect(programEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' });
});
