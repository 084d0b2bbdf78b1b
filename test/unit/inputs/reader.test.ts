import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputs/reader.ts';
import { mistakesWith, readWith } from '../../support/read-inputs.ts';

const FILE_MISTAKE = { file: 'smoke.yml', line: 2, column: 10, message: "samples 'many': Write a number." };
const STEP = { endpoint: 'churn', summary: true };

describe('the message of an InputError', () => {
  test.each([
    [1, 'The smoke-test file has 1 mistake.'],
    [2, 'The smoke-test file has 2 mistakes.'],
    [3, 'The smoke-test file has 3 mistakes.'],
  ])('%i mistakes of the smoke-test file alone are counted', (count, message) => {
    const fileMistakes = Array.from({ length: count }, () => FILE_MISTAKE);
    const error = new InputError([], fileMistakes, STEP);
    expect(error.message).toBe(message);
    expect([error.mistakes, error.fileMistakes]).toEqual([[], fileMistakes]);
  });

  test.each([
    [['key: no.'], '1 input is wrong: key: no.'],
    [['key: no.', 'timeout: no.'], '2 inputs are wrong:\n- key: no.\n- timeout: no.'],
  ])('the mistakes %j of inputs are listed', (mistakes, message) => {
    expect(new InputError(mistakes, [], STEP).message).toBe(message);
  });

  test('the mistakes of inputs come before those of the file', () => {
    const error = new InputError(['key: no.'], [FILE_MISTAKE, FILE_MISTAKE], STEP);
    expect(error.message).toBe('1 input is wrong: key: no.');
    expect(error.fileMistakes).toHaveLength(2);
  });
});

test('a mistake tells of characters that nobody sees', async () => {
  expect(await mistakesWith({ key: 'pri\u200bmary' })).toEqual([
    "key 'primary': Choose one of primary, secondary. Did you mean primary? It contains invisible characters.",
  ]);
});

test('a mistake quotes a value on one line, and a long one not at all', async () => {
  expect(await mistakesWith({ key: 'a\n::error::b' })).toEqual([
    "key 'a : :error::b': Choose one of primary, secondary.",
  ]);
  expect(await mistakesWith({ key: 'b'.repeat(101) })).toEqual([
    'key (a value of 101 characters, not shown: it may be a secret): Choose one of primary, secondary.',
  ]);
});

test.each([
  ['key', 'SECONDARY', 'secondary'],
  ['login', 'Azure-CLI', 'azure-cli'],
  ['cloud', 'azurecloud', 'AzureCloud'],
  ['cloud', 'AZUREUSGOVERNMENT', 'AzureUSGovernment'],
  ['cloud', 'azureChinaCloud', 'AzureChinaCloud'],
])('the choice %s: %s is understood in any case of letters', async (name, value, chosen) => {
  const { key, login, cloud } = await readWith({ [name]: value });
  expect([key, login.choice, cloud.kind === 'known' ? cloud.name : '']).toContain(chosen);
});

test.each([
  [
    'login',
    'password',
    'Choose one of auto, oidc, client-secret, managed-identity, workload-identity, azure-cli.',
  ],
  ['cloud', 'AzureGermanCloud', 'Choose one of AzureCloud, AzureUSGovernment, AzureChinaCloud.'],
  ['key', 'tertiary', 'Choose one of primary, secondary.'],
  ['key', 'secondry', 'Choose one of primary, secondary. Did you mean secondary?'],
])('the choice %s: %s is refused with those there are', async (name, value, rule) => {
  expect(await mistakesWith({ [name]: value })).toEqual([`${name} '${value}': ${rule}`]);
});

test.each([
  ['true', true],
  ['false', false],
  ['TRUE', true],
  ['False', false],
  [' true ', true],
])('%j is understood as a boolean', async (value, expected) => {
  expect((await readWith({ 'output-credential': value })).outputCredential).toBe(expected);
  expect((await readWith({ summary: value })).summary).toBe(expected);
});

test.each(['yes', 'no', '1', '0', 'on', 'truee', 'null'])('%s is not a boolean', async (value) => {
  for (const name of ['output-credential', 'summary', 'allow-insecure-http']) {
    expect(await mistakesWith({ [name]: value })).toEqual([`${name} '${value}': Write true or false.`]);
  }
});

test('a duration has its unit', async () => {
  expect((await readWith({ 'minimum-validity': '1h30m' })).minimumValidityMs).toBe(5_400_000);
  const { smokeTest } = await readWith({ 'sample-request': '[1]', timeout: '800ms' });
  expect(smokeTest?.plan.timeoutMs).toBe(800);
});

test.each(['30', '30 s', 'half an hour', '-1s', '1H'])('%s is not a duration', async (value) => {
  for (const name of ['minimum-validity', 'timeout']) {
    expect(await mistakesWith({ 'sample-request': '[1]', [name]: value })).toEqual([
      `${name} '${value}': Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m; 24d at most.`,
    ]);
  }
});
