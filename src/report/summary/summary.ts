import type { Credential } from '../../azure/credential.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import { defuse, markdown } from '../../secrets/untrusted.ts';
import type { SmokeTestResult } from '../../smoke-test/result.ts';
import { formatDuration, formatLatency, isoSeconds } from '../../text/format.ts';
import { describeAnsweredBy, describeTraffic, isOneRequest, MARKS } from '../phrases.ts';
import { summaryTables } from './tables.ts';

/** More lines of a message than this are a dump, and GitHub drops a summary of more than 1 MiB whole. */
const MOST_LINES = 30;

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
  const verdict = result?.verdict ?? 'skipped';
  const rows: readonly (readonly [string, string])[] = [
    ['Endpoint', `${markdown(endpoint.address.name)} in workspace ${markdown(endpoint.address.workspace)}`],
    [
      'Scoring URI',
      endpoint.scoringUri === undefined ? 'none yet' : `<code>${markdown(endpoint.scoringUri)}</code>`,
    ],
    ['Auth mode', `${markdown(credential.mode)}, ${expiry(credential, now)}`],
    ['Traffic', markdown(describeTraffic(endpoint.traffic))],
    ['Smoke test', `${MARKS[verdict]} ${verdict}${result === undefined ? '' : figures(result)}`],
  ];
  const facts = ['| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`), ''];
  return [
    `### ${MARKS[verdict]} Azure ML endpoint ${markdown(endpoint.address.name)}: ${verdict}`,
    '',
    ...(result === undefined || isOneRequest(result)
      ? facts
      : [...reason(result), ...summaryTables(result), '#### Endpoint', '', ...facts]),
  ].join('\n');
}

/** The job summary of a test of a server without Azure before it. */
export function serverSummary(url: string, name: string, result: SmokeTestResult): string {
  const { verdict } = result;
  const rows: readonly (readonly [string, string])[] = [
    ['Server', `<code>${markdown(url)}</code>`],
    ['Smoke test', `${MARKS[verdict]} ${verdict}${figures(result)}`],
  ];
  const facts = ['| | |', '|---|---|', ...rows.map(([title, value]) => `| ${title} | ${value} |`), ''];
  return [
    `### ${MARKS[verdict]} Server ${markdown(name)}: ${verdict}`,
    '',
    ...(isOneRequest(result)
      ? facts
      : [...reason(result), ...summaryTables(result), '#### Server', '', ...facts]),
  ].join('\n');
}

/** The summary of a step that failed before it had a credential. */
export function failureSummary(endpoint: string, message: string): string {
  return `### ❌ Azure ML endpoint ${markdown(endpoint)}: error\n\n${markdownLines(message, 2_000).join('<br>\n')}\n`;
}

function expiry(credential: Credential, now: Date): string {
  if (credential.mode === 'key') return `the ${credential.which} key; keys do not expire`;
  if (credential.expiresOn === undefined) return 'Azure does not say when it expires';
  const leftMs = credential.expiresOn.getTime() - now.getTime();
  return `expires ${isoSeconds(credential.expiresOn)} (in ${formatDuration(leftMs)})`;
}

/** Deployment, status and latency; of one request also why it did not pass. */
function figures(result: SmokeTestResult): string {
  const { message = '', statusCode, latency, deployment, samplesPerCase } = result;
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
  const said = markdownLines(one ? message : '', 1_000)
    .map((line) => (line === '' ? '' : `<br>${line}`))
    .join('');
  return `${facts === '' ? '' : `: ${facts}`}${said}`;
}

function reason({ message }: SmokeTestResult): readonly string[] {
  return message ? [markdownLines(message, 1_000).join('<br>\n'), ''] : [];
}

/** Defused before it is split: a secret may be broken over two lines. */
function markdownLines(message: string, maxLength: number): readonly string[] {
  const lines = defuse(message).split('\n');
  const shown = lines.slice(0, MOST_LINES).map((line) => markdown(line, maxLength));
  return lines.length > MOST_LINES ? [...shown, `… (${lines.length} lines in all)`] : shown;
}
