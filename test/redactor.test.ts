import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formsOf } from '../src/masks.ts';
import { createRedactor } from '../src/redactor.ts';
import { runs } from './fuzz.ts';

const KEY = 'q8K3hYt0Zr7WvN2dXbLpE5sMfC1uJgRa';

function redact(text: string, ...secrets: string[]): string {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(formsOf(secret));
  return redactor.redact(text);
}

describe('a redactor', () => {
  test.each([
    ['the whole', KEY, '***'],
    ['twelve characters at the start', KEY.slice(0, 12), '***'],
    ['twelve characters at the end', KEY.slice(20), '***'],
    ['twelve characters anywhere', `${KEY.slice(11, 23)}`, '***'],
    ['a secret broken by a line end', `${KEY.slice(0, 9)}\n${KEY.slice(9)}`, '***'],
    ['a secret broken by an escaped line feed', `${KEY.slice(0, 9)}\\n${KEY.slice(9)}`, '***'],
    ['a secret broken by an escaped carriage return', `${KEY.slice(0, 9)}\\r${KEY.slice(9)}`, '***'],
    ['a secret broken by an escaped tab', `${KEY.slice(0, 9)}\\t${KEY.slice(9)}`, '***'],
    ['a secret broken by %0A', `${KEY.slice(0, 9)}%0A${KEY.slice(9)}`, '***'],
    ['a secret broken by %0D', `${KEY.slice(0, 9)}%0D${KEY.slice(9)}`, '***'],
    ['a secret broken by %09', `${KEY.slice(0, 9)}%09${KEY.slice(9)}`, '***'],
    ['a secret broken by %0d%0a', `${KEY.slice(0, 9)}%0d%0a${KEY.slice(9)}`, '***'],
    [
      'a piece broken by an escaped line end of Windows',
      `${KEY.slice(3, 9)}\\r\\n  ${KEY.slice(9, 15)}`,
      '***',
    ],
    ['a secret with a space after each character', [...KEY].join(' '), '***'],
    ['two in a row', KEY + KEY, '***'],
    ['its base64', 'cThLM2hZdDBacjdXdk4yZFhiTHBFNXNNZkMxdUpnUmE=', '***E='],
    ['a piece of its base64', 'M2hZdDBacjdXdk4y', '***'],
    ['a piece of its hex', '685974305a72375776', '***'],
  ])('hides %s', (_what, text, expected) => {
    expect(redact(`before ${text} after`, KEY)).toBe(`before ${expected} after`);
  });

  test('keeps a piece that is too short to tell', () => {
    expect(redact(`before ${KEY.slice(0, 11)} after`, KEY)).toBe('before q8K3hYt0Zr7 after');
  });

  test.each(['\\n', '\\r', '\\t', '%0A', '%0D', '%09'])('keeps a %s beside a secret', (lineEnd) => {
    expect(redact(`a${lineEnd}${KEY}${lineEnd}b`, KEY)).toBe(`a${lineEnd}***${lineEnd}b`);
  });

  test.each(['\\x', '\\\\', '%0B', '%20'])('takes no %s for a line end', (other) => {
    const text = `${KEY.slice(0, 9)}${other}${KEY.slice(9, 18)}`;
    expect(redact(text, KEY)).toBe(text);
  });

  test('hides a secret of 8 characters only when it is whole', () => {
    expect(redact('s3cr3t-! s3cr3t-', 's3cr3t-!')).toBe('*** s3cr3t-');
  });

  test('keeps the text between two secrets', () => {
    expect(redact(`${KEY}, not ${KEY}`, KEY)).toBe('***, not ***');
  });

  test('hides every line of a secret by itself', () => {
    const secret = 'first-line-1234\nsecond-line-5678\n';
    expect(redact('x second-line-5678 y first-line-1234 z', secret)).toBe('x *** y *** z');
  });

  test('hides a secret of one repeated character', () => {
    expect(redact(`[${'x'.repeat(1_000)}]`, 'x'.repeat(500))).toBe('[***]');
  });

  test('hides the same text twice, the second time with nothing left to do', () => {
    const once = redact(`a ${KEY} b`, KEY);
    expect(redact(once, KEY)).toBe('a *** b');
  });

  const character = fc.constantFrom(...'abcXYZ019!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~é漢😀');
  const secrets = fc.string({ unit: character, minLength: 12, maxLength: 50 });
  const space = fc.constantFrom('', '', ' ', '\n', '\t', '\n  ');

  test('never leaves twelve characters of a secret in a row', () => {
    fc.assert(
      fc.property(
        secrets,
        fc.nat(),
        fc.nat(),
        fc.string(),
        fc.string(),
        (secret, from, size, before, after) => {
          const start = from % (secret.length - 11);
          const piece = secret.slice(start, start + 12 + (size % secret.length));
          const text = redact(before + piece + after, secret);
          for (let at = 0; at + 12 <= secret.length; at++) {
            expect(text).not.toContain(secret.slice(at, at + 12));
          }
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test('never leaves a secret that white space breaks up', () => {
    fc.assert(
      fc.property(secrets, fc.array(space, { minLength: 1, maxLength: 8 }), (secret, spaces) => {
        const broken = secret.split('').map((unit, at) => unit + spaces[at % spaces.length]);
        expect(redact(`<< ${broken.join('')} >>`, secret).replace(/\s/g, '')).toMatch(/^<?<?\*\*\*>?>?$/);
      }),
      { numRuns: runs(2_000) },
    );
  });

  test('never leaves a secret that escaped line ends break up', () => {
    const unit = fc.constantFrom(...'abcnrtXYZ0189AD');
    const escapes = fc.constantFrom('', '\\n', '\\r\\n', '\\t', '%0A', '%0d%0a', '%09', '\n');
    fc.assert(
      fc.property(
        fc.string({ unit, minLength: 12, maxLength: 50 }),
        fc.array(escapes, { minLength: 1, maxLength: 8 }),
        (secret, between) => {
          const broken = [...secret].map((each, at) => (at === 0 ? '' : between[at % between.length]) + each);
          expect(redact(`<< ${broken.join('')} >>`, secret)).toBe('<< *** >>');
        },
      ),
      { numRuns: runs(2_000) },
    );
  });

  test('keeps what stands around a secret of other characters', () => {
    const around = fc.stringMatching(/^[A-F ]*$/);
    fc.assert(
      fc.property(around, around, (before, after) => {
        expect(redact(`${before}|${KEY}|${after}`, KEY)).toBe(`${before}|***|${after}`);
      }),
    );
  });
});
