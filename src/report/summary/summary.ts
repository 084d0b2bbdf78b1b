import type { Credential } from '../../azure/credential.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { defuse, escapeMarkdown, markdown } from '../../secrets/untrusted.ts';
import type { SmokeTestResult } from '../../smoke-test/result.ts';
import { formatDuration, formatLatency, isoSeconds } from '../../text/format.ts';
import { describeAnsweredBy, describeTraffic, isOneRequest, MARKS } from '../phrases.ts';
import { summaryTables } from './tables.ts';

/** More lines of a message than this are a dump, and GitHub drops a summary of more than 1 MiB whole. */
const MOST_LINES = 30;

/** Of a container's log; the step's own log has more. */
const MOST_LOG_LINES = 40;

/**
 * The job summary in Markdown, the verdict first. All remote text in it is escaped.
 * @param result undefined when no smoke test was asked for
 */
export function summaryOf(
  endpoint: Endpoint,
  credential: Credential,
  result: SmokeTestResult | undefined,
  now: Date,
): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Endpoint', `${markdown(endpoint.address.name)} in workspace ${markdown(endpoint.address.workspace)}`],
    [
      'Scoring URI',
      endpoint.scoringUri === undefined ? 'none yet' : `<code>${markdown(endpoint.scoringUri)}</code>`,
    ],
    ['Auth mode', `${markdown(credential.mode)}, ${expiry(credential, now)}`],
    ['Traffic', markdown(describeTraffic(endpoint.traffic))],
    ...(result === undefined ? [] : [smokeTestRow(result)]),
  ];
  const facts = ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), ''];
  return [
    `### ${headline(endpoint, credential, result)}`,
    '',
    ...(result === undefined ? facts : tested(result, 'Endpoint', facts)),
  ].join('\n');
}

/** What is seen at a glance: the verdict, or that there is a credential, and how long. */
function headline(endpoint: Endpoint, credential: Credential, result: SmokeTestResult | undefined): string {
  const name = markdown(endpoint.address.name);
  if (result !== undefined) return `${MARKS[result.verdict]} Azure ML endpoint ${name}: ${result.verdict}`;
  const expires = credential.mode === 'key' ? undefined : credential.expiresOn;
  const until = expires === undefined ? '' : `, expires ${isoSeconds(expires)}`;
  return `✅ Azure ML endpoint ${name}: credential ready${until}`;
}

function smokeTestRow(result: SmokeTestResult): readonly [string, string] {
  return ['Smoke test', `${MARKS[result.verdict]} ${result.verdict}${figures(result)}`];
}

/** The cause first, then what was measured, what the containers logged, and where. */
function tested(result: SmokeTestResult, where: string, facts: readonly string[]): readonly string[] {
  const measured = isOneRequest(result) ? [] : summaryTables(result);
  const heading = measured.length === 0 ? [] : [`#### ${where}`, ''];
  return [...cause(result), ...measured, ...containerLogs(result), ...heading, ...facts];
}

const ALERTS = { failed: 'CAUTION', error: 'CAUTION', inconclusive: 'WARNING' } as const;

/** GitHub draws a coloured box; elsewhere it is a quotation. */
function alert(kind: string, lines: readonly string[]): string {
  return `> [!${kind}]\n> ${lines.join('<br>\n> ')}`;
}

function cause({ verdict, message }: SmokeTestResult): readonly string[] {
  if (verdict === 'passed' || verdict === 'skipped' || !message) return [];
  return [alert(ALERTS[verdict], markdownLines(message, 1_000)), ''];
}

/** The last lines of each container's log, folded. */
function containerLogs({ containerLogs: logs = [] }: SmokeTestResult): readonly string[] {
  return logs.flatMap(({ container, lines }) => [
    `<details><summary>The end of the log of container ${markdown(container, 60)}</summary>`,
    '',
    '<pre>',
    ...lines.slice(-MOST_LOG_LINES).map(escapeMarkdown),
    '</pre>',
    '',
    '</details>',
    '',
  ]);
}

/** The job summary of a test of a server without Azure before it. */
export function serverSummary(url: string, name: string, result: SmokeTestResult): string {
  const { verdict } = result;
  const rows: readonly (readonly [string, string])[] = [
    ['Server', `<code>${markdown(url)}</code>`],
    smokeTestRow(result),
  ];
  const facts = ['| | |', '|---|---|', ...rows.map(([title, value]) => `| ${title} | ${value} |`), ''];
  return [
    `### ${MARKS[verdict]} Server ${markdown(name)}: ${verdict}`,
    '',
    ...tested(result, 'Server', facts),
  ].join('\n');
}

/** The summary of a step that failed before it had a credential. */
export function failureSummary(endpoint: string, message: string): string {
  const lines = markdownLines(message, 2_000);
  return `### ❌ Azure ML endpoint ${markdown(endpoint)}: error\n\n${alert('CAUTION', lines)}\n`;
}

function expiry(credential: Credential, now: Date): string {
  if (credential.mode === 'key') return `the ${credential.which} key; keys do not expire`;
  if (credential.expiresOn === undefined) return 'Azure does not say when it expires';
  const leftMs = credential.expiresOn.getTime() - now.getTime();
  return `expires ${isoSeconds(credential.expiresOn)} (in ${formatDuration(leftMs)})`;
}

/** Deployment, status and latency. */
function figures(result: SmokeTestResult): string {
  const { statusCode, latency, deployment, samplesPerCase } = result;
  const one = isOneRequest(result);
  const answered = describeAnsweredBy(result);
  const median = !one && samplesPerCase > 1 ? 'median ' : '';
  const facts = [
    ...(answered !== undefined
      ? [`deployments ${markdown(answered)}`]
      : deployment === undefined
        ? []
        : [`deployment ${markdown(deployment)}`]),
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(latency === undefined ? [] : [`${median}${formatLatency(latency.p50)}`]),
  ].join(', ');
  return facts === '' ? '' : `: ${facts}`;
}

/** Defused before it is split: a secret may be broken over two lines. */
function markdownLines(message: string, maxLength: number): readonly string[] {
  const lines = defuse(message).split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => markdown(line, maxLength));
  return lines.length > MOST_LINES ? [...shown, `… (${lines.length} lines in all)`] : shown;
}
