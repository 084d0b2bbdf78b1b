import { isUtf8 } from 'node:buffer';
import { defuse, quote } from '../../secrets/untrusted.ts';
import type { Verdict } from '../../text/verdict.ts';
import type { FirstBad } from '../measure/first-bad.ts';
import { countOf, ofBaseline, ofCandidate, summarizeTimes, type Which } from '../measure/latencies.ts';
import type { Measured } from '../measure/measure.ts';
import type { Mismatch } from '../plan/expectations.ts';
import type { Plan } from '../plan/plan.ts';
import type { Exchange } from '../request/exchange.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { CaseFailure, CaseResult, Sample, ThresholdResult } from '../result.ts';
import { countsForSuccess, isIn, successRateOf } from './scopes.ts';
import { describeMissed } from './threshold-words.ts';

/** How many failures a message lists. */
const MOST_NAMED = 3;

/** How many lines of a file a message lists. */
const MOST_LINES = 10;

/** Of a reply, in characters. */
const LONGEST_RESPONSE = 2_000;

/** The verdict with what it rests on. What the test did not reach is undefined. */
export interface Conclusion {
  readonly verdict: Verdict;
  /** Why, when it is not `passed`; for a person. */
  readonly message: string | undefined;
  /** The exchange that ended the test before anything was measured. */
  readonly exchange?: Exchange | undefined;
  readonly measured?: Measured;
  readonly thresholds?: readonly ThresholdResult[];
  readonly failures?: readonly CaseFailure[];
  /** The deployment whose containers may say why. */
  readonly suspect?: TargetName;
  /** That the runner was too busy, when it was. */
  readonly busyRunner?: string | undefined;
}

/** The verdict on what was measured, and why, when it is not `passed`. */
export function conclude(
  plan: Pick<Plan, 'cases' | 'thresholds'>,
  { samples, stoppedBy }: Measured,
  results: readonly ThresholdResult[],
  failures: readonly CaseFailure[],
): Pick<Conclusion, 'verdict' | 'message'> {
  if (stoppedBy !== undefined) {
    const failure = failures.find(
      ({ caseIndex, target }) => caseIndex === stoppedBy.caseIndex && target === stoppedBy.target,
    );
    return { verdict: 'error', message: failure?.message };
  }
  const missed = results.filter(({ met, advisory }) => !met && !advisory);
  if (missed.length === 0) {
    // Without any good reply, a limit of 0 is met, and so are limits that are advisory.
    const has = (outcome: Sample['outcome']): boolean =>
      samples.some((each) => each.outcome === outcome && ofCandidate(each));
    if (has('passed')) return { verdict: 'passed', message: undefined };
    const answered = has('failed');
    const seen = answered ? 'No request got the expected answer.' : 'No request was answered.';
    return {
      verdict: answered ? 'failed' : 'inconclusive',
      message: [seen, ...failures.map(({ message }) => message)].slice(0, 1 + MOST_NAMED).join('\n'),
    };
  }
  const telling = failures.filter(
    ({ target }) => target === 'candidate' || missed.some(isUnmeasuredBaseline),
  );
  const message = messageOf(missed, telling);
  const saysNothing = missed.every(
    (result) =>
      // A baseline without replies says nothing about the candidate, and neither do a busy runner and a throttled candidate.
      isUnmeasuredBaseline(result) ||
      result.ofRunner === true ||
      ((result.measured === undefined || isSuccessRate(result)) &&
        failsOnlyForWantOfReplies(result, plan, samples)),
  );
  return { verdict: saysNothing ? 'inconclusive' : 'failed', message };
}

function messageOf(missed: readonly ThresholdResult[], telling: readonly CaseFailure[]): string {
  // Failures of the baseline are not counted: its threshold reports them.
  const more = telling.slice(MOST_NAMED).filter(({ target }) => target === 'candidate').length;
  return [
    ...missed.filter((result) => !isToldByFailures(result, telling)).map(describeMissed),
    ...telling.slice(0, MOST_NAMED).map(({ message }) => message),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'case' : 'cases'} failed; the log has the details.`] : []),
  ].join('\n');
}

function isUnmeasuredBaseline({ unit, measured }: ThresholdResult): boolean {
  return measured === undefined && unit === 'ratio';
}

function isSuccessRate({ unit }: ThresholdResult): boolean {
  return unit === 'share';
}

/** A success rate of 100 % is the default: the failures themselves say more than `the limit is 100 %`. */
function isToldByFailures(result: ThresholdResult, failures: readonly CaseFailure[]): boolean {
  const own = failures.filter(
    ({ target, caseIndex }) =>
      target === 'candidate' && (result.caseIndex === undefined || result.caseIndex === caseIndex),
  );
  return isSuccessRate(result) && result.limit === 1 && own.length > 0;
}

/** Whether the success rate would be met if requests that were throttled or not ready counted as passed. */
function failsOnlyForWantOfReplies(
  result: ThresholdResult,
  plan: Pick<Plan, 'cases' | 'thresholds'>,
  samples: readonly Sample[],
): boolean {
  const scope = { caseIndex: result.caseIndex };
  const isOwn = isIn(scope);
  const counts: Which = isSuccessRate(result)
    ? countsForSuccess(scope, plan)
    : (each) => ofCandidate(each) && isOwn(each);
  const all = countOf(samples, counts);
  const notBad = countOf(samples, (each) => (each.outcome === 'passed' || each.inconclusive) && counts(each));
  return all > 0 && notBad / all >= successRateOf(plan, result.caseIndex);
}

export function caseResults(
  { cases }: Plan,
  samples: readonly Sample[],
  failures: readonly CaseFailure[],
): readonly CaseResult[] {
  return cases.map(({ name, samples: planned }, index) => {
    const isAsked: Which = (each) => each.caseIndex === index && ofCandidate(each);
    return {
      name,
      ...(planned === undefined ? {} : { planned }),
      measured: countOf(samples, isAsked),
      passed: countOf(samples, (each) => each.outcome === 'passed' && isAsked(each)),
      latency: summarizeTimes(samples, 'latencyMs', isAsked),
      longestGapMs: longestGapOf(samples, isAsked),
      firstEvent: summarizeTimes(samples, 'firstEventMs', isAsked),
      baseline: summarizeTimes(samples, 'latencyMs', (each) => each.caseIndex === index && ofBaseline(each)),
      failure: failures.find(({ caseIndex, target }) => caseIndex === index && target === 'candidate'),
    };
  });
}

/**
 * The first bad request of each case and deployment, with how many requests failed.
 * @param seen the description of each first bad request, for a person
 */
export function caseFailures(
  { cases }: Plan,
  { samples, firstBad }: Measured,
  seen: ReadonlyMap<FirstBad, string>,
): readonly CaseFailure[] {
  return firstBad.map((bad) => {
    const { caseIndex, target, request, judgement } = bad;
    const own = samples.filter((each) => each.caseIndex === caseIndex && each.target === target);
    const failed = own.filter(({ outcome }) => outcome !== 'passed');
    const sameWay = failed.filter(({ reason }) => reason === judgement.reason).length;
    const many = cases.length > 1 || own.length > 1;
    const where = many
      ? `Case '${cases[caseIndex]?.name ?? ''}', request ${request}${target === 'baseline' ? ' to the baseline' : ''}: `
      : '';
    const counted = many
      ? `${failed.length} of ${own.length} request${own.length === 1 ? '' : 's'} failed${sameWay < failed.length ? `, ${sameWay} of them the same way` : ''}.`
      : '';
    const text = `${seen.get(bad) ?? ''}${describeLines(bad, cases[caseIndex], failed)}`;
    // On the last line of a list the count would read as a part of the last item.
    const between = counted === '' ? '' : text.includes('\n') ? '\n' : ' ';
    return {
      caseIndex,
      target,
      request,
      seen: text,
      message: `${where}${text}${between}${counted}`,
      mismatches: judgement.mismatches,
      response: startOfResponse(bad),
      lines: new Map(bad.lines.map(({ line, judgement: wrong }) => [line, whatIsWrong(wrong)])),
      sameWay,
      failed: failed.length,
      measured: own.length,
    };
  });
}

function longestGapOf(samples: readonly Sample[], which: Which): number | undefined {
  let longest: number | undefined;
  for (const each of samples)
    if (each.longestGapMs !== undefined && which(each)) longest = Math.max(longest ?? 0, each.longestGapMs);
  return longest;
}

function startOfResponse({ exchange }: FirstBad): string | undefined {
  const body = exchange.kind === 'reply' ? exchange.body : undefined;
  return body === undefined || body.length === 0 || !isUtf8(body)
    ? undefined
    : defuse(body.toString('utf8'), LONGEST_RESPONSE);
}

/** The lines of a golden set that were answered badly, with what was wrong first; empty for any other case. */
function describeLines(
  { lines }: FirstBad,
  of: Plan['cases'][number] | undefined,
  failed: readonly Sample[],
): string {
  if (lines.length === 0 || of?.request.body.kind !== 'bytes') return '';
  const { origin } = of.request.body;
  const bad = new Set(failed.map(({ line }) => line)).size;
  const named = lines
    .slice(0, MOST_LINES)
    .map(({ line, judgement }) => `\n- ${origin}:${line}: ${whatIsWrong(judgement)}`);
  const more = bad - named.length;
  return `\nThe answers to these lines are wrong:${named.join('')}${more > 0 ? `\n- and ${more} more` : ''}`;
}

function whatIsWrong({ mismatches, reason = '' }: FirstBad['judgement']): string {
  const [first] = mismatches;
  return quote(first === undefined ? reason : describeMismatch(first), 200);
}

/** The verdict when one deployment failed. A baseline that fails says nothing about the candidate. */
export function badVerdictOn(target: TargetName): Verdict {
  return target === 'candidate' ? 'failed' : 'inconclusive';
}

/** `json $[0]: expected a number, received "x"`. The result contains remote text. */
export function describeMismatch({ at, wanted, got }: Mismatch): string {
  return `${at}: expected ${wanted}, received ${got}`;
}
