import type { CaseFailure, CaseResult, SmokeTestResult, ThresholdResult } from '../smoke-test/result.ts';
import { describeMismatch } from '../smoke-test/verdict/conclusion.ts';
import { NAME, VERSION } from '../version.ts';
import { distinctNames } from './distinct-names.ts';
import { escapeMarkup, lineOf, linesOf, markup } from './markup.ts';
import {
  answeredBy,
  describeAnsweredBy,
  describeRequest,
  describeSpread,
  describeThreshold,
  firstSentence,
  isToBlame,
  toleratesFailures,
} from './phrases.ts';
import { isTested, type Report } from './report.ts';

const LONGEST_NAME = 200;
const MOST_MISMATCHES = 20;

/** How a testcase ended; `note`: it passed, with something to say. */
interface TestCase {
  readonly group: 'cases' | 'thresholds' | 'run';
  /** As it is shown. */
  readonly name: string;
  readonly seconds: number;
  readonly outcome: 'passed' | 'note' | 'skipped' | 'failure' | 'error';
  readonly type: string;
  /** One sentence, defused. */
  readonly message: string;
  /** What the message does not say; defused. */
  readonly details: readonly string[];
}

/**
 * The report for CI systems that read JUnit: one suite per run, one testcase per case and per threshold.
 * A testcase is red only when the verdict is bad: failed requests that `success-rate` allows are a note.
 * Class names hold workspace, endpoint and deployment, so that the runs of several do not mix in one viewer.
 */
export function junitReport({ endpoint, result }: Report): string {
  const testCases = testCasesOf(result);
  const number = (outcome: TestCase['outcome']): number =>
    testCases.filter((testCase) => testCase.outcome === outcome).length;
  const { name, workspace } = endpoint.address;
  const deployment = deploymentOf(result);
  const className = [workspace ?? 'unknown', name, deployment]
    .map((part) => lineOf(part, LONGEST_NAME).replaceAll('.', '-'))
    .join('.');
  const suite = `Azure ML endpoint ${lineOf(name, LONGEST_NAME)} in workspace ${lineOf(workspace ?? 'unknown', LONGEST_NAME)}, deployment ${lineOf(deployment, LONGEST_NAME)}`;
  const counts = `tests="${testCases.length}" failures="${number('failure')}" errors="${number('error')}"`;
  const time = `time="${seconds(result.durationMs)}"`;
  // In UTC, and without a zone because other JUnit schemas forbid one.
  const timestamp = result.startedAt.toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${NAME}" ${counts} ${time}>`,
    `  <testsuite name="${escapeMarkup(suite)}" ${counts} skipped="${number('skipped')}" ${time} timestamp="${timestamp}">`,
    '    <properties>',
    ...propertiesOf(result).map(
      ([property, value]) => `      <property name="${property}" value="${markup(value, LONGEST_NAME)}"/>`,
    ),
    '    </properties>',
    ...testCases.flatMap((testCase) => element(testCase, className)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

/** The deployment that was asked, or those that answered; `traffic` when none of them is known. */
function deploymentOf(result: SmokeTestResult): string {
  const answered = [...answeredBy(result).keys()].sort();
  return answered.length > 1 ? answered.join('+') : (result.deployment ?? 'traffic');
}

function propertiesOf(result: SmokeTestResult): readonly [string, string][] {
  const { verdict, deployment, baselineDeployment, samplesPerCase, concurrency, seed } = result;
  const answered = describeAnsweredBy(result);
  return [
    ['tool', `${NAME} ${VERSION}`],
    ['verdict', verdict],
    ...(deployment === undefined ? [] : ([['deployment', deployment]] as [string, string][])),
    ...(baselineDeployment === undefined
      ? []
      : ([['baseline-deployment', baselineDeployment]] as [string, string][])),
    ...(answered === undefined ? [] : ([['answered-by', answered]] as [string, string][])),
    ...(isTested(result)
      ? ([
          ['samples', String(samplesPerCase)],
          ['concurrency', String(concurrency)],
          ['seed', String(seed)],
        ] as [string, string][])
      : []),
  ];
}

function testCasesOf(result: SmokeTestResult): readonly TestCase[] {
  const names = distinctNames(
    result.cases.map(({ name }) => name),
    (name) => lineOf(name, LONGEST_NAME),
  );
  const found = [
    ...result.cases.map((one, index) => fromCase({ ...one, name: names[index] ?? '' }, one, result)),
    ...result.thresholds.map((one) => fromThreshold(one, result)),
  ];
  const isRed = found.some(({ outcome }) => outcome === 'failure' || outcome === 'error');
  const { verdict } = result;
  const isGood = verdict === 'passed' || verdict === 'skipped';
  if (isRed || (isGood && found.length > 0)) return found;
  // A bad verdict must not look green when no case and no threshold is to blame, and some viewers refuse an empty suite.
  return [
    testCase('run', 'smoke test', isGood ? verdict : red(result), result, withoutFailures(result)),
    ...found,
  ];
}

/** Why the verdict is bad, without what the test cases of the cases say. */
function withoutFailures({ message = '', cases }: SmokeTestResult): string {
  return cases
    .reduce(
      (rest, { failure }) => (failure === undefined ? rest : rest.replace(failure.message, '')),
      message,
    )
    .trim();
}

function fromCase(
  { name, failure, measured }: CaseResult,
  original: CaseResult,
  result: SmokeTestResult,
): TestCase {
  const ownMs = result.samples
    .filter(({ caseIndex, target }) => result.cases[caseIndex] === original && target === 'candidate')
    .reduce((total, { latencyMs }) => total + latencyMs, 0);
  if (failure !== undefined) {
    const outcome = toleratesFailures(result, original) ? 'note' : red(result);
    const told = testCase('cases', name, outcome, result, failure.seen, ownMs);
    return { ...told, details: [...told.details, ...restOf(failure)] };
  }
  if (measured > 0) return testCase('cases', name, 'passed', result, '', ownMs);
  if (isToBlame(original, result)) return testCase('cases', name, red(result), result, result.message);
  // The message is about another request.
  return testCase('cases', name, 'skipped', result, NOT_SENT);
}

/** What the description of a failure does not say: more expectations, and how many requests failed. */
function restOf(failure: CaseFailure): readonly string[] {
  const { seen, mismatches, measured } = failure;
  return [
    ...mismatches
      .slice(0, MOST_MISMATCHES)
      .map((mismatch) => lineOf(describeMismatch(mismatch)))
      .filter((line) => !seen.includes(line))
      .map((line) => `- ${line}`),
    ...(measured === 1 ? [] : [`Seen in ${describeRequest(failure)}; ${describeSpread(failure)}.`]),
  ];
}

function fromThreshold(threshold: ThresholdResult, result: SmokeTestResult): TestCase {
  const { name, measured, met, advisory, note } = threshold;
  const words = describeThreshold(threshold);
  const range = words.interval === '' ? '' : ` (${words.interval})`;
  const message =
    measured === undefined
      ? `could not be measured; the limit is ${words.limit}`
      : `measured ${words.measured}${range}, limit ${words.limit}`;
  const bad = advisory ? 'skipped' : measured === undefined ? 'error' : red(result);
  const outcome = met ? (note === undefined ? 'passed' : 'note') : bad;
  return {
    ...testCase('thresholds', name, outcome, result),
    message: advisory && !met ? `missed, advisory: ${message}` : message,
    details: note === undefined ? [] : [lineOf(note, 1_000)],
  };
}

/** @param text what happened: its first sentence is the message */
function testCase(
  group: TestCase['group'],
  name: string,
  outcome: TestCase['outcome'],
  { verdict }: SmokeTestResult,
  text = '',
  ms = 0,
): TestCase {
  const { first, rest } = firstSentence(linesOf(text).join('\n'));
  return { group, name, seconds: ms / 1_000, outcome, type: verdict, message: first, details: rest };
}

const NOT_SENT = 'It was not measured, because the test ended first.';

/** Rollback automation acts on failures, people on errors. */
function red({ verdict }: SmokeTestResult): 'failure' | 'error' {
  return verdict === 'failed' ? 'failure' : 'error';
}

function element(
  { group, name, seconds: time, outcome, type, message, details }: TestCase,
  className: string,
): readonly string[] {
  const attributes = `name="${escapeMarkup(name)}" classname="${escapeMarkup(className)}.${group}" time="${time.toFixed(3)}"`;
  if (outcome === 'passed') return [`    <testcase ${attributes}/>`];
  const said = escapeMarkup(message);
  const body = escapeMarkup(details.join('\n'));
  const inner = {
    note: `<system-out>${escapeMarkup([message, ...details].join('\n'))}</system-out>`,
    skipped: `<skipped message="${said}">${body}</skipped>`,
    failure: `<failure type="${type}" message="${said}">${body}</failure>`,
    error: `<error type="${type}" message="${said}">${body}</error>`,
  }[outcome].replace(/><\/\w+>$/, '/>');
  return [`    <testcase ${attributes}>`, `      ${inner}`, '    </testcase>'];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
