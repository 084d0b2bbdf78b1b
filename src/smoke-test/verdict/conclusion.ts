import { summarizeTimes } from '../measure/latencies.ts';
import type { FirstBad, Measured } from '../measure/measure.ts';
import type { Mismatch, Plan } from '../plan/plan.ts';
import type { CaseFailure, CaseResult, Sample, ThresholdResult } from '../result.ts';
import type { Verdict } from './status-table.ts';
import { describeMissed } from './threshold-words.ts';

/** Reasons that a sentence lists. */
const MOST_NAMED = 3;

/** The verdict on what was measured, and why, when it is not `passed`. */
export function conclude(
  { thresholds }: Plan,
  { samples: measurements, stoppedBy }: Measured,
  results: readonly ThresholdResult[],
  failures: readonly CaseFailure[],
): { readonly verdict: Verdict; readonly message: string | undefined } {
  if (stoppedBy !== undefined) {
    const failure = failures.find(
      ({ caseIndex, target }) => caseIndex === stoppedBy.caseIndex && target === stoppedBy.target,
    );
    return { verdict: 'error', message: failure?.message };
  }
  const missed = results.filter(({ met, advisory }) => !met && !advisory);
  if (missed.length === 0) {
    // Limits that ask for nothing, or are advisory, are met by silence too.
    return measurements.some(({ target, outcome }) => target === 'candidate' && outcome !== 'unanswered')
      ? { verdict: 'passed', message: undefined }
      : {
          verdict: 'inconclusive',
          message: ['No request was answered.', ...failures.map(({ message }) => message)]
            .slice(0, 1 + MOST_NAMED)
            .join('\n'),
        };
  }
  const telling = failures.filter(
    ({ target }) => target === 'candidate' || missed.some(isUnmeasuredBaseline),
  );
  const message = messageOf(missed, telling);
  const wanting = onlyForWantOfAnswers(measurements, thresholds.successRate);
  const saysNothing = missed.every(
    (result) =>
      // A baseline that gave no answers says nothing about the candidate, and a throttled candidate nothing at all.
      isUnmeasuredBaseline(result) ||
      (wanting && (result.measured === undefined || result.name === 'success-rate')),
  );
  return { verdict: saysNothing ? 'inconclusive' : 'failed', message };
}

function messageOf(missed: readonly ThresholdResult[], telling: readonly CaseFailure[]): string {
  // What the baseline did is told by its threshold, too.
  const more = telling.slice(MOST_NAMED).filter(({ target }) => target === 'candidate').length;
  return [
    ...missed.filter((result) => !isToldByFailures(result, telling)).map(describeMissed),
    ...telling.slice(0, MOST_NAMED).map(({ message }) => message),
    ...(more > 0 ? [`${more} more ${more === 1 ? 'case' : 'cases'} failed; the log tells how.`] : []),
  ].join('\n');
}

function isUnmeasuredBaseline({ name, measured }: ThresholdResult): boolean {
  return measured === undefined && name.startsWith('baseline.');
}

/** That every request must pass is no limit that somebody set: what failed says it better. */
function isToldByFailures({ name, limit }: ThresholdResult, failures: readonly CaseFailure[]): boolean {
  return name === 'success-rate' && limit === 1 && failures.some(({ target }) => target === 'candidate');
}

/** Whether the rate would be good if those that were throttled or not ready had been left out of the bad. */
function onlyForWantOfAnswers(measurements: readonly Sample[], limit: number): boolean {
  const candidate = measurements.filter(({ target }) => target === 'candidate');
  const notBad = candidate.filter(({ outcome, inconclusive }) => outcome === 'passed' || inconclusive).length;
  return candidate.length > 0 && notBad / candidate.length >= limit;
}

export function caseResults(
  { cases }: Plan,
  measurements: readonly Sample[],
  failures: readonly CaseFailure[],
): readonly CaseResult[] {
  return cases.map(({ name }, index) => {
    const own = measurements.filter(({ caseIndex }) => caseIndex === index);
    const candidate = own.filter(({ target }) => target === 'candidate');
    return {
      name,
      measured: candidate.length,
      passed: candidate.filter(({ outcome }) => outcome === 'passed').length,
      latency: summarizeTimes(candidate, 'latencyMs'),
      firstEvent: summarizeTimes(candidate, 'firstEventMs'),
      baseline: summarizeTimes(
        own.filter(({ target }) => target === 'baseline'),
        'latencyMs',
      ),
      failure: failures.find(({ caseIndex, target }) => caseIndex === index && target === 'candidate'),
    };
  });
}

/** @param seen what was seen at each first bad request, for a person */
export function caseFailures(
  { cases }: Plan,
  { samples: measurements, firstBad }: Measured,
  seen: ReadonlyMap<FirstBad, string>,
): readonly CaseFailure[] {
  return firstBad.map((bad) => {
    const { caseIndex, target, request, examined } = bad;
    const own = measurements.filter((each) => each.caseIndex === caseIndex && each.target === target);
    const failed = own.filter(({ outcome }) => outcome !== 'passed');
    const sameWay = failed.filter(({ reason }) => reason === examined.reason).length;
    const many = cases.length > 1 || own.length > 1;
    const where = many
      ? `Case '${cases[caseIndex]?.name ?? ''}', request ${request}${target === 'baseline' ? ' to the baseline' : ''}: `
      : '';
    const counted = many
      ? `${failed.length} of ${own.length} request${own.length === 1 ? '' : 's'} failed${sameWay < failed.length ? `, ${sameWay} of them the same way` : ''}.`
      : '';
    const text = seen.get(bad) ?? '';
    // Behind the last item of a list it would read as a part of it.
    const between = counted === '' ? '' : text.includes('\n') ? '\n' : ' ';
    return {
      caseIndex,
      target,
      request,
      seen: text,
      message: `${where}${text}${between}${counted}`,
      mismatches: examined.mismatches,
      sameWay,
      failed: failed.length,
      measured: own.length,
    };
  });
}

/** `json $[0]: wanted a number, got "x"`; remote text. */
export function describeMismatch({ at, wanted, got }: Mismatch): string {
  return `${at}: wanted ${wanted}, got ${got}`;
}
