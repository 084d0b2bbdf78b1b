import { describe, expect, test } from 'vitest';
import { runMistaken } from '../../support/run-mistaken-file.ts';
import { serve } from '../../support/run-smoke-test-file.ts';
import { openScenario } from '../../support/scenario.ts';

const scenario = await openScenario();
/** An expression of GitHub's. */
const EXPRESSION = '$'.concat('{{ secrets.GATEWAY_KEY }}');
const KEY = 'gw-5f0c2d7e9b1a4c68';
const FILE = `version: 1
cases:
  - name: rows
    request: { json: { data: [[1, 2]] }, headers: { x-api-key: { env: GATEWAY_KEY }, X-Trace: on } }
`;
const secrets = [{ name: 'the key of the gateway', value: KEY }];
const inputs = { 'smoke-test': 'smoke.yml', 'report-directory': 'reports', 'show-response': 'true' };

test('a header takes its value from the environment, and nothing shows it', async () => {
  serve(scenario, 'blue', ({ headers }) => ({
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify([headers['x-api-key']]),
  }));
  const { outputs, sent, log } = await scenario.step({
    inputs: {
      ...inputs,
      'response-check': 'echo "the script has: [$GATEWAY_KEY]" > seen; [[ -z "$GATEWAY_KEY" ]]',
    },
    env: { GATEWAY_KEY: `${KEY}\n` },
    files: { 'smoke.yml': FILE },
    secrets,
  });

  expect(outputs.verdict).toBe('passed');
  expect(sent('scoring')[0]?.headers).toMatchObject({ 'x-api-key': KEY, 'x-trace': 'on' });
  expect(log).toContain('["***"]');
});

test('a model that refuses it and repeats it is told without it', async () => {
  serve(scenario, 'blue', ({ headers }) => ({ status: 424, body: `bad key ${headers['x-api-key']}` }));
  const { outputs, error } = await scenario.step({
    inputs,
    env: { GATEWAY_KEY: KEY },
    files: { 'smoke.yml': FILE },
    secrets,
  });

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain('bad key ***');
});

test.each([
  [
    'json',
    '{ json: { data: [[1, 2]], api: { key: { env: GATEWAY_KEY } } } }',
    `{"data":[[1,2]],"api":{"key":"${KEY}"}}`,
  ],
  ['text', '{ text: { env: GATEWAY_KEY } }', KEY],
  ['multipart', '{ multipart: { key: { env: GATEWAY_KEY } } }', `name="key"\r\n\r\n${KEY}\r\n`],
])('a secret in %s is sent, and nothing shows it', async (_, request, sentBody) => {
  serve(scenario, 'blue', ({ body }) => ({ status: 424, body: `refused: ${body}` }));
  const { outputs, sent, error } = await scenario.step({
    inputs,
    env: { GATEWAY_KEY: KEY },
    files: { 'smoke.yml': `version: 1\ncases: [{ name: a, request: ${request} }]\n` },
    secrets,
  });

  expect(outputs.verdict).toBe('failed');
  expect(sent('scoring')[0]?.body).toContain(sentBody);
  expect(error).toContain('refused: ');
});

describe('a mistake at its place, with nothing sent and no value shown', () => {
  const told = async (header: string, env: Readonly<Record<string, string>> = {}) =>
    (
      await runMistaken(
        scenario,
        { 'smoke.yml': FILE.replace('{ env: GATEWAY_KEY }', header) },
        { 'smoke-test': 'smoke.yml' },
        env,
      )
    ).told;

  test.each([
    [
      '{ env: GATEWAY_KEY }',
      {},
      "4:71: env 'GATEWAY_KEY': This environment variable is not set, or it is empty.",
    ],
    ['{ env: GATEWAY_KEY }', { GATEWAY_KEY: ' ' }, 'This environment variable is not set, or it is empty.'],
    ['{ env: GATEWAY_KEY }', { GATEWAY_KEY: 'short' }, 'Its value has fewer than 8 characters'],
    ['{ env: GATEWAY_KEY }', { GATEWAY_KEY: `${KEY}\n${KEY}` }, 'Its value has line breaks'],
    ['{ env: ACTIONS_ID_TOKEN_REQUEST_TOKEN }', {}, 'This variable is for the step or its sign-in'],
    ['{ env: AZURE_CLIENT_SECRET }', { AZURE_CLIENT_SECRET: KEY }, 'This variable is for the step'],
    ['{ env: $GATEWAY_KEY }', {}, 'Write the name of an environment variable, without $.'],
    ['{ evn: GATEWAY_KEY }', {}, "Unknown key 'evn'. Known here: env."],
    [`"${EXPRESSION}"`, {}, `Nothing replaces ${EXPRESSION} in this file`],
  ])('%s with %j', async (header, env, words) => {
    const lines = (await told(header, env)).join('\n');

    expect(lines).toContain(words);
    expect(lines).not.toContain(KEY);
  });
});
