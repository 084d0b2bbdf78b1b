import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { gate } from '../../../src/report/console.ts';
import type { SmokeTestContext } from '../../../src/smoke-test/context.ts';
import type { Plan } from '../../../src/smoke-test/plan/plan.ts';
import type { SmokeTestInputs } from '../../../src/smoke-test/settings.ts';
import { fakeHost, inputsOf, subjectOf } from '../../support/gate.ts';
import { KEY } from '../../support/results.ts';
import { caseOf, deployment, requestPlan, serve, workspaceOf } from '../../support/smoke-test.ts';

/** A workspace in which the deployment with traffic is as it should be. */
const SOUND = { workspace: workspaceOf({ deployments: async () => [deployment('blue')] }) };
const GREEN = { 'Content-Type': 'application/json', 'azureml-model-deployment': 'green' };
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gate-'));
  vi.stubEnv('RUNNER_TEMP', directory);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs the gate against a server that answers so. */
async function run(
  status: number,
  headers: Record<string, string>,
  body: string | Buffer,
  plan: Partial<Plan> = {},
  inputs: Partial<SmokeTestInputs> = {},
  subject: Partial<SmokeTestContext> = {},
) {
  const server = await serve((response) => {
    response.writeHead(status, headers);
    response.end(body);
  });
  const host = fakeHost();
  const { outcome } = await gate(host.host, subjectOf(server, subject), inputsOf(plan, inputs));
  return { ...host, outcome, server };
}

describe('a good answer', () => {
  test('is told in one line, and in the outputs', async () => {
    const { outcome, outputs, of, told, server } = await run(200, GREEN, '[11842.7]');
    expect(server.requests).toHaveLength(1);
    expect(outcome).toEqual({
      verdict: 'passed',
      statusCode: 200,
      latencyMs: expect.any(Number),
      deployment: 'green',
    });
    expect(outputs).toEqual({
      'status-code': '200',
      'latency-ms': expect.stringMatching(/^\d+\.\d$/),
      'latency-p95-ms': outputs['latency-ms'],
      deployment: 'green',
      'response-file': expect.stringContaining(directory),
    });
    expect(of('info')).toEqual([
      expect.stringMatching(/^Smoke test passed: Deployment 'green' answered 200 in [\d.]+ m?s\.$/),
    ]);
    expect(told.filter((line) => /^(?:warning|error|group)/.test(line))).toEqual([]);
  });

  test('of an unnamed deployment is told as one of the endpoint', async () => {
    const { outputs, of } = await run(200, {}, '[1]');
    expect(of('info')[0]).toMatch(/^Smoke test passed: Endpoint 'churn' answered 200 in /);
    expect(outputs).not.toHaveProperty('deployment');
  });

  test('of a deployment whose name is a command is told without it', async () => {
    const name = `::error::${'x'.repeat(99)}`;
    const { outputs, of } = await run(200, { 'azureml-model-deployment': name }, '[1]');
    expect(of('info')[0]).toContain(`Deployment ': :error::${'x'.repeat(54)}… (108 characters in all)'`);
    expect(outputs.deployment).toBe(`: :error::${'x'.repeat(54)}… (108 characters in all)`);
  });

  test('to each of many requests is told with their percentiles', async () => {
    const { of, server } = await run(200, GREEN, '[1]', { samples: 20 });
    // The first one warms up.
    expect(server.requests).toHaveLength(21);
    expect(of('info').at(-1)).toMatch(
      /^Smoke test passed: Deployment 'green' answered 20 requests, p50 [\d.]+ m?s, p95 [\d.]+ m?s\.$/,
    );
    expect(of('warning')).toEqual([]);
  });
});

describe('a threshold', () => {
  const limits = { successRate: 1, latencyMs: { p95: 60_000, max: 0.0001 }, baseline: undefined };

  test('that too few samples hold, or that only advises, earns a warning', async () => {
    const { outcome, of } = await run(200, GREEN, '[1]', {
      thresholds: limits,
      advisory: ['max'],
      samples: 2,
    });
    expect(outcome.verdict).toBe('passed');
    expect(of('warning')).toEqual([
      '[Smoke test] p95: 2 samples hold no p95; the largest stands for it. Take at least 20.',
      expect.stringMatching(/^\[Smoke test\] max is [\d.]+ ms; the limit is 0 ms\. It is advisory\.$/),
    ]);
  });

  test('that only advises, and that too few samples hold, earns one warning that says both', async () => {
    const { of } = await run(200, GREEN, '[1]', {
      thresholds: { successRate: 1, latencyMs: { p95: 0.0001 }, baseline: undefined },
      advisory: ['p95'],
      samples: 2,
    });
    expect(of('warning')).toEqual([
      expect.stringMatching(
        /^\[Smoke test\] p95 is [\d.]+ ms; the limit is 0 ms\. 2 samples hold no p95; the largest stands for it\. Take at least 20\. It is advisory\.$/,
      ),
    ]);
  });

  test('that is missed fails, and is told once', async () => {
    const { outcome, of } = await run(200, GREEN, '[1]', { thresholds: limits, samples: 20 });
    expect(outcome).toMatchObject({ verdict: 'failed', statusCode: 200 });
    expect(of('warning')).toEqual([]);
    expect(of('error')).toEqual([
      expect.stringMatching(/^\[Smoke test failed\] max is [\d.]+ ms; the limit is 0 ms\.$/),
    ]);
  });
});

describe('a bad verdict is an annotation with its title, after every output', () => {
  test.each([
    [424, 'failed', 'Smoke test failed', {}],
    [503, 'inconclusive', 'Smoke test is inconclusive', SOUND],
    [401, 'error', 'Smoke test could not be done', {}],
  ])('%i', async (status, verdict, title, subject) => {
    const { outcome, outputs, of, told } = await run(status, {}, 'why not', { samples: 2 }, {}, subject);
    expect(outcome).toMatchObject({ verdict, statusCode: status });
    expect(outputs).toEqual({ 'status-code': String(status) });
    expect(of('error')).toEqual([expect.stringContaining(`[${title}] `)]);
    expect(of('error')[0]).toContain(`Endpoint 'churn' answered ${status}: why not`);
    expect(told.findIndex((line) => line.startsWith('error'))).toBeGreaterThan(
      told.findLastIndex((line) => line.startsWith('output')),
    );
  });

  test('and its answer is in the response file all the same', async () => {
    const { outcome, outputs } = await run(424, { 'Content-Type': 'text/plain' }, 'why not');
    expect(outcome.verdict).toBe('failed');
    expect(readFileSync(outputs['response-file']!, 'utf8')).toBe('why not');
  });
});

test('every case that failed is told in the log, also those that the message only counts', async () => {
  const cases = ['a', 'b', 'c', 'd', 'e'].map((name) =>
    caseOf({ name, request: requestPlan({ path: `/${name}` }) }),
  );
  const { of } = await run(424, {}, '', { cases });
  const failures = cases.map(
    ({ name }) =>
      `Case '${name}', request 1: Endpoint 'churn' answered 424, with an empty body.\nThe model's container answered with an error. Its log says more; https://learn.microsoft.com/azure/machine-learning/how-to-troubleshoot-online-endpoints\n1 of 1 request failed.`,
  );
  expect(of('info').filter((line) => line.includes(', request '))).toEqual(failures);
  expect(of('error')).toEqual([
    `[Smoke test failed] ${failures.slice(0, 3).join('\n')}\n2 more cases failed; the log tells how.`,
  ]);
});

test('lines of a case that are never sent are told', async () => {
  const lines = (count: number) =>
    caseOf({
      name: `${count} lines`,
      request: requestPlan({
        body: { kind: 'bytes', bodies: Array(count).fill(Buffer.from('[1]')), origin: 'rows.jsonl' },
      }),
    });
  const cases = [lines(1), lines(2), lines(3)];
  const { of, outcome } = await run(200, GREEN, '[1]', { cases, samples: 2 });
  expect(outcome.verdict).toBe('passed');
  expect(of('warning')).toEqual([
    "[Smoke test] Case '3 lines' has 3 lines, of which the first 2 are sent: each of the 'samples' is one. Write 3 samples to send them all.",
  ]);
});

describe('the response file', () => {
  test('is the answer byte for byte, named by its content', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const { outputs } = await run(200, { 'Content-Type': 'image/png' }, bytes);
    expect(outputs['response-file']).toMatch(/[\\/]response$/);
    expect(readFileSync(outputs['response-file']!).equals(bytes)).toBe(true);
  });

  test.each(['application/json', 'application/json; charset=utf-8', 'application/problem+json'])(
    'of %s is named .json',
    async (type) => {
      const { outputs } = await run(200, { 'Content-Type': type }, '[1]');
      expect(outputs['response-file']).toMatch(/[\\/]response\.json$/);
    },
  );

  test('holds no credential that the model echoes', async () => {
    const { outputs } = await run(200, GREEN, `{"headers": {"authorization": "Bearer ${KEY}"}}`);
    expect(readFileSync(outputs['response-file']!, 'utf8')).toBe(
      '{"headers": {"authorization": "Bearer ***"}}',
    );
  });

  test('is one of its own for each run', async () => {
    const [one, other] = [await run(200, GREEN, '[1]'), await run(200, GREEN, '[2]')];
    expect(one.outputs['response-file']).not.toBe(other.outputs['response-file']);
    expect(readFileSync(one.outputs['response-file']!, 'utf8')).toBe('[1]');
  });

  test('that cannot be written is told, and the verdict stands', async () => {
    vi.stubEnv('RUNNER_TEMP', join(directory, 'nowhere'));
    const { outcome, outputs, of } = await run(424, GREEN, 'why not');
    expect(outcome.verdict).toBe('failed');
    expect(outputs).toMatchObject({ 'status-code': '424' });
    expect(outputs).not.toHaveProperty('response-file');
    expect(of('warning')).toEqual(['[Response file] The response cannot be written to a file: ENOENT.']);
  });

  test('is not there for an answer that is too long to be kept', async () => {
    const { outcome, outputs, of } = await run(
      200,
      GREEN,
      Buffer.alloc(17 * 1024 * 1024, ' '),
      {},
      {
        showResponse: true,
      },
    );
    expect(outcome.verdict).toBe('passed');
    expect(outputs).not.toHaveProperty('response-file');
    expect(of('group')).toEqual(['Response: 17825792 bytes, application/json\nIt is too long to be kept.']);
  });
});

describe('the response is shown when that is asked for', () => {
  test('with its size and type, defused and without the credential', async () => {
    const body = `fine\n::error::no\n##[error]no ${KEY}`;
    const { of } = await run(200, { 'Content-Type': 'text/plain\t' }, body, {}, { showResponse: true });
    expect(of('group')).toEqual([
      `Response: ${body.length} bytes, text/plain\nfine\n: :error::no\n## [error]no ***`,
    ]);
  });

  test('and a long one is cut', async () => {
    const { of } = await run(200, GREEN, 'x'.repeat(30_000), {}, { showResponse: true });
    expect(of('group')[0]).toContain(`${'x'.repeat(20_000)}… (30000 characters in all)`);
  });

  test('and that there is none is told', async () => {
    const { of } = await run(503, GREEN, '', { samples: 2 }, { showResponse: true }, SOUND);
    expect(of('group')).toEqual([]);
    expect(of('info')).toContain('There is no response to show.');
  });
});

describe('the reports', () => {
  test('are written where that is asked for', async () => {
    const reportDirectory = join(directory, 'reports', 'smoke');
    const { outputs, of } = await run(200, GREEN, '[1]', {}, { reportDirectory });
    expect(outputs['report-file']).toBe(join(reportDirectory, 'report.json'));
    expect(of('info')).toContain(`Reports: report.json, junit.xml and report.html in ${reportDirectory}`);
    const report = JSON.parse(readFileSync(outputs['report-file']!, 'utf8'));
    expect(report).toMatchObject({ verdict: 'passed' });
    expect(readFileSync(join(reportDirectory, 'junit.xml'), 'utf8')).toContain('<testsuite');
    expect(readFileSync(join(reportDirectory, 'report.html'), 'utf8')).toContain('</html>');
  });

  test('that cannot be written leave a warning, and the verdict as it is', async () => {
    const reportDirectory = join(directory, 'file');
    writeFileSync(reportDirectory, '');
    const { outcome, outputs, of } = await run(200, GREEN, '[1]', {}, { reportDirectory });
    expect(outcome.verdict).toBe('passed');
    expect(outputs).not.toHaveProperty('report-file');
    expect(of('warning')).toEqual([
      expect.stringContaining(
        `[Reports] The reports could not be written to report-directory '${reportDirectory}': there is a file of that name.`,
      ),
    ]);
  });
});
