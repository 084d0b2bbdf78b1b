import { describe, expect, test } from 'vitest';
import type { Model } from '../../local-azure/index.ts';
import { runMistaken } from '../../support/run-mistaken-file.ts';
import { serve } from '../../support/run-smoke-test-file.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const scenario = await openScenario();
const { step } = scenario;

function answering(type: string, body: string | Buffer): Model {
  return () => ({ status: 200, headers: { 'Content-Type': type }, body });
}

describe('a golden file that holds no JSON', () => {
  const CSV = 'id,label\n1,yes\n2,no\n';

  test.each([
    ['the same text', CSV],
    ['other ends of its lines', CSV.replaceAll('\n', '\r\n')],
    ['no end of its last line', CSV.trimEnd()],
  ])('is met by %s', async (_what, body) => {
    serve(scenario, 'blue', answering('text/csv', body));
    const { outputs } = await step({
      inputs: { 'sample-request': SAMPLE, 'expected-response': 'expected.csv' },
      files: { 'expected.csv': CSV },
    });

    expect(outputs.verdict).toBe('passed');
  });

  test.each([
    ['another line', 'id,label\n1,yes\n2,yes\n', 'equals line 3: expected "2,no", received "2,yes"'],
    [
      'a line less',
      'id,label\n1,yes\n',
      'equals line 3: expected "2,no", received no line, the last one is 2',
    ],
    ['nothing', '', 'equals line 1: expected "id,label", received ""'],
  ])('is not met by %s', async (_what, body, words) => {
    serve(scenario, 'blue', answering('text/csv', body));
    const { error, outputs } = await step({
      inputs: { 'sample-request': SAMPLE, 'expected-response': 'expected.csv' },
      files: { 'expected.csv': CSV },
    });

    expect(outputs.verdict).toBe('failed');
    expect(error).toContain(words);
  });

  const IMAGE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x00, 0xff, 0x0d, 0x0a]);

  test.each([
    ['the same bytes', IMAGE, undefined],
    [
      'another byte',
      Buffer.from([...IMAGE.subarray(0, 5), 0xfe, 0x0d, 0x0a]),
      'equals byte 6: expected 0xff, of 8 bytes, received 0xfe, of 8 bytes',
    ],
    [
      'fewer bytes',
      IMAGE.subarray(0, 4),
      'equals byte 5: expected 0x00, of 8 bytes, received its end, of 4 bytes',
    ],
  ])('is held against %s', async (_what, body, words) => {
    serve(scenario, 'blue', answering('image/png', body));
    const { error, outputs } = await step({
      inputs: { 'sample-request': SAMPLE, 'expected-response': 'expected.png' },
      files: { 'expected.png': IMAGE },
    });

    expect(outputs.verdict).toBe(words === undefined ? 'passed' : 'failed');
    if (words !== undefined) expect(error).toContain(words);
  });

  test.each([
    [
      { 'expected-response': 'expected.csv', tolerance: '0.1' },
      "tolerance '0.1': The expected response is not JSON, so no numbers are compared.",
    ],
    [{ 'expected-response': 'latin.txt' }, "expected-response 'latin.txt': "],
    [{ 'expected-response': 'empty.txt' }, 'The file is empty, so there is nothing to compare.'],
    [{ 'expected-response': 'cut.json' }, "expected-response 'cut.json': The file is not JSON ("],
  ])('%j is a mistake', async (inputs, words) => {
    const { error, sent } = await step({
      inputs: { 'sample-request': SAMPLE, ...inputs },
      files: {
        'expected.csv': CSV,
        'latin.txt': Buffer.from('caf\xe9', 'latin1'),
        'empty.txt': '\n',
        'cut.json': '[1,',
      },
    });

    expect(error).toContain(words);
    expect(sent('scoring')).toEqual([]);
  });
});

describe('inline', () => {
  test.each([
    ['[1, 2]', undefined],
    ['[1, 3]', 'equals $[1]: expected 3, received 2'],
  ])('the expected response %s is held against the answer', async (expected, words) => {
    serve(scenario, 'blue', answering('application/json', '[1, 2]'));
    const { error, outputs } = await step({
      inputs: { 'sample-request': SAMPLE, 'expected-response': expected },
    });

    expect(outputs.verdict).toBe(words === undefined ? 'passed' : 'failed');
    if (words !== undefined) expect(error).toContain(words);
  });

  test.each([
    ['{"type": "array"}', undefined],
    ['{"type": "object"}', 'schema: expected an object'],
  ])('the schema %s is held against the answer', async (schema, words) => {
    const { error, outputs } = await step({
      inputs: { 'sample-request': SAMPLE, 'response-schema': schema },
    });

    expect(outputs.verdict).toBe(words === undefined ? 'passed' : 'failed');
    if (words !== undefined) expect(error).toContain(words);
  });

  test.each(['response-schema', 'expected-response'])('JSON that is cut in %s is a mistake', async (name) => {
    const { error, sent } = await step({ inputs: { 'sample-request': SAMPLE, [name]: '{"a": ' } });

    expect(error).toContain(`${name} '{"a":': This is not JSON (`);
    expect(sent('scoring')).toEqual([]);
  });

  const YAML = `version: 1
cases:
  - name: rows
    request: { body: sample.json }
    expect: { json: { "$[0]": { type: number } } }
`;

  test('a smoke test is written into the workflow itself, its files relative to the workspace', async () => {
    const { outputs, sent } = await step({
      inputs: { 'smoke-test': YAML, deployment: 'green' },
      files: { 'sample.json': '{"data": [[1, 2]]}' },
    });

    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
    expect(sent('scoring')[0]?.body).toBe('{"data": [[1, 2]]}');
  });

  test('its files are relative to the working directory where one is given', async () => {
    const { outputs } = await step({
      inputs: { 'smoke-test': YAML, 'working-directory': 'models' },
      files: { 'models/sample.json': '{"data": [[1, 2]]}' },
    });

    expect(outputs.verdict).toBe('passed');
  });

  test('its mistakes have their places in the input', async () => {
    const { log } = await runMistaken(
      scenario,
      {},
      { 'smoke-test': YAML.replace('request: {', 'reqest: {') },
    );

    expect(log).toMatch(/smoke-test:4:5: .*Did you mean 'request'\?/);
  });
});
