import { describe, expect, test } from 'vitest';
import { NO_EXPECTATIONS } from '../../../src/smoke-test/plan/expectations.ts';
import type { Plan } from '../../../src/smoke-test/plan/plan.ts';
import type { SmokeTestInputs } from '../../../src/smoke-test/settings.ts';
import { errorWith, mistakesWith, readWith } from '../../support/read-inputs.ts';

async function read(inputs: Record<string, string>): Promise<SmokeTestInputs | undefined> {
  return (await readWith(inputs)).smokeTest;
}

async function planWith(inputs: Record<string, string>): Promise<Plan> {
  const smokeTest = await read({ 'sample-request': '[1]', ...inputs });
  if (smokeTest === undefined) throw new Error('no smoke test');
  return smokeTest.plan;
}

const DURATION = 'Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m; 24d at most.';
const NAME =
  'A deployment name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.';

describe('the short inputs make a plan', () => {
  test('a sample request alone is one request, byte for byte, without expectations', async () => {
    expect(await read({ 'sample-request': 'request.json', deployment: 'green' })).toEqual({
      plan: {
        deployment: { kind: 'named', name: 'green' },
        warmUpMs: 120_000,
        warmUpThrough: [],
        samples: 1,
        concurrency: 1,
        timeoutMs: 30_000,
        connectTo: undefined,
        cases: [
          {
            name: 'sample request',
            request: {
              method: 'POST',
              path: undefined,
              headers: {},
              contentType: 'application/json',
              body: { kind: 'bytes', bodies: [Buffer.from('{"rows": [1]}')], origin: 'request.json' },
            },
            expect: { ...NO_EXPECTATIONS, equals: undefined, schema: undefined },
          },
        ],
        thresholds: { successRate: 1, latencyMs: {}, baseline: undefined },
        advisory: [],
        check: undefined,
      },
      replaced: [],
      connectToIsOfFile: false,
      allowInsecureHttp: false,
      logsOnFailure: 100,
      showResponse: false,
    });
  });

  test('inline JSON is sent as it is written', async () => {
    const smokeTest = await read({
      'sample-request': '{"data": [[1, 2]]}',
      timeout: '2m',
      'allow-insecure-http': 'true',
    });
    const body = smokeTest?.plan.cases[0]?.request.body;
    expect(body?.kind === 'bytes' && String(body.bodies.at(0))).toBe('{"data": [[1, 2]]}');
    expect(smokeTest).toMatchObject({
      plan: { deployment: { kind: 'traffic' }, timeoutMs: 120_000 },
      allowInsecureHttp: true,
    });
  });

  test("swagger stands for the example of the endpoint's own document", async () => {
    expect((await planWith({ 'sample-request': 'swagger' })).cases[0]?.request).toEqual({
      method: 'POST',
      path: undefined,
      headers: {},
      contentType: undefined,
      body: { kind: 'swagger' },
    });
  });

  test('every other input has its place in it', async () => {
    const smokeTest = await read({
      'sample-request': '[1]',
      deployment: 'idle',
      samples: '20',
      'warm-up': '0s',
      timeout: '5s',
      'max-latency': '800ms',
      'expected-response': 'expected.json',
      tolerance: '0.01',
      'absolute-tolerance': '0.5',
      'response-check': 'grep -q 1',
      'logs-on-failure': '0',
      'report-directory': 'reports',
      'show-response': 'true',
    });
    expect(smokeTest).toMatchObject({
      plan: {
        deployment: { kind: 'idle' },
        samples: 20,
        warmUpMs: 0,
        timeoutMs: 5_000,
        thresholds: { successRate: 1, latencyMs: { p95: 800 }, baseline: undefined },
        check: { script: 'grep -q 1', timeoutMs: 300_000, folder: undefined },
        cases: [
          {
            expect: {
              equals: {
                origin: 'expected.json',
                value: [11842.7],
                relative: 0.01,
                absolute: 0.5,
                integers: { relative: 0.01, absolute: 0.5 },
              },
            },
          },
        ],
      },
      logsOnFailure: 0,
      showResponse: true,
    });
  });

  test('the response schema is compiled', async () => {
    const { schema } = (await planWith({ 'response-schema': 'schema.json' })).cases[0]!.expect;
    expect(schema?.origin).toBe('schema.json');
    expect(schema?.validate([1])).toEqual([]);
    expect(schema?.validate(['x'])).toEqual([{ at: 'schema /0', wanted: 'a number', got: '"x"' }]);
  });

  test.each([
    ['', 1e-6],
    ['0', 0],
    ['1', 1],
    ['.5', 0.5],
    ['1e-9', 1e-9],
    ['2.5E-3', 0.0025],
  ])('the tolerance %j is read as a number', async (tolerance, relative) => {
    const plan = await planWith({ 'expected-response': 'expected.json', tolerance });
    expect(plan.cases[0]?.expect.equals?.relative).toBe(relative);
  });
});

test('without a request there is no smoke test', async () => {
  expect(await read({})).toBeUndefined();
  // The runner sends the defaults as if they were given.
  const defaults = { 'logs-on-failure': '100', 'show-response': 'false', 'allow-insecure-http': 'false' };
  expect(await read({ ...defaults, 'report-directory': 'reports' })).toBeUndefined();
});

describe('a smoke-test file', () => {
  test('the plan comes from the file, response check and settings from the inputs', async () => {
    expect(
      await read({ 'smoke-test': 'smoke.yml', 'response-check': 'true', 'show-response': 'true' }),
    ).toMatchObject({
      plan: {
        deployment: { kind: 'named', name: 'green' },
        samples: 20,
        check: { script: 'true', timeoutMs: 300_000, folder: undefined },
        cases: [{ request: { body: { bodies: [Buffer.from('[1]')] } } }],
      },
      showResponse: true,
    });
  });

  test.each([
    ['sample-request', '[1]', 'request'],
    ['max-latency', '800ms', 'thresholds: { p95: … }'],
    ['response-schema', 'schema.json', 'expect: { schema: … }'],
    ['expected-response', 'expected.json', 'expect: { equals: { file: … } }'],
    ['tolerance', '0.1', 'expect: { equals: { relative: … } }'],
    ['absolute-tolerance', '0.1', 'expect: { equals: { absolute: … } }'],
  ])('%s, which describes a request or its answer, is a mistake beside it', async (name, value, key) => {
    expect(await mistakesWith({ 'smoke-test': 'smoke.yml', [name]: value })).toEqual([
      `${name} '${value}': A smoke-test file describes the requests and their answers itself. Write it there, as '${key}', or leave smoke-test out.`,
    ]);
  });

  test('inputs that describe the run replace what it says, and the log tells it', async () => {
    const smokeTest = await read({
      'smoke-test': 'smoke.yml',
      deployment: 'idle',
      samples: '7',
      'warm-up': '5m',
      timeout: '10s',
    });
    expect(smokeTest?.plan).toMatchObject({
      deployment: { kind: 'idle' },
      samples: 7,
      warmUpMs: 300_000,
      timeoutMs: 10_000,
    });
    expect(smokeTest?.replaced).toEqual([
      'deployment: idle is taken from the input and not from smoke.yml, which has green.',
      'samples: 7 is taken from the input and not from smoke.yml, which has 20.',
      'warm-up: 5m is taken from the input and not from smoke.yml, which does not set it.',
      'timeout: 10s is taken from the input and not from smoke.yml, which does not set it.',
    ]);
  });

  test('a mistake in an input that replaces is told', async () => {
    expect(await mistakesWith({ 'smoke-test': 'smoke.yml', samples: 'many' })).toEqual([
      "samples 'many': Write a whole number from 1 to 100000.",
    ]);
  });

  test('its own mistakes are told with their places', async () => {
    const { mistakes, fileMistakes } = await errorWith({ 'smoke-test': 'wrong.yml', samples: '0' });
    expect(mistakes).toEqual(["samples '0': Write a whole number from 1 to 100000."]);
    expect(fileMistakes.map(({ file, line, column }) => [file, line, column])).toEqual([
      ['wrong.yml', 2, 10],
      ['wrong.yml', 3, 39],
    ]);
  });

  test('a file that is missing is told', async () => {
    expect((await errorWith({ 'smoke-test': 'none.yml' })).fileMistakes).toMatchObject([
      { file: 'none.yml', line: 1, column: 1 },
    ]);
  });
});

test('a limit of the response check that there is not is a mistake', async () => {
  expect(await mistakesWith({ 'sample-request': '[1]', 'response-check-timeout': '1m' })).toEqual([
    "response-check-timeout '1m': It has no effect without response-check. Give that too, or leave this out.",
  ]);
});

describe('a mistake', () => {
  test.each([
    ['deployment', 'green/', NAME],
    ['deployment', 'gr', NAME],
    ['deployment', 'Idle?', NAME],
    ['samples', '0', 'Write a whole number from 1 to 100000.'],
    ['samples', '100001', 'Write a whole number from 1 to 100000.'],
    ['samples', '2.5', 'Write a whole number from 1 to 100000.'],
    ['samples', '-1', 'Write a whole number from 1 to 100000.'],
    ['warm-up', '2', DURATION],
    [
      'connect-to',
      '10.1.0.4',
      'Write host:port, such as 10.1.0.4:443, gateway.internal:8443 or [fd00::4]:443.',
    ],
    ['connect-to', '10.1.0.4:70000', 'A port is a number from 1 to 65535.'],
    ['timeout', '0s', 'Write 1ms or more.'],
    ['timeout', 'soon', DURATION],
    ['max-latency', '0s', 'Write 1ms or more.'],
    ['max-latency', '800', DURATION],
    ['tolerance', '2', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['tolerance', '-0.1', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['tolerance', '1 %', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['absolute-tolerance', '-1', 'Write the absolute tolerance as a number, such as 1e-6 or 0.5.'],
    ['absolute-tolerance', '1e999', 'Write the absolute tolerance as a number, such as 1e-6 or 0.5.'],
    ['tolerance', '.', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['logs-on-failure', '10001', 'Write a whole number from 0 to 10000.'],
    ['logs-on-failure', 'all', 'Write a whole number from 0 to 10000.'],
    ['show-response', 'yes', 'Write true or false.'],
    ['allow-insecure-http', '1', 'Write true or false.'],
    [
      'response-schema',
      'none.json',
      "There is no such file in '<workspace>' (relative paths start from the workspace). Is actions/checkout missing?",
    ],
    ['response-schema', 'directory', 'This is a directory. Write the path of a file.'],
    [
      'expected-response',
      'none.json',
      "There is no such file in '<workspace>' (relative paths start from the workspace). Is actions/checkout missing?",
    ],
    ['expected-response', 'directory', 'This is a directory. Write the path of a file.'],
  ])('%s: %s is told with what to write instead', async (name, value, why) => {
    expect(await mistakesWith({ 'sample-request': '[1]', [name]: value })).toEqual([
      `${name} '${value}': ${why}`,
    ]);
  });

  test.each(['response-schema', 'expected-response'])('%s must be a file with JSON', async (name) => {
    expect(await mistakesWith({ 'sample-request': '[1]', [name]: 'broken.json' })).toEqual([
      expect.stringMatching(new RegExp(`^${name} 'broken\\.json': The file is not JSON \\(.+\\)\\.$`)),
    ]);
  });

  test('response-schema must be a JSON Schema', async () => {
    expect(await mistakesWith({ 'sample-request': '[1]', 'response-schema': 'draft4.json' })).toEqual([
      expect.stringContaining(
        "response-schema 'draft4.json': draft4.json is not a valid JSON Schema at /type",
      ),
    ]);
  });

  test.each([
    ['{"data": [1,}', /^sample-request '\{"data": \[1,\}': This is not JSON \(.+\)\.$/],
    [
      'nothing.json',
      /^sample-request 'nothing\.json': There is no such file in '<workspace>' \(relative paths start from the workspace\)\. Is actions\/checkout missing\?$/,
    ],
    ['directory', /^sample-request 'directory': This is a directory\. Write the path of a file\.$/],
  ])('sample-request: %s is told alone', async (request, expected) => {
    expect(await mistakesWith({ 'sample-request': request, deployment: 'green' })).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test('deployment must not add a header', async () => {
    expect(await mistakesWith({ 'sample-request': '[1]', deployment: 'green\r\nX-Evil: 1' })).toEqual([
      expect.stringMatching(/^deployment '.+': A deployment name has 3 to 32 letters, digits and dashes/),
    ]);
  });
});

test.each(['# todo', '#!/bin/bash\n\n  # later'])(
  'a response-check without a command is refused: %j',
  async (script) => {
    expect(await mistakesWith({ 'sample-request': '[1]', 'response-check': script })).toEqual([
      expect.stringMatching(/^response-check '.*': It contains no command/),
    ]);
  },
);

describe('a gate that would send nothing', () => {
  test.each([
    ['deployment', 'green'],
    ['samples', '20'],
    ['warm-up', '5m'],
    ['timeout', '30s'],
    ['connect-to', '10.1.0.4:443'],
    ['max-latency', '800ms'],
    ['response-schema', 'schema.json'],
    ['expected-response', 'expected.json'],
    ['tolerance', '0.1'],
    ['absolute-tolerance', '0.1'],
    ['response-check', 'true'],
    ['show-response', 'true'],
    ['logs-on-failure', '5'],
    ['allow-insecure-http', 'true'],
  ])('%s alone is refused', async (name, value) => {
    expect(await mistakesWith({ [name]: value })).toEqual([
      `${name} '${value}': Nothing would be tested. Give a request in sample-request, or name a smoke-test file.`,
    ]);
  });

  test.each([
    'smoke-test',
    'sample-request',
    'deployment',
    'max-latency',
    'response-schema',
    'report-directory',
  ])('%s of blanks is refused', async (name) => {
    expect(await mistakesWith({ [name]: ' \n' })).toEqual([
      `${name}: It contains only white space. Give a value, or leave the input out.`,
    ]);
  });

  test('a tolerance with nothing to compare is refused', async () => {
    expect(await mistakesWith({ 'sample-request': '[1]', tolerance: '0.1' })).toEqual([
      "tolerance '0.1': It has no effect without expected-response. Give that too, or leave this out.",
    ]);
  });
});
