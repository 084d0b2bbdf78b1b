import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createMasker } from '../../runner/masks.ts';
import { KEY } from '../../support/azure.ts';

const SCORING_URI = 'https://churn.westeurope.inference.ml.azure.com/score';
const ENDPOINT_ID =
  '/subscriptions/ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn';

let secrets: typeof import('../../../src/secrets/secret.ts');
let announced: string[];

beforeEach(async () => {
  // Each test starts as a step does: with no secret known, and nobody to hide one.
  vi.resetModules();
  secrets = await import('../../../src/secrets/secret.ts');
  announced = [];
});

function listen(): void {
  secrets.announceMasksTo((masks) => announced.push(...masks));
}

/** As the log shows it with the masks so far. */
function shown(text: string): string {
  const masker = createMasker();
  for (const mask of announced) masker.add(mask);
  return masker.mask(text);
}

describe('a Secret', () => {
  test.each([
    ['in a template', (secret: object) => `${secret}`, '***'],
    ['joined to a string', (secret: object) => `key ${[secret].join()}`, 'key ***'],
    ['in JSON', (secret: object) => JSON.stringify({ secret }), '{"secret":"***"}'],
    ['inspected', (secret: object) => inspect(secret), '***'],
    [
      'inspected in depth',
      (secret: object) => inspect({ a: [secret] }, { showHidden: true }),
      '{ a: [ ***, [length]: 1 ] }',
    ],
    ['on the console', (secret: object) => format('%s %o %j', secret, secret, secret), '*** *** "***"'],
  ])('prints as *** %s', (_where, print, expected) => {
    listen();
    expect(print(secrets.guard(KEY, 'The primary key'))).toBe(expected);
  });

  test('has no property that holds the value', () => {
    listen();
    const secret = secrets.guard(KEY, 'The primary key');
    expect(Object.values({ ...secret })).toEqual([]);
    expect(JSON.stringify(Object.getOwnPropertyDescriptors(secret))).not.toContain(KEY);
  });

  test('reveals the value as it was, white space included', () => {
    listen();
    expect(secrets.guard(` ${KEY}\n`, 'The key').reveal()).toBe(` ${KEY}\n`);
  });

  test('is made by guard alone', () => {
    // @ts-expect-error the compiler refuses this line, and `check` fails when it no longer does
    const make = (): object => new secrets.Secret(KEY);
    expect(make).toThrow('A Secret is made by guard alone.');
  });
});

describe('guard', () => {
  test('refuses to work before a listener hides values, and makes no secret', () => {
    expect(() => secrets.guard(KEY, 'The key')).toThrow('guard was called before announceMasksTo');
    expect(secrets.redact(KEY)).toBe(KEY);
  });

  test('has the value hidden before it returns', () => {
    listen();
    secrets.guard(KEY, 'The primary key');
    expect(announced[0]).toBe(KEY);
    expect(shown(`Authorization: Bearer ${KEY}`)).toBe('Authorization: Bearer ***');
  });

  test('makes no Secret when hiding fails', () => {
    secrets.announceMasksTo(() => {
      throw new Error('stdout is gone');
    });
    expect(() => secrets.guard(KEY, 'The key')).toThrow('stdout is gone');
  });

  test.each(['abcdefg', 'a', '', '   abc   ', '\n\n\n\n\n\n\n\n\n'])(
    'refuses %j, which is too short, and names no part of it',
    (value) => {
      listen();
      expect(() => secrets.guard(value, 'The client secret')).toThrow(
        expect.objectContaining({
          name: 'UnmaskableError',
          message:
            'The client secret has fewer than 8 characters: masking it would hide unrelated text, so it is not used.',
        }),
      );
      expect(announced).toEqual([]);
    },
  );

  test.each([
    ['16 KiB', 'bytes', 'a1b2c3d4'.repeat(2 ** 17)],
    ['16 KiB', 'bytes of UTF-8', '\u00e4'.repeat(8_193)],
    ['256 lines', 'lines', 'a1b2c3d4\n'.repeat(256)],
    ['256 lines', 'lines of Windows', 'a1b2c3d4\r\n'.repeat(256)],
  ])('refuses more than %s of %s, and names no part of it', (size, _what, value) => {
    listen();
    expect(() => secrets.guard(value, 'The primary key')).toThrow(
      expect.objectContaining({
        name: 'UnmaskableError',
        message: `The primary key has more than ${size}, which no key, token or secret of Azure has: hiding it in every encoding would take too long, so it is not used. Check where it comes from.`,
      }),
    );
    expect(announced).toEqual([]);
  });

  test.each([
    ['16 KiB', 'a1b2c3d4'.repeat(2_048)],
    ['16 KiB of UTF-8', '\u00e4'.repeat(8_192)],
    ['256 lines', 'a1b2c3d4e5f6g7h8\r\n'.repeat(255)],
  ])('takes %s', (_what, value) => {
    listen();
    expect(secrets.guard(value, 'The key').reveal()).toBe(value);
    expect(secrets.redact(value.slice(0, 16))).toBe('***');
  });

  test('refuses a part of a value that must stay visible, and names no part of it', () => {
    listen();
    secrets.keepVisible(SCORING_URI, undefined, '');
    expect(() => secrets.guard('westeurope', 'The secondary key')).toThrow(
      expect.objectContaining({
        name: 'UnmaskableError',
        message:
          "The secondary key is also a part of a value that later steps need to see, such as the scoring URI, the region, a deployment's name or the client id. Masking it would hide that too, so it is not used. Regenerate it, or check that the input it comes from holds the secret and no name.",
      }),
    );
    expect(announced).toEqual([]);
  });

  test.each([
    ['lines that are all short', 'a1b2c3d\ne4f5g6h\ni7j8k9l\nm0n1o2p'],
    ['lines that are mostly short', 'a1b2c3d\ne4f5g6h\ni7j8k9l0'],
    ['words', 'passphrase\r\nelephantine'],
    ['short lines around a public one', 'a1b2c3d\nwesteurope\ne4f5g6h'],
    ['nothing but public lines', 'inference.ml\nwesteurope'],
  ])('refuses %s, which no mask hides, and names no part of them', (_what, value) => {
    listen();
    secrets.keepVisible(SCORING_URI);
    expect(() => secrets.guard(value, 'The primary key')).toThrow(
      expect.objectContaining({
        name: 'UnmaskableError',
        message:
          'The primary key has several lines, most of them shorter than 8 characters or plain words: masking those would hide unrelated text, so it is not used. Use one of a single line.',
      }),
    );
    expect(announced).toEqual([]);
    expect(secrets.redact(value)).toBe(value);
  });

  test.each([
    ['lines of lower-case letters', 'qwhzkdjfmvbnxpta\nlcrueyiosgdkqmzw', '***\n***'],
    ['lines of which half is short', 'a1b2c3d\ne4f5g6h\n  i7j8k9l0m1n2o3 ', 'a1b2c3d\ne4f5g6h\n***'],
    [
      'a key between its marks',
      `-----BEGIN A-----\n${KEY}\n-----END A-----`,
      '-----BEGIN A-----\n***\n-----END A-----',
    ],
  ])('takes %s', (_what, value, expected) => {
    listen();
    expect(secrets.guard(value, 'The key').reveal()).toBe(value);
    expect(value.split('\n').map(shown).join('\n')).toBe(expected);
  });

  test('hides no public value, though a line of the secret is one', () => {
    listen();
    const visible = [
      SCORING_URI,
      ENDPOINT_ID,
      'westeurope',
      '{"blue":90,"green-deployment":10}',
      'aml_token',
    ];
    secrets.keepVisible(...visible);
    secrets.guard(
      `${KEY}\nwesteurope\naml_token\ngreen-deployment\nonlineEndpoints\ninference.ml.azure.com`,
      'The key',
    );
    expect(visible.map(shown)).toEqual(visible);
    expect(shown(KEY)).toBe('***');
  });

  test('leaves the outputs of a step alone when the secret is a usual key', () => {
    listen();
    secrets.guard(KEY, 'The key');
    for (const output of [
      SCORING_URI,
      ENDPOINT_ID,
      'westeurope',
      '{"blue":100}',
      'key',
      'aml_token',
      'passed',
    ]) {
      expect(shown(output)).toBe(output);
    }
  });
});

describe('redact', () => {
  test('changes nothing while no secret is known', () => {
    expect(secrets.redact('anything at all')).toBe('anything at all');
  });

  test('hides every secret that was guarded', () => {
    listen();
    secrets.guard(KEY, 'The primary key');
    secrets.guard('another-secret-0123', 'The secondary key');
    expect(secrets.redact(`${KEY} or another-secret-0123`)).toBe('*** or ***');
  });

  test('hides what a mask cannot hide: pieces, other case and another order', () => {
    listen();
    secrets.guard(KEY, 'The key');
    expect(secrets.redact(`a ${KEY.slice(4, 20)} b`)).toBe('a *** b');
    expect(secrets.redact(`a ${KEY.toUpperCase()} b`)).toBe('a *** b');
    expect(secrets.redact(`a ${KEY.toLowerCase()} b`)).toBe('a *** b');
    expect(secrets.redact('a aRgJu1CfMs5EpLbXd2NvW7rZ0tYh3K8q b')).toBe('a *** b');
  });

  test('hides a secret in another normal form of Unicode', () => {
    listen();
    secrets.guard('caf\u00e9-secret', 'The key');
    expect(secrets.redact('<cafe\u0301-secret>')).toBe('<***>');
  });

  test('hides a token that was cut off', () => {
    listen();
    secrets.guard('eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2ln-_bmF0dXJl', 'The token');
    expect(secrets.redact('Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2ln-_bmF0...')).toBe(
      'Bearer ***...',
    );
  });

  test('leaves text that holds no secret as it is', () => {
    listen();
    secrets.guard(KEY, 'The key');
    fc.assert(
      fc.property(fc.stringMatching(/^[ .,;:A-F\n-]*$/), (text) => {
        expect(secrets.redact(text)).toBe(text);
      }),
    );
  });
});

describe('limits', () => {
  beforeEach(listen);

  describe('a public value', () => {
    test.each([[[undefined]], [['']], [[]], [[undefined, '', undefined]]])(
      'that is empty forbids no secret: %j',
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

  test('only the last listener is told of masks', () => {
    const later: string[] = [];
    secrets.announceMasksTo((masks) => later.push(...masks));
    secrets.guard('q8K3hYt0Zr7WvN2d', 'The key');
    expect([announced, later[0]]).toEqual([[], 'q8K3hYt0Zr7WvN2d']);
  });
});
