import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/inputs/reader.ts';
import { NO_EXPECTATIONS, type Plan } from '../../../src/smoke-test/plan/plan.ts';
import { mistakes, read } from '../../support/smoke-test-inputs.ts';

async function planWith(inputs: Record<string, string>): Promise<Plan> {
  const smokeTest = await read({ 'sample-request': '[1]', ...inputs });
  if (smokeTest === undefined) throw new Error('no smoke test');
  return smokeTest.plan;
}

describe('the short inputs make a plan', () => {
  test('of one request, byte for byte, and nothing else that is asked', async () => {
    expect(await read({ 'sample-request': 'request.json', deployment: 'green' })).toEqual({
      plan: {
        deployment: { kind: 'named', name: 'green' },
        warmUpMs: 120_000,
        samples: 1,
        concurrency: 1,
        timeoutMs: 30_000,
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
      allowInsecureHttp: false,
      logsOnFailure: 100,
      reportDirectory: undefined,
      showResponse: false,
    });
  });

  test('with inline JSON, as it is written', async () => {
    const smokeTest = await read({
      'sample-request': '{"data": [[1, 2]]}',
      timeout: '2m',
      'allow-insecure-http': 'true',
    });
    const body = smokeTest?.plan.cases[0]?.request.body;
    expect(body?.kind === 'bytes' && String(body.bodies[0])).toBe('{"data": [[1, 2]]}');
    expect(smokeTest).toMatchObject({
      plan: { deployment: { kind: 'traffic' }, timeoutMs: 120_000 },
      allowInsecureHttp: true,
    });
  });

  test("with the example of the endpoint's own document", async () => {
    expect((await planWith({ 'sample-request': 'swagger' })).cases[0]?.request).toEqual({
      method: 'POST',
      path: undefined,
      headers: {},
      contentType: undefined,
      body: { kind: 'swagger' },
    });
  });

  test('with every other input in its place', async () => {
    const smokeTest = await read({
      'sample-request': '[1]',
      deployment: 'idle',
      samples: '20',
      'warm-up': '0s',
      timeout: '5s',
      'max-latency': '800ms',
      'expected-response': 'expected.json',
      tolerance: '0.01',
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
        check: { script: 'grep -q 1' },
        cases: [
          {
            expect: {
              equals: { origin: 'expected.json', value: [11842.7], relative: 0.01, absolute: 0 },
            },
          },
        ],
      },
      logsOnFailure: 0,
      reportDirectory: 'reports',
      showResponse: true,
    });
  });

  test('with the response schema compiled', async () => {
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
  ])('with the tolerance %j', async (tolerance, relative) => {
    const plan = await planWith({ 'expected-response': 'expected.json', tolerance });
    expect(plan.cases[0]?.expect.equals?.relative).toBe(relative);
  });
});

test('without any of them there is no smoke test', async () => {
  expect(await read({})).toBeUndefined();
  expect(await read({ 'logs-on-failure': '5', 'report-directory': 'reports' })).toBeUndefined();
});

describe('a smoke-test file', () => {
  test('makes the plan, with the response check and the settings of the inputs', async () => {
    expect(
      await read({ 'smoke-test': 'smoke.yml', 'response-check': 'true', 'show-response': 'true' }),
    ).toMatchObject({
      plan: {
        deployment: { kind: 'named', name: 'green' },
        samples: 20,
        check: { script: 'true' },
        cases: [{ request: { body: { bodies: [Buffer.from('[1]')] } } }],
      },
      showResponse: true,
    });
  });

  test.each([
    ['sample-request', '[1]'],
    ['deployment', 'green'],
    ['samples', '20'],
    ['warm-up', '5m'],
    ['timeout', '30s'],
    ['max-latency', '800ms'],
    ['response-schema', 'schema.json'],
    ['expected-response', 'expected.json'],
    ['tolerance', '0.1'],
  ])('and %s do not both say it', async (name, value) => {
    expect(await mistakes({ 'smoke-test': 'smoke.yml', [name]: value })).toEqual([
      `${name} '${value}': The smoke-test file 'smoke.yml' says this too. Say it in one of them.`,
    ]);
  });

  test('has its own mistakes told, each with its place', async () => {
    const error = await read({ 'smoke-test': 'wrong.yml', samples: '2' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    const { mistakes: ofInputs, fileMistakes } = error as InputError;
    expect(ofInputs).toEqual([
      "samples '2': The smoke-test file 'wrong.yml' says this too. Say it in one of them.",
    ]);
    expect(fileMistakes.map(({ file, line, column }) => [file, line, column])).toEqual([
      ['wrong.yml', 2, 10],
      ['wrong.yml', 3, 39],
    ]);
  });

  test('that is not there is told', async () => {
    const error = await read({ 'smoke-test': 'none.yml' }).catch((thrown: unknown) => thrown);
    expect((error as InputError).fileMistakes).toMatchObject([{ file: 'none.yml', line: 1, column: 1 }]);
  });
});
