import { describe, expect, test } from 'vitest';
import { NO_EXPECTATIONS, type Plan } from '../../../../src/smoke-test/plan/plan.ts';
import { pause } from '../../../../src/smoke-test/warm-up/warm-up.ts';
import { warmUpCases } from '../../../../src/smoke-test/warm-up/warm-up-cases.ts';
import { answer, caseOf, fakePatience, planOf } from '../../../support/smoke-test.ts';

describe('a pause', () => {
  test.each([
    [251, true, 'Not ready: it sleeps. Next try in 0.3 s; 0.3 s left.'],
    [250, false, 'Not ready: it sleeps. The next try would be in 0.3 s, past the end of the warm-up.'],
    [1, false, 'Not ready: it sleeps. The next try would be in 0.3 s, past the end of the warm-up.'],
    [0, false, 'Not ready: it sleeps. That was the end of the warm-up.'],
    [-1, false, 'Not ready: it sleeps. That was the end of the warm-up.'],
  ])('of 250 ms when %i ms are left: %s', async (leftMs, goesOn, said) => {
    const fake = fakePatience(leftMs);
    expect(await pause(1, 'it sleeps', undefined, fake.patience)).toBe(goesOn);
    expect(fake.said).toEqual([said]);
    expect(fake.slept).toEqual(goesOn ? [250] : []);
  });

  test.each([
    [249, 250],
    [250, 250],
    [251, 251],
    [0, 250],
  ])('that the server wants to be %i ms long is %i ms long', async (retryAfter, slept) => {
    const fake = fakePatience(120_000);
    expect(await pause(1, 'it sleeps', retryAfter, fake.patience)).toBe(true);
    expect(fake.slept).toEqual([slept]);
  });
});

describe('whether the answer of the warm-up is the sample', () => {
  /** How many requests there were after each case was measured once. */
  async function requestsFor(changes: Partial<Plan>): Promise<number> {
    const plan = planOf(changes);
    let requests = 0;
    const { ask } = await warmUpCases(
      plan,
      async () => {
        requests += 1;
        return { exchange: answer(200), stream: undefined };
      },
      fakePatience(120_000).patience,
    );
    for (const each of plan.cases) await ask('candidate', each, 0);
    return requests;
  }
  const plain = caseOf({ name: 'plain' });
  const limited = caseOf({ name: 'limited', expect: { ...NO_EXPECTATIONS, maxLatencyMs: 800 } });

  test.each([
    ['of no case the latency is limited', [plain, plain], 2],
    ['of the first the latency is limited', [limited, plain], 4],
    ['of the last the latency is limited', [plain, limited], 4],
    ['of each the latency is limited', [limited, limited], 4],
  ])('when %s', async (_which, cases, requests) => {
    expect(await requestsFor({ cases: cases.map((each) => ({ ...each })) })).toBe(requests);
  });
});
