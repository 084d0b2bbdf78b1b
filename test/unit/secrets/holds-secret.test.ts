import { beforeAll, expect, test } from 'vitest';
import { announceMasksTo, guard } from '../../../src/secrets/secret.ts';
import { holdsSecret } from '../../../src/secrets/untrusted.ts';

beforeAll(() => {
  announceMasksTo(() => undefined);
  guard('the-primary-key-0123456789', 'The primary key');
});

test.each([
  ['the-primary-key-0123456789', true],
  ['https://x.example/the-primary-key-0123/score', true],
  ['the-\u200bprimary-\u00adkey-\u001b[1m0123456789', true],
  [Buffer.from('the-primary-key-0123456789').toString('base64'), true],
  ['the-primary', false],
  ['https://x.example/score\u200b', false],
  ['', false],
])('that %j holds a secret is %j', (text, holds) => {
  expect(holdsSecret(text)).toBe(holds);
});
