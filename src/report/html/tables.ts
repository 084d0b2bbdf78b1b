import type { CaseFailure, CaseResult, SmokeTestResult, ThresholdResult } from '../../smoke-test/result.ts';
import { formatLatency } from '../../text/format.ts';
import { distinctNames } from '../distinct-names.ts';
import { escapeMarkup, lineOf, linesOf, markup } from '../markup.ts';
import { describeRequest, describeSpread, describeThreshold, firstSentence, gradeOf } from '../phrases.ts';
import { more, table } from './table.ts';

// A hostile endpoint must not be able to make the page too large for a browser.
const MOST_CASES = 200;
const MOST_THRESHOLDS = 100;
const MOST_FAILURES = 20;
const MOST_MISMATCHES = 10;
const LONGEST_SEEN = 1_000;
const LONGEST_RESPONSE = 2_000;

export function thresholdTable(thresholds: readonly ThresholdResult[]): string {
  if (thresholds.length === 0) return '';
  const rows = thresholds.slice(0, MOST_THRESHOLDS).map((threshold) => {
    const { measured, interval, limit, result } = describeThreshold(threshold);
    const colour = threshold.met ? 'met' : result === 'missed' ? 'missed' : 'unsure';
    const note =
      threshold.note === undefined ? '' : `<div class="note">${markup(threshold.note, 1_000)}</div>`;
    return [
      `<code>${markup(threshold.name, 60)}</code>${note}`,
      `${measured}${interval === '' ? '' : `<div class="note">${interval}</div>`}`,
      `<span class="whole">${limit}</span>`,
      `<strong class="word ${colour}">${result}</strong>`,
    ];
  });
  return `<h2>Thresholds</h2>
${table(
  'Measured values and their limits',
  [{ name: 'Threshold' }, { name: 'Measured' }, { name: 'Limit' }, { name: 'Result' }],
  rows,
)}
${more(thresholds.length, MOST_THRESHOLDS, 'threshold')}`;
}

export function caseTable(result: SmokeTestResult): string {
  const { cases } = result;
  if (cases.length === 0) return '';
  const optional = [
    { name: 'First event p50', read: ({ firstEvent }: CaseResult) => firstEvent?.p50 },
    { name: 'First event p95', read: ({ firstEvent }: CaseResult) => firstEvent?.p95 },
    { name: 'Longest gap', read: ({ longestGapMs }: CaseResult) => longestGapMs },
    { name: 'Baseline p50', read: ({ baseline }: CaseResult) => baseline?.p50 },
    { name: 'Baseline p95', read: ({ baseline }: CaseResult) => baseline?.p95 },
  ].filter(({ read }) => cases.some((one) => read(one) !== undefined));
  const latencies = [
    { name: 'p50', read: ({ latency }: CaseResult) => latency?.p50 },
    { name: 'p95', read: ({ latency }: CaseResult) => latency?.p95 },
    { name: 'max', read: ({ latency }: CaseResult) => latency?.max },
    ...optional,
  ];
  const names = shownNames(cases);
  const rows = cases.slice(0, MOST_CASES).map((one, index) => {
    const colour = { good: 'met', allowed: 'unsure', bad: 'missed', unsent: 'unsure' }[gradeOf(one, result)];
    return [
      escapeMarkup(names[index] ?? ''),
      `<span class="${colour}">${one.passed}/${one.measured}</span>`,
      ...latencies.map(({ read }) => {
        const ms = read(one);
        return ms === undefined ? '–' : formatLatency(ms);
      }),
    ];
  });
  return `<h2>Cases</h2>
${table(
  'How many of the measured requests passed. Latencies are of requests that passed or timed out; if none passed, of all answers',
  [
    { name: 'Case' },
    { name: 'Passed', kind: 'number' },
    ...latencies.map(({ name }) => ({ name, kind: 'number' as const })),
  ],
  rows,
)}
${more(cases.length, MOST_CASES, 'case')}`;
}

export function failedExpectations(cases: readonly CaseResult[]): string {
  const names = shownNames(cases);
  const failing = cases.flatMap(({ failure }, index) =>
    failure === undefined ? [] : [{ name: names[index] ?? '', failure }],
  );
  if (failing.length === 0) return '';
  const parts = failing
    .slice(0, MOST_FAILURES)
    .map(({ name, failure }) => describeFailure(escapeMarkup(name), failure.seen, failure));
  return `<h2>Failed expectations</h2>
${parts.join('\n')}
${more(failing.length, MOST_FAILURES, 'case')}`;
}

function describeFailure(name: string, seen: string, failure: CaseFailure): string {
  const { mismatches } = failure;
  const said = `<p class="said"><strong>${name}</strong>, ${describeRequest(failure)}: ${whatHappened(seen, mismatches.length > 0)}
${describeSpread(failure)}.</p>`;
  const response = responseOf(failure, name);
  if (mismatches.length === 0) return `${said}${response}`;
  const rows = mismatches
    .slice(0, MOST_MISMATCHES)
    .map(({ at, wanted, got }) => [
      `<code>${markup(at, 200)}</code>`,
      `<code>${markup(wanted, 300)}</code>`,
      `<code>${markup(got, 300)}</code>`,
    ]);
  return `${said}
${table(
  `Expectations of ${name} that ${describeRequest(failure)} did not meet`,
  [{ name: 'At' }, { name: 'Expected', kind: 'text' }, { name: 'Received', kind: 'text' }],
  rows,
)}
${more(mismatches.length, MOST_MISMATCHES, 'expectation')}${response}`;
}

/** @param isListed whether a table has the expectations and the lines that the description lists, too */
function whatHappened(seen: string, isListed: boolean): string {
  const { first, rest } = firstSentence(linesOf(seen, LONGEST_SEEN).join('\n'));
  const more = isListed ? rest.filter((line) => !/^- |:$/.test(line)) : rest;
  return escapeMarkup([/[.!?]$/.test(first) ? first : `${first}.`, ...more].join('\n'));
}

/** The start of the reply. @param name of the case, as HTML */
function responseOf(failure: CaseFailure, name: string): string {
  const { response = '' } = failure;
  if (response.trim() === '') return '';
  const text = escapeMarkup(linesOf(response, LONGEST_RESPONSE).join('\n'));
  return `
<details open><summary>The response to ${describeRequest(failure)} of ${name}</summary>
<pre>${text}</pre>
</details>`;
}

export function shownNames(cases: readonly CaseResult[]): readonly string[] {
  return distinctNames(
    cases.map(({ name }) => name),
    (name) => lineOf(name, 100),
  );
}
