import { beforeEach, describe, expect, test, vi } from 'vitest';

let secrets: typeof import('../../../src/secrets/secret.ts');
let announced: string[];

beforeEach(async () => {
  // Each test starts as a step does: with no secret known.
  vi.resetModules();
  secrets = await import('../../../src/secrets/secret.ts');
  announced = [];
  secrets.announceMasksTo((masks) => announced.push(...masks));
});

describe('a public value', () => {
  test.each([[[undefined]], [['']], [[]], [[undefined, '', undefined]]])(
    'that is none forbids no secret: %j',
    (values) => {
      secrets.keepVisible(...values);
      expect(secrets.guard('westeurope', 'The key').reveal()).toBe('westeurope');
      expect(announced[0]).toBe('westeurope');
    },
  );

  test.each(['westeurope', ' westeurope', 'westeurope\n', '\t westeurope \r\n'])(
    'forbids a secret that is a part of it, white space around it or not: %j',
    (value) => {
      secrets.keepVisible('https://churn.westeurope.inference.ml.azure.com/score');
      expect(() => secrets.guard(value, 'The secondary key')).toThrow(
        'The secondary key is also a part of a value that later steps need to see, such as ',
      );
      expect(announced).toEqual([]);
      expect(secrets.redact('in westeurope')).toBe('in westeurope');
    },
  );

  test('forbids a secret though it is not the first of them', () => {
    secrets.keepVisible('key', 'churn-endpoint');
    secrets.keepVisible('westeurope');
    expect(() => secrets.guard('westeurope', 'The key')).toThrow(secrets.UnmaskableError);
    expect(() => secrets.guard('churn-end', 'The key')).toThrow(secrets.UnmaskableError);
  });

  test('may be a part of a secret', () => {
    secrets.keepVisible('westeurope');
    secrets.guard('westeurope-0123', 'The key');
    expect(announced[0]).toBe('westeurope-0123');
    expect(secrets.redact('westeurope westeurope-0123')).toBe('westeurope ***');
  });

  test('keeps its parts in sight though a line of the secret is one, with white space around it', () => {
    secrets.keepVisible('https://churn.westeurope.inference.ml.azure.com/score');
    secrets.guard('q8K3hYt0Zr7WvN2d\n  westeurope  ', 'The key');
    expect(announced).toContain('q8K3hYt0Zr7WvN2d');
    expect(announced.filter((mask) => mask.trim() === 'westeurope')).toEqual([]);
  });
});

test.each([
  ['1234567', false],
  ['12345678', true],
  [' 1234567 ', false],
  ['\n12345678\t', true],
  ['1234 678', true],
])('the length of a secret is that without the white space around it: %j', (value, taken) => {
  const guard = () => secrets.guard(value, 'The key').reveal();
  if (taken) expect(guard()).toBe(value);
  else
    expect(guard).toThrow(
      'The key has fewer than 8 characters: masking it would hide unrelated text, so it is not used.',
    );
});

test('the last who asked to hear of secrets is told of them', () => {
  const later: string[] = [];
  secrets.announceMasksTo((masks) => later.push(...masks));
  secrets.guard('q8K3hYt0Zr7WvN2d', 'The key');
  expect([announced, later[0]]).toEqual([[], 'q8K3hYt0Zr7WvN2d']);
});
