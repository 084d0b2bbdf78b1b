import { isJudged } from '../judge/judge.ts';
import { type Case, type Plan, samplesOf, toleratesFailures } from '../plan/plan.ts';
import type { Exchange } from '../request/exchange.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { SendRequest, SentRequest } from '../request/sender.ts';
import { rowOf } from '../verdict/status-table.ts';
import type { Patience } from './back-off.ts';
import { type WarmUp, warmUp } from './warm-up.ts';

/** The exchange with which the warm-up ended before anything was measured. */
export interface WarmUpFailure {
  readonly exchange: Exchange;
  readonly how: Exclude<WarmUp<unknown>['ended'], 'usable'>;
  readonly target: TargetName;
  /** Undefined when it was the request for the OpenAPI document. */
  readonly case?: Case;
}

export interface WarmedCases {
  readonly requests: number;
  /**
   * Sends further requests. With one sample and no limit on its time, it returns the warm-up's reply instead of
   * sending the request again.
   */
  readonly send: SendRequest;
  /** Undefined: every case got a usable reply, or a failed one where requests may fail. */
  readonly failure: WarmUpFailure | undefined;
}

/**
 * Gets one usable reply to every case before it is measured, where every request must pass. With one sample and no
 * limit on its time, that reply is the sample: the plain check costs one request.
 */
export async function warmUpCases(
  plan: Plan,
  send: SendRequest,
  patience: Patience,
  isHopeless?: () => Promise<boolean>,
): Promise<WarmedCases> {
  const replyIsSample = isOneUntimedSample(plan);
  const kept = new Map<Case, SentRequest>();
  let requests = 0;
  // The baseline comes last: its warm-up takes no time from the candidate's.
  for (const target of plan.thresholds.baseline?.from === 'deployment'
    ? (['candidate', 'baseline'] as const)
    : (['candidate'] as const)) {
    for (const each of plan.cases) {
      const warm = await warmUp(
        () => send(target, each, 0),
        (exchange) => isExpected(exchange, each),
        patience,
        // The deployments with traffic say nothing about the baseline.
        target === 'candidate' ? isHopeless : undefined,
      );
      requests += warm.requests;
      const { ended, sent } = warm;
      // The measured requests tell whether it is one of few.
      const isTolerated = toleratesFailures(plan, each) && rowOf(sent.exchange).warmUp === 'failed';
      if (ended !== 'usable' && !(ended === 'at-once' && (replyIsSample || isTolerated))) {
        return { requests, send, failure: { exchange: sent.exchange, how: ended, target, case: each } };
      }
      if (replyIsSample) kept.set(each, sent);
    }
  }
  const replay: SendRequest = async (target, each, index) => kept.get(each) ?? send(target, each, index);
  return { requests, send: replyIsSample ? replay : send, failure: undefined };
}

function isOneUntimedSample(plan: Plan): boolean {
  const { thresholds, cases } = plan;
  const limits =
    Object.keys(thresholds.latencyMs).length > 0 ||
    thresholds.baseline !== undefined ||
    cases.some((each) => Object.keys(each.thresholds?.latencyMs ?? {}).length > 0);
  const timed = cases.some(({ expect: { maxLatencyMs, stream } }) =>
    [maxLatencyMs, stream?.firstEventMs, stream?.maxGapMs, stream?.eventsPerSecond].some(
      (limit) => limit !== undefined,
    ),
  );
  const isOne = plan.rate === undefined && cases.every((each) => samplesOf(plan, each) === 1);
  return isOne && !limits && !timed;
}

function isExpected(exchange: Exchange, { expect }: Case): boolean {
  return exchange.kind === 'reply' && isJudged(exchange, expect);
}
