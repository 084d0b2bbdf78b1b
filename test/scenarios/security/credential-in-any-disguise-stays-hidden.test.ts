import { describe, expect, test } from 'vitest';
import type { ScoringRequest } from '../../local-azure/index.ts';
import { createMasker } from '../../runner/masks.ts';
import { KEY } from '../../support/azure.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const ODD = `a"b'c\\d%e&f+g/h=i!j(k)l*m~n o<p>q`;
const KEYS: readonly (readonly [string, string])[] = [
  ['32 letters and digits', KEY],
  ['odd characters', ODD],
  ['quotes at both ends', `"${ODD}"`],
  ['percent signs that look like line ends', 'kA7%0Ay2Qw%0D%25pL9xVb3NcR8sTf5Zj'],
  ['base64', 'Zm9v/YmFy+YmF6/cXV4K3F1dXg+Y29yZ2U='],
  ['words that commands are made of', '::error::q8K3hYt0Zr7W##[error]vN2d'],
];

const encoders: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(`Bearer ${text}`).toString('base64'),
  (text) => Buffer.from(`x:${text}`).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => Buffer.from(text).toString('hex').toUpperCase(),
  encodeURIComponent,
  (text) => new URLSearchParams({ '': text }).toString(),
  (text) => JSON.stringify(text),
  (text) => JSON.stringify(JSON.stringify(text)),
  (text) => text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`),
  (text) => [...text].reverse().join(''),
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
];

/** Pieces that a reader could put together again. */
const breakers: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `${text.slice(0, Math.ceil(text.length / 2))} and ${text.slice(Math.ceil(text.length / 2))}`,
  (text) => text.replace(/(.{5})/gu, '$1\n'),
  (text) => text.replace(/(.{5})/gu, '$1\r\n  '),
];

/** Broken up by what nobody sees. */
const invisible: typeof breakers = [
  (text) => text.replace(/(.{3})/gu, '$1\u001b[1m'),
  (text) => text.replace(/(.{4})/gu, '$1\u200b'),
  (text) => [...text].join('\u00ad'),
  (text) => text.replace(/(.{4})/gu, '$1\u2800'),
  (text) => [...text].join('\ufdd0'),
];

/** The numbers of its bytes, as programs print them. */
function numbers(credential: string): string {
  const bytes = [...Buffer.from(credential)];
  return [
    credential,
    bytes.join(','),
    `[${bytes.join(', ')}]`,
    `[${bytes.join(' ')}]`,
    `[${bytes.join('. ')}.]`,
    bytes.join(';'),
    JSON.stringify(Buffer.from(credential)),
    JSON.stringify(new Uint8Array(bytes)),
    JSON.stringify(JSON.stringify({ bytes }, undefined, 4)),
  ].join('\n');
}

/** The credential in every encoding, each of them whole and in pieces. */
function disguises(credential: string, pieces = breakers): string {
  return encoders.flatMap((encode) => pieces.map((breakUp) => `[${breakUp(encode(credential))}]`)).join('\n');
}

/** A text as programs break it. */
function rowsOf(text: string, columns: number): readonly string[] {
  return text.match(new RegExp(`.{1,${columns}}`, 'g')) ?? [];
}

interface Echo {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function echoOf(credential: string, status: number, contentType: string, say = disguises): Echo {
  const text = say(credential);
  // A header has no room for many long tokens.
  const values = encoders.slice(0, credential.length > 200 ? 2 : encoders.length).map((encode) =>
    Buffer.from(encode(credential))
      .toString('latin1')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: no header holds one
      .replace(/[\u0000-\u001f\u007f]/g, ' '),
  );
  const [plain = ''] = values;
  return {
    status,
    headers: {
      ...Object.fromEntries(values.map((value, index) => [`x-echo-${index}`, value])),
      'Content-Type': contentType,
      'azureml-model-deployment': plain,
      'x-request-id': plain,
    },
    body: contentType === 'text/plain' ? text : JSON.stringify({ message: text, [text]: [text] }),
  };
}

/** For a credential that is not known before the step. */
function echoing(status: number, say = disguises): (request: ScoringRequest) => Echo {
  return ({ headers }) =>
    echoOf(String(headers.authorization).slice('Bearer '.length), status, 'application/json', say);
}

const INPUTS = {
  'sample-request': SAMPLE,
  'report-directory': 'reports',
  'show-response': 'true',
  'response-check': 'cat; cat >&2; exit 1',
} as const;

/** Everything that can say something says the key. Whether anything of it shows is checked after each step. */
async function expectHidden(key: string, say = disguises): Promise<void> {
  const churn = azure.endpoints.get('churn-key')!;
  churn.keys = { primary: key, secondary: null };
  const logs = say(key).split('\n');
  churn.deployments.get('blue')!.logs = { InferenceServer: logs, StorageInitializer: logs };
  for (const [status, contentType] of [
    [200, 'application/json'],
    [200, 'text/plain'],
    [424, 'application/json'],
  ] as const) {
    azure.setFault('scoring', { kind: 'status', ...echoOf(key, status, contentType, say) });
    const { error, log, outputs, summary } = await step({
      inputs: { ...INPUTS, 'logs-on-failure': '2000' },
      secrets: [{ name: 'credential', value: key }],
      env: { RUNNER_DEBUG: '1' },
    });

    expect(outputs.verdict).toBe('failed');
    for (const text of [error, log]) expect(text).toContain('***');
    expect(summary).toContain('&#42;&#42;&#42;');
  }
}

describe('a key of', () => {
  test.each(KEYS)('%s', (_, key) => expectHidden(key));

  test('letters that no header can hold, which is an error', async () => {
    const primary = 'schl\u00fcssel-\u043a\u043b\u044e\u0447-\u9375-q8K3hYt0Zr7WvN2d';
    azure.endpoints.get('churn-key')!.keys = { primary, secondary: null };
    const { outputs, sent } = await step({ inputs: INPUTS });

    expect(outputs.verdict).toBe('error');
    expect(sent('scoring')).toEqual([]);
  });

  test('32 letters and digits, with characters between them that nobody sees', async () => {
    await expectHidden(KEY, (key) => disguises(key, invisible));
  });

  test('32 letters and digits, as the numbers of its bytes', async () => {
    await expectHidden(KEY, numbers);
  });

  test.each(['\n', '\r\n', '\r'])('several lines, ended by %j', async (end) => {
    const primary = `first-line-q8K3hYt0Zr7W${end}second-line-vN2dXbLpE5sM${end}`;
    azure.endpoints.get('churn-key')!.keys = { primary, secondary: null };
    for (const { outputs, error, sent } of [await step({ inputs: INPUTS }), await step()]) {
      expect(outputs.verdict).toBe('error');
      expect(outputs.credential ?? '').toBe('');
      expect(error).toContain('holds characters that no HTTP header can carry');
      expect(sent('scoring')).toEqual([]);
    }
  });
});

describe('a token', () => {
  test.each(['churn-token', 'churn-aad'])('of %s', async (endpoint) => {
    const churn = azure.endpoints.get(endpoint)!;
    for (const [status, say] of [
      [200, disguises],
      [500, disguises],
      [200, numbers],
    ] as const) {
      churn.deployments.get('blue')!.model = echoing(status, say);
      const { error, log, outputs, summary } = await step({
        inputs: { ...INPUTS, endpoint },
        env: { RUNNER_DEBUG: '1' },
      });

      expect(outputs.verdict).toBe('failed');
      // A message shows the end of a long output: of the numbers that may be behind the stars.
      if (say === numbers) continue;
      for (const text of [error, log]) expect(text).toContain('***');
      // Markdown would read stars as markup.
      expect(summary).toContain('&#42;&#42;&#42;');
    }
  });
});

test.each([
  ['churn-key', 'base64', (text: string) => rowsOf(Buffer.from(text).toString('base64'), 76)],
  ['churn-token', 'base64', (text: string) => rowsOf(Buffer.from(text).toString('base64'), 76)],
  ['churn-token', 'openssl base64', (text: string) => rowsOf(Buffer.from(text).toString('base64'), 64)],
  ['churn-key', 'xxd -p', (text: string) => rowsOf(Buffer.from(text).toString('hex'), 60)],
  ['churn-token', 'xxd -p', (text: string) => rowsOf(Buffer.from(text).toString('hex'), 60)],
])(
  'the credential of %s is masked in what a later step prints with %s',
  async (endpoint, _program, print) => {
    azure.endpoints.get('churn-key')!.keys = { primary: KEY.repeat(4), secondary: null };
    const { masks, outputs } = await step({ inputs: { endpoint } });
    const masker = createMasker();
    for (const mask of masks) masker.add(mask);
    const rows = print(`${outputs.credential}\n`);

    expect(rows.length).toBeGreaterThan(2);
    // The last row may have too few characters for a mask.
    expect(rows.slice(0, -1).map(masker.mask)).toEqual(rows.slice(0, -1).map(() => '***'));
    expect(masker.mask(rows.at(-1) ?? '')).toMatch(/^(?:\*\*\*)?.{0,11}$/);
  },
);

test('a secret in the errors of services stays hidden', async () => {
  const primary = KEY;
  azure.endpoints.get('churn-key')!.keys = { primary, secondary: null };
  const secret = azure.clientSecret;
  const message = disguises(secret);
  for (const call of ['sign-in', 'endpoint', 'keys'] as const) {
    const body =
      call === 'sign-in'
        ? { error: message, error_description: `AADSTS7000215: ${message}` }
        : { error: { code: message, message } };
    azure.setFault(call, { kind: 'body', status: 400, body: JSON.stringify(body) });
    const { error, outputs } = await step({ inputs: { login: 'client-secret', 'client-secret': secret } });
    azure.setFault(call, undefined);

    if (call !== 'sign-in') expect(error).toContain('***');
    expect(outputs.verdict).toBe('error');
  }
});
