import { afterEach, describe, expect, test, vi } from 'vitest';
import { mismatches } from '../../../../src/smoke-test/judge/expectations.ts';
import { isJudged } from '../../../../src/smoke-test/judge/judge.ts';
import { measure } from '../../../../src/smoke-test/measure/measure.ts';
import { NO_EXPECTATIONS, type Plan } from '../../../../src/smoke-test/plan/plan.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { answer, caseOf, planOf } from '../../../support/smoke-test.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an answer is judged by its content when its status is expected', () => {
  test.each([
    [422, { code: 422 }, true],
    [422, { code: 421 }, false],
    [422, { class: 4 }, true],
    [422, { class: 5 }, false],
    [399, { class: 3 }, true],
    [300, { class: 3 }, true],
    [300, { code: 300 }, true],
    [101, { code: 101 }, true],
    [199, { class: 1 }, true],
    [500, { class: 4 }, false],
    [500, { class: 5 }, true],
  ] as const)('%i: %j', (status, matcher, judged) => {
    expect(isJudged(answer(status), { status: [matcher] })).toBe(judged);
  });

  test('any of several will do, and none is of none', () => {
    expect(isJudged(answer(422), { status: [{ code: 400 }, { code: 409 }] })).toBe(false);
    expect(isJudged(answer(409), { status: [{ code: 400 }, { code: 409 }] })).toBe(true);
    expect(isJudged(answer(422), { status: [] })).toBe(false);
  });
});

describe('what is measured', () => {
  async function run(changes: Partial<Plan>, reply: (target: string, index: number) => Exchange) {
    const told: [number, number][] = [];
    const measured = await measure(
      planOf(changes),
      async (target, _each, index) => ({ exchange: reply(target, index), stream: undefined }),
      mismatches,
      (done, of) => void told.push([done, of]),
    );
    return { told, ...measured };
  }
  const thresholds = {
    successRate: 1,
    latencyMs: {},
    baseline: { deployment: 'blue', ratios: { p95: 1.5 } },
  } as const;

  test('is told with how much there is: cases, samples and deployments', async () => {
    const cases = [caseOf({ name: 'a' }), caseOf({ name: 'b' })];
    const { told } = await run({ cases, samples: 3, thresholds }, () => answer(200));
    expect(told.at(0)).toEqual([1, 12]);
    expect(told.at(-1)).toEqual([12, 12]);
  });

  test('starts when the first request does', async () => {
    let now = 5_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const { samples: measurements } = await run({ samples: 3 }, () => {
      now += 10;
      return answer(200);
    });
    expect(measurements.map(({ startedAtMs }) => startedAtMs)).toEqual([0, 10, 20]);
  });

  test('goes on after an answer with the wrong content', async () => {
    const expectations = {
      ...NO_EXPECTATIONS,
      body: undefined,
      status: [{ code: 200 }],
      deployment: 'green',
    };
    const {
      samples: measurements,
      stoppedBy,
      firstBad,
    } = await run({ cases: [caseOf({ expect: expectations })], samples: 3 }, (_target, index) =>
      answer(200, { 'azureml-model-deployment': index === 1 ? 'blue' : 'green' }),
    );
    expect(measurements.map(({ outcome }) => outcome)).toEqual(['passed', 'failed', 'passed']);
    expect(firstBad.map(({ request }) => request)).toEqual([2]);
    expect(stoppedBy).toBeUndefined();
  });

  test('is expected of the deployment that the case names, and not of the baseline', async () => {
    const cases = [caseOf({ expect: { ...NO_EXPECTATIONS, deployment: 'green' } })];
    const by = (candidate: string, baseline: string) =>
      run({ cases, thresholds }, (target) =>
        answer(200, { 'azureml-model-deployment': target === 'candidate' ? candidate : baseline }),
      );
    const outcomes = async (measured: ReturnType<typeof by>) =>
      (await measured).samples.map(({ target, outcome }) => [target, outcome]);
    expect(await outcomes(by('green', 'blue'))).toEqual([
      ['candidate', 'passed'],
      ['baseline', 'passed'],
    ]);
    expect(await outcomes(by('blue', 'green'))).toEqual([
      ['candidate', 'failed'],
      ['baseline', 'passed'],
    ]);
  });
});
