import { markdown } from '../../secrets/untrusted.ts';
import type { CaseFailure, CaseResult, SmokeTestResult, ThresholdResult } from '../../smoke-test/result.ts';
import { formatLatency, formatSpan } from '../../text/format.ts';
import { distinctNames } from '../distinct-names.ts';
import {
  cautions,
  count,
  describeExtent,
  describeRequest,
  describeSpread,
  describeThreshold,
  gradeOf,
} from '../phrases.ts';
import { latencyChart } from './latency-chart.ts';

// A summary larger than 1 MiB is dropped whole, and an escaped character takes up to 6 bytes.
const MOST_CASES = 50;
/** Cases that passed and are not folded. */
const MOST_GOOD_CASES = 10;
const MOST_THRESHOLDS = 50;
const MOST_FAILURES = 10;
const MOST_MISMATCHES = 5;

/** Thresholds, cases, failed expectations and latencies of a smoke test of more than one request. */
export function summaryTables(result: SmokeTestResult): readonly string[] {
  if (result.samples.length === 0) return [nothingMeasured(result), ''];
  return [
    extent(result),
    '',
    ...cautions(result).flatMap((warning) => [`⚠️ ${markdown(warning, 600)}`, '']),
    ...thresholdTable(result.thresholds),
    ...caseTable(result),
    ...failedExpectations(result),
    ...latencyChart(result),
  ];
}

function extent(result: SmokeTestResult): string {
  const { concurrency, durationMs, warmUp } = result;
  return [
    describeExtent(result),
    ...(concurrency > 1 ? [`${concurrency} at a time`] : []),
    `in ${formatSpan(durationMs)}, the warm-up of ${formatSpan(warmUp.ms)} (${count(warmUp.requests, 'request')}) included.`,
  ].join(', ');
}

function nothingMeasured({ warmUp }: SmokeTestResult): string {
  if (warmUp.requests === 0) return 'No request was measured.';
  return `No request was measured: the test ended in its warm-up, after ${formatSpan(warmUp.ms)} (${count(warmUp.requests, 'request')}).`;
}

function thresholdTable(thresholds: readonly ThresholdResult[]): readonly string[] {
  if (thresholds.length === 0) return [];
  return [
    '#### Thresholds',
    '',
    '| Threshold | Measured | Limit | Result |',
    '|---|--:|--:|---|',
    ...thresholds.slice(0, MOST_THRESHOLDS).map((threshold) => {
      const { name, measured, interval, limit, result, mark } = describeThreshold(threshold);
      const note = threshold.note === undefined ? '' : `<br>${markdown(threshold.note, 300)}`;
      return `| ${markdown(name, 60)} | ${measured}${interval === '' ? '' : `<br>${interval}`} | ${limit} | ${mark} ${result}${note} |`;
    }),
    ...more(thresholds.length, MOST_THRESHOLDS, 'threshold'),
    '',
  ];
}

function caseTable(result: SmokeTestResult): readonly string[] {
  const { cases } = result;
  if (cases.length === 0) return [];
  const names = shownNames(cases);
  const columns: readonly (readonly [string, (result: CaseResult) => number | undefined])[] = [
    ['p50', ({ latency }) => latency?.p50],
    ['p95', ({ latency }) => latency?.p95],
    ['max', ({ latency }) => latency?.max],
    ...(cases.some(({ firstEvent }) => firstEvent !== undefined)
      ? ([['First event p95', ({ firstEvent }: CaseResult) => firstEvent?.p95]] as const)
      : []),
    ...(cases.some(({ baseline }) => baseline !== undefined)
      ? ([['Baseline p95', ({ baseline }: CaseResult) => baseline?.p95]] as const)
      : []),
  ];
  const head = [
    `| Case | Passed | ${columns.map(([name]) => name).join(' | ')} |`,
    `|---|--:|${'--:|'.repeat(columns.length)}`,
  ];
  const table = (indexes: readonly number[]): readonly string[] => [
    ...head,
    ...indexes.slice(0, MOST_CASES).map((index) => {
      const one = cases[index]!;
      const latencies = columns.map(([, read]) => {
        const ms = read(one);
        return ms === undefined ? '–' : formatLatency(ms);
      });
      const mark = { good: '✅', allowed: '⚠️', bad: '❌', unsent: '⚪' }[gradeOf(one, result)];
      return `| ${mark} ${names[index]} | ${one.passed}/${one.measured} | ${latencies.join(' | ')} |`;
    }),
    ...more(indexes.length, MOST_CASES, 'case'),
    '',
  ];
  // Beyond ten, what passed is worth a click and no more.
  const indexes = [...cases.keys()];
  const isGood = (index: number): boolean => gradeOf(cases[index]!, result) === 'good';
  const folded = indexes.filter(isGood).slice(MOST_GOOD_CASES);
  const shown = indexes.filter((index) => !folded.includes(index));
  return [
    '#### Cases',
    '',
    ...table(shown),
    ...(folded.length === 0
      ? []
      : [
          `<details><summary>${count(folded.length, 'more case')} that passed</summary>`,
          '',
          ...table(folded),
          '</details>',
          '',
        ]),
  ];
}

function failedExpectations({ cases }: SmokeTestResult): readonly string[] {
  const names = shownNames(cases);
  const failing = cases.flatMap(({ failure }, index) =>
    failure === undefined ? [] : [{ name: names[index] ?? '', failure }],
  );
  if (failing.length === 0) return [];
  return [
    '#### Failed expectations',
    '',
    ...failing.slice(0, MOST_FAILURES).flatMap(({ name, failure }) => describeFailure(name, failure)),
    ...(failing.length > MOST_FAILURES
      ? [`… and of ${count(failing.length - MOST_FAILURES, 'case')} more.`, '']
      : []),
  ];
}

function describeFailure(name: string, failure: CaseFailure): readonly string[] {
  const { mismatches } = failure;
  return [
    `**${name}**, ${describeRequest(failure)}: ${markdown(seenAt(failure), 500)}<br>${describeSpread(failure)}.`,
    '',
    ...(mismatches.length === 0 ? [] : ['| At | Expected | Received |', '|---|---|---|']),
    ...mismatches
      .slice(0, MOST_MISMATCHES)
      .map(
        ({ at, wanted, got }) =>
          `| ${markdown(at, 120)} | ${markdown(wanted, 160)} | ${markdown(got, 160)} |`,
      ),
    ...more(mismatches.length, MOST_MISMATCHES, 'expectation'),
    ...(mismatches.length === 0 ? [] : ['']),
  ];
}

/** The table below lists what a list in the message says. */
function seenAt(failure: CaseFailure): string {
  const { seen } = failure;
  return failure.mismatches.length === 0 ? seen : (seen.split('\n- ', 1)[0] ?? '');
}

/** In Markdown. */
function shownNames(cases: readonly CaseResult[]): readonly string[] {
  return distinctNames(
    cases.map(({ name }) => name),
    (name) => markdown(name, 100),
  );
}

function more(length: number, most: number, noun: string): readonly string[] {
  return length > most ? [`| … and ${count(length - most, noun)} more |`] : [];
}
