import { beforeAll, expect, test } from 'vitest';
import { announceMasksTo } from '../../../src/secrets/secret.ts';
import { shownValue } from '../../../src/secrets/shown-value.ts';

beforeAll(() => announceMasksTo(() => undefined));

test.each([
  'churn',
  'a'.repeat(100),
  'tests/smoke/request-2024.json',
  'Models/ChurnV2SampleOf2024/Request17.json',
  'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e',
  '{"data": [1,}',
  '$[0].label',
])('%s is shown', (value) => {
  expect(shownValue(value)).toBe(`'${value}'`);
});

test.each([
  ['a long text', 'a'.repeat(101)],
  ['a key of letters and digits', 'kP0aVuH2xJ3kPz9mWbYc7RtNf0sGe4oX'],
  ['a key in base64', 'JQQJ99ALAAAAAAAAAAAAINFRAZML/Yx+0aVuH2xJ3kPz9mWbYc7RtNf0sGe4oX=='],
  ['a client secret of Entra', 'dLq8Q~aVuH2xJ.3kPz9mWbYc7R-tNf0sGe_4oXi'],
  ['a token', 'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln'],
  ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIC'],
  ['an address with a password', 'https://user:password@host.example/path'],
  ['an address with a user', 'https://user@host.example/path'],
])('%s is not shown', (_, value) => {
  expect(shownValue(value)).toBe(`(a value of ${value.length} characters, not shown: it may be a secret)`);
});

test.each([
  ['the secret', 'prod-one', true],
  ['with the secret in it', 'x-prod-one-y', true],
  ['a part of the secret', 'prod', true],
  ['a short part of the secret', 'one', false],
  ['something else', 'production', false],
])('%s, beside a secret: hidden %s', (_, value, isHidden) => {
  expect(shownValue(value, ['prod-one', '']).startsWith('(')).toBe(isHidden);
});
