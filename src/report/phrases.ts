import type { Traffic } from '../azure/resource-manager/answers.ts';
import type {
  CaseFailure,
  CaseResult,
  Sample,
  SmokeTestResult,
  ThresholdResult,
} from '../smoke-test/result.ts';
import { formatThreshold } from '../smoke-test/verdict/threshold-words.ts';
import { formatLatency, formatMeasure, formatSpan, trimmed } from '../text/format.ts';
import { lineOf } from './markup.ts';

/** A header of each reply names a deployment, and a hostile endpoint may name thousands. */
const MOST_DEPLOYMENTS = 10;

/** In characters: viewers show a message on one line. */
const LONGEST_SENTENCE = 300;

export const MARKS = { passed: '✅', failed: '❌', inconclusive: '⚠️', error: '❌', skipped: '⚪' } as const;

/** `1 request`, `1,200 requests` */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** A threshold in words for a person. */
export interface ThresholdWords {
  readonly name: string;
  readonly measured: string;
  /** `95 % interval 0.98 to 1.61×`; empty when there is none. */
  readonly interval: string;
  /** `≤ 800 ms` */
  readonly limit: string;
  /** Such as `met`, or `not judged, advisory`. */
  readonly result: `${'met' | 'missed' | 'not judged'}${'' | ', advisory'}`;
  readonly mark: string;
}

export function describeThreshold(threshold: ThresholdResult): ThresholdWords {
  const { name, unit, measured, met, advisory, interval } = threshold;
  const outcome = met ? 'met' : 'missed';
  const words = formatThreshold(threshold);
  return {
    name,
    measured: words.measured ?? '–',
    interval:
      interval === undefined
        ? ''
        : `95 % interval ${trimmed(interval[0], 2)} to ${formatMeasure(interval[1], unit)}`,
    limit: `${unit === 'share' ? '≥' : '≤'} ${words.limit}`,
    result: `${measured === undefined ? 'not judged' : outcome}${advisory ? ', advisory' : ''}`,
    mark: met ? '✅' : advisory || measured === undefined ? '⚠️' : '❌',
  };
}

/** `blue (90 %), green (10 %)`; remote text. */
export function describeTraffic(traffic: Traffic): string {
  const shares = Object.entries(traffic);
  if (shares.length === 0) return 'no deployment has traffic';
  return shares.map(([deployment, percent]) => `${deployment} (${percent} %)`).join(', ');
}

/** Whether the verdict and one latency tell all there is: one request, and no threshold but that it passes. */
export function isOneRequest({ cases, thresholds }: SmokeTestResult): boolean {
  return cases.length <= 1 && cases.every(({ measured }) => measured <= 1) && thresholds.every(isDefault);
}

/** Every measured request must pass unless the plan says otherwise. */
function isDefault({ name, limit }: ThresholdResult): boolean {
  return name === 'success-rate' && limit === 1;
}

/** `20 requests for each of 2 cases`; `25 requests for 2 cases` when not all have as many; `3 of 40 requests` when the test ended early. */
export function describeExtent(result: SmokeTestResult): string {
  const { samplesPerCase, cases } = result;
  const each = cases.map(({ planned }) => planned ?? samplesPerCase);
  const planned = each.reduce((sum, requests) => sum + requests, 0);
  const done = candidateRequests(result).length;
  if (done < planned) return `${done.toLocaleString('en')} of ${count(planned, 'request')}`;
  if (new Set(each).size > 1) return `${count(planned, 'request')} for ${count(cases.length, 'case')}`;
  const requests = count(each[0] ?? samplesPerCase, 'request');
  const extent = cases.length === 1 ? requests : `${requests} for each of ${count(cases.length, 'case')}`;
  return result.openLoop === undefined ? extent : `${extent} ${describeRate(result.openLoop)}`;
}

/** `at 20/s for 1 min, 3 of which waited for a place, 120 ms at most` */
function describeRate({
  perSecond,
  durationMs,
  waited,
  longestWaitMs,
}: NonNullable<SmokeTestResult['openLoop']>): string {
  const waits =
    waited === 0
      ? ''
      : `, ${waited.toLocaleString('en')} of which waited for a place, ${formatLatency(longestWaitMs)} at most`;
  return `at ${trimmed(perSecond, 2)}/s for ${formatSpan(durationMs)}${waits}`;
}

/** What a person should know, whatever the verdict is. */
export function cautions({ warnings = [], busyRunner }: SmokeTestResult): readonly string[] {
  return busyRunner === undefined ? warnings : [busyRunner, ...warnings];
}

export function candidateRequests({ samples }: SmokeTestResult): readonly Sample[] {
  return samples.filter(({ target }) => target === 'candidate');
}

/** How many of the candidate's requests each deployment answered. The names are remote text. */
export function answeredBy(result: SmokeTestResult): ReadonlyMap<string, number> {
  const requests = new Map<string, number>();
  for (const { deployment } of candidateRequests(result)) {
    if (deployment !== undefined) requests.set(deployment, (requests.get(deployment) ?? 0) + 1);
  }
  return requests;
}

/** The deployments that answered when there were several, most first: `blue (12 requests), green (8 requests)`. */
export function describeAnsweredBy(result: SmokeTestResult): string | undefined {
  const answered = [...answeredBy(result)].sort(([, a], [, b]) => b - a);
  if (answered.length < 2) return undefined;
  const shown = answered
    .slice(0, MOST_DEPLOYMENTS)
    .map(([name, requests]) => `${name} (${count(requests, 'request')})`);
  const more = answered.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Whether the verdict is good in spite of failed requests of a case, because a success rate allows them. */
export function toleratesFailures({ verdict, thresholds, cases }: SmokeTestResult, one: CaseResult): boolean {
  const rates = thresholds.filter(({ unit }) => unit === 'share');
  const own = rates.find(({ caseIndex }) => caseIndex !== undefined && cases[caseIndex] === one);
  const rate = own ?? rates.find(({ caseIndex }) => caseIndex === undefined);
  return verdict === 'passed' || rate?.met === true || rate?.advisory === true;
}

/**
 * How a case is shown; `allowed`: some of its requests failed, as `success-rate` allows; `unsent`: the test ended before
 * it was measured.
 */
export function gradeOf(one: CaseResult, result: SmokeTestResult): 'good' | 'allowed' | 'bad' | 'unsent' {
  const { passed, measured } = one;
  if (measured === 0) return isToBlame(one, result) ? 'bad' : 'unsent';
  if (passed === measured) return 'good';
  return toleratesFailures(result, one) ? 'allowed' : 'bad';
}

/** Whether the request of this case ended the test in its warm-up. */
export function isToBlame(one: CaseResult, { cases, endedBy }: SmokeTestResult): boolean {
  return endedBy !== undefined && cases[endedBy] === one;
}

/** `3 of 20 requests failed the same way; 5 failed in all` */
export function describeSpread({ sameWay, failed, measured }: CaseFailure): string {
  const most = `${sameWay.toLocaleString('en')} of ${count(measured, 'request')} failed`;
  if (sameWay === failed) return sameWay === 1 ? most : `${most} the same way`;
  return `${most} ${sameWay === 1 ? 'this' : 'the same'} way; ${failed.toLocaleString('en')} failed in all`;
}

/** Which request failed: `request 3`, `request 3 to the baseline`. */
export function describeRequest({ request, target }: CaseFailure): string {
  return `request ${request}${target === 'baseline' ? ' to the baseline' : ''}`;
}

/**
 * The first sentence of a defused text, and the lines of what follows. One that is too long for a line is cut, and then
 * stands whole in the rest, too.
 */
export function firstSentence(text: string): { readonly first: string; readonly rest: readonly string[] } {
  const sentence = /^.*?[.!?](?= |$)|^.*/m.exec(text)?.[0] ?? '';
  if (sentence.length > LONGEST_SENTENCE)
    return { first: lineOf(sentence, LONGEST_SENTENCE), rest: text.split('\n') };
  const rest = text.slice(sentence.length).trim();
  return { first: sentence.replace(/:$/, ''), rest: rest === '' ? [] : rest.split('\n') };
}
