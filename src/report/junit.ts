import type { CaseResult, SmokeTestResult, ThresholdResult } from '../smoke-test/result.ts';
import { NAME, VERSION } from '../version.ts';
import { escapeMarkup, lineOf, linesOf, markup } from './markup.ts';
import { describeRequest, describeSpread, describeThreshold, toleratesFailures } from './phrases.ts';
import type { Report } from './report.ts';

const LONGEST_NAME = 200;
const MOST_MISMATCHES = 20;

/** How a testcase ended; `note`: it passed, with something to say. */
interface TestCase {
  readonly group: 'cases' | 'thresholds' | 'run';
  readonly name: string;
  readonly seconds: number;
  readonly outcome: 'passed' | 'note' | 'skipped' | 'failure' | 'error';
  readonly type: string;
  readonly message: string;
  /** Defused. */
  readonly lines: readonly string[];
}

/**
 * The report for CI systems that read JUnit: one suite per run, one testcase per case and per threshold.
 * A testcase is red only when the verdict is bad: failed requests that `success-rate` allows are a note.
 * Names do not contain the deployment, so that a test keeps its history when blue and green change places.
 */
export function junitReport({ endpoint, result }: Report): string {
  const testCases = testCasesOf(result);
  const number = (outcome: TestCase['outcome']): number =>
    testCases.filter((testCase) => testCase.outcome === outcome).length;
  const name = markup(endpoint.address.name, LONGEST_NAME);
  const counts = `tests="${testCases.length}" failures="${number('failure')}" errors="${number('error')}"`;
  const time = `time="${seconds(result.durationMs)}"`;
  // In UTC, and without a zone because other JUnit schemas forbid one.
  const timestamp = result.startedAt.toISOString().slice(0, 19);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${NAME}" ${counts} ${time}>`,
    `  <testsuite name="Azure ML endpoint ${name}" ${counts} skipped="${number('skipped')}" ${time} timestamp="${timestamp}">`,
    '    <properties>',
    ...propertiesOf(result).map(
      ([property, value]) => `      <property name="${property}" value="${markup(value, LONGEST_NAME)}"/>`,
    ),
    '    </properties>',
    ...testCases.flatMap((testCase) => element(testCase, name)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function propertiesOf(result: SmokeTestResult): readonly [string, string][] {
  const { verdict, deployment, baselineDeployment, samplesPerCase, concurrency, seed } = result;
  return [
    ['tool', `${NAME} ${VERSION}`],
    ['verdict', verdict],
    ...(deployment === undefined ? [] : ([['deployment', deployment]] as [string, string][])),
    ...(baselineDeployment === undefined
      ? []
      : ([['baseline-deployment', baselineDeployment]] as [string, string][])),
    ['samples', String(samplesPerCase)],
    ['concurrency', String(concurrency)],
    ['seed', String(seed)],
  ];
}

function testCasesOf(result: SmokeTestResult): readonly TestCase[] {
  const found = [
    ...result.cases.map((one) => fromCase(one, result)),
    ...result.thresholds.map((one) => fromThreshold(one, result)),
  ];
  const isRed = found.some(({ outcome }) => outcome === 'failure' || outcome === 'error');
  const { verdict } = result;
  if (verdict === 'skipped' || isRed || (verdict === 'passed' && found.length > 0)) return found;
  // A bad verdict must not look green when no case and no threshold is to blame.
  return [testCase('run', 'smoke test', verdict === 'passed' ? 'passed' : red(result), result), ...found];
}

function fromCase(one: CaseResult, result: SmokeTestResult): TestCase {
  const { name, failure, measured } = one;
  const ownMs = result.samples
    .filter(({ caseIndex, target }) => result.cases[caseIndex] === one && target === 'candidate')
    .reduce((total, { latencyMs }) => total + latencyMs, 0);
  if (failure !== undefined) {
    const lines = [
      `${describeRequest(failure)}: ${linesOf(failure.message).join('\n')}`,
      ...failure.mismatches
        .slice(0, MOST_MISMATCHES)
        .map(({ at, wanted, got }) => `${lineOf(at)}: wanted ${lineOf(wanted)}, got ${lineOf(got)}`),
      `${describeSpread(failure)}.`,
    ];
    const outcome = toleratesFailures(result) ? 'note' : red(result);
    return { ...testCase('cases', name, outcome, result, ownMs), message: failure.message, lines };
  }
  if (measured > 0) return testCase('cases', name, 'passed', result, ownMs);
  return testCase('cases', name, result.verdict === 'skipped' ? 'skipped' : red(result), result);
}

function fromThreshold(threshold: ThresholdResult, result: SmokeTestResult): TestCase {
  const { name, measured, met, advisory, note } = threshold;
  const words = describeThreshold(threshold);
  const range = words.interval === '' ? '' : ` (${words.interval})`;
  const message =
    measured === undefined
      ? `nothing was measured; the limit is ${words.limit}`
      : `measured ${words.measured}${range}, limit ${words.limit}`;
  const bad = advisory ? 'skipped' : measured === undefined ? 'error' : red(result);
  return {
    ...testCase('thresholds', name, met ? (note === undefined ? 'passed' : 'note') : bad, result),
    message: advisory && !met ? `missed, advisory: ${message}` : message,
    lines: note === undefined ? [message] : [message, lineOf(note, 1_000)],
  };
}

function testCase(
  group: TestCase['group'],
  name: string,
  outcome: TestCase['outcome'],
  { verdict, message = '' }: SmokeTestResult,
  ms = 0,
): TestCase {
  return { group, name, seconds: ms / 1_000, outcome, type: verdict, message, lines: linesOf(message) };
}

/** Rollback automation acts on failures, people on errors. */
function red({ verdict }: SmokeTestResult): 'failure' | 'error' {
  return verdict === 'failed' ? 'failure' : 'error';
}

function element({ group, name, seconds: time, outcome, type, message, lines }: TestCase, endpoint: string) {
  const attributes = `name="${markup(name, LONGEST_NAME)}" classname="${endpoint}.${group}" time="${time.toFixed(3)}"`;
  if (outcome === 'passed') return [`    <testcase ${attributes}/>`];
  const text = escapeMarkup(lines.join('\n'));
  const inner = {
    note: `<system-out>${text}</system-out>`,
    skipped: `<skipped message="${markup(message)}"/>`,
    failure: `<failure type="${type}" message="${markup(message)}">${text}</failure>`,
    error: `<error type="${type}" message="${markup(message)}">${text}</error>`,
  }[outcome];
  return [`    <testcase ${attributes}>`, `      ${inner}`, '    </testcase>'];
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3);
}
