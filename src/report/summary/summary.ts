import type { Credential } from '../../azure/credential.ts';
import { isoSeconds } from '../../azure/credential.ts';
import type { Endpoint, Traffic } from '../../azure/resource-manager/answers.ts';
import { defuse, markdown } from '../../secrets/untrusted.ts';
import type { Outcome, SmokeTestResult } from '../../smoke-test/result.ts';
import { formatLatency } from '../../smoke-test/verdict/threshold-words.ts';
import { formatDuration } from '../../text/format.ts';
import { MARKS } from '../words.ts';
import { isOneRequest, summaryDetails } from './details.ts';

/** More lines of a message than this are a dump, and GitHub drops a summary of more than 1 MiB whole. */
const MOST_LINES = 30;

/**
 * The job summary in Markdown, the verdict first. All remote text in it is escaped.
 * @param result adds cases, thresholds and latencies when the smoke test had more than one request
 */
export function summaryOf(
  endpoint: Endpoint,
  credential: Credential,
  outcome: Outcome,
  now: Date,
  result?: SmokeTestResult,
): string {
  const { verdict, message } = outcome;
  const detailed = result !== undefined && !isOneRequest(result);
  const told = detailed ? { ...outcome, message: '' } : outcome;
  const median = detailed && result.samplesPerCase > 1 ? 'median ' : '';
  const rows: readonly (readonly [string, string])[] = [
    ['Endpoint', `${markdown(endpoint.address.name)} in workspace ${markdown(endpoint.address.workspace)}`],
    [
      'Scoring URI',
      endpoint.scoringUri === undefined ? 'none yet' : `<code>${markdown(endpoint.scoringUri)}</code>`,
    ],
    ['Auth mode', `${markdown(credential.mode)}, ${expiry(credential, now)}`],
    ['Traffic', markdown(describeTraffic(endpoint.traffic))],
    ['Smoke test', `${MARKS[verdict]} ${verdict}${markdownDetails(told, median)}`],
  ];
  const facts = ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), ''];
  const details = result === undefined ? [] : summaryDetails(result);
  const said = detailed && message ? [markdownLines(message, 1_000).join('<br>\n'), ''] : [];
  return [
    `### ${MARKS[verdict]} Azure ML endpoint ${markdown(endpoint.address.name)}: ${verdict}`,
    '',
    ...(detailed ? [...said, ...details, '#### Endpoint', '', ...facts] : [...facts, ...details]),
  ].join('\n');
}

/** The summary of a step that failed before it had a credential. */
export function failureSummary(endpoint: string, message: string): string {
  return `### ❌ Azure ML endpoint ${markdown(endpoint)}: error\n\n${markdownLines(message, 2_000).join('<br>\n')}\n`;
}

/** `blue (90 %), green (10 %)`; remote text. */
export function describeTraffic(traffic: Traffic): string {
  const shares = Object.entries(traffic);
  if (shares.length === 0) return 'no deployment has traffic';
  return shares.map(([deployment, percent]) => `${deployment} (${percent} %)`).join(', ');
}

function expiry(credential: Credential, now: Date): string {
  if (credential.mode === 'key') return `the ${credential.which} key; keys do not expire`;
  if (credential.expiresOn === undefined) return 'Azure does not say when it expires';
  const leftMs = credential.expiresOn.getTime() - now.getTime();
  return `expires ${isoSeconds(credential.expiresOn)} (in ${formatDuration(leftMs)})`;
}

function markdownDetails({ message, statusCode, latencyMs, deployment }: Outcome, median: string): string {
  const facts = [
    ...(deployment === undefined ? [] : [`deployment ${markdown(deployment)}`]),
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(latencyMs === undefined ? [] : [`${median}${formatLatency(latencyMs)}`]),
  ].join(', ');
  const said = markdownLines(message ?? '', 1_000)
    .map((line) => (line === '' ? '' : `<br>${line}`))
    .join('');
  return `${facts === '' ? '' : `: ${facts}`}${said}`;
}

/** Defused before it is split: a secret may be broken over two lines. */
function markdownLines(message: string, maxLength: number): readonly string[] {
  const lines = defuse(message).split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => markdown(line, maxLength));
  return lines.length > MOST_LINES ? [...shown, `… (${lines.length} lines in all)`] : shown;
}
