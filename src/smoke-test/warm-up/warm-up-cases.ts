import { isJudged } from '../judge/judge.ts';
import type { SendRequest, SentRequest, TargetName } from '../measure/measure.ts';
import type { Case, Plan } from '../plan/plan.ts';
import type { Exchange } from '../request/score.ts';
import { type Patience, warmUp } from './warm-up.ts';

/** The cases are warm, or never will be. */
export interface Warmed {
  readonly requests: number;
  /** Asks on; hands out the first usable answers where they are the samples themselves. */
  readonly ask: SendRequest;
  readonly ended:
    | {
        readonly exchange: Exchange;
        readonly how: 'at-once' | 'out-of-time' | 'hopeless';
        readonly target: TargetName;
        /** Undefined when it was not a case's own request. */
        readonly case?: Case;
      }
    | undefined;
}

/**
 * Every case gets one usable answer before it is measured. With one sample and nothing said about its
 * latency that answer is the sample: the plain check costs one request.
 */
export async function warmUpCases(
  plan: Plan,
  ask: SendRequest,
  patience: Patience,
  isHopeless?: () => Promise<boolean>,
): Promise<Warmed> {
  const sole = isSoleSample(plan);
  const kept = new Map<Case, SentRequest>();
  let requests = 0;
  for (const each of plan.cases) {
    for (const target of plan.thresholds.baseline === undefined
      ? (['candidate'] as const)
      : (['candidate', 'baseline'] as const)) {
      const warm = await warmUp(
        () => ask(target, each, 0),
        (exchange) => isExpected(exchange, each),
        patience,
        // What is known of the deployments with traffic says nothing about the baseline.
        target === 'candidate' ? isHopeless : undefined,
      );
      requests += warm.requests;
      if (warm.ended !== 'usable' && !(warm.ended === 'at-once' && sole)) {
        return {
          requests,
          ask,
          ended: { exchange: warm.asking.exchange, how: warm.ended, target, case: each },
        };
      }
      if (sole) kept.set(each, warm.asking);
    }
  }
  const replay: SendRequest = async (target, each, index) => kept.get(each) ?? ask(target, each, index);
  return { requests, ask: sole ? replay : ask, ended: undefined };
}

function isSoleSample({ samples, thresholds, cases }: Plan): boolean {
  const limits = Object.keys(thresholds.latencyMs).length > 0 || thresholds.baseline !== undefined;
  const timed = cases.some(
    ({ expect }) => expect.maxLatencyMs !== undefined || expect.stream?.firstEventMs !== undefined,
  );
  return samples === 1 && !limits && !timed;
}

function isExpected(exchange: Exchange, { expect }: Case): boolean {
  return exchange.kind === 'reply' && isJudged(exchange, expect);
}
