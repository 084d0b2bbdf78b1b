import type { Credential } from '../azure/credential.ts';
import { isoSeconds } from '../azure/credential.ts';
import type { Endpoint, Traffic } from '../azure/workspace.ts';
import { formatDuration } from '../duration.ts';
import type { Outcome } from '../smoke/smoke-test.ts';
import { markdown } from '../untrusted.ts';

const MARKS = { passed: '✅', failed: '❌', inconclusive: '⚠️', error: '❌', skipped: '⚪' } as const;

/** The job summary in a few lines of Markdown. All remote text in it is escaped. */
export function summaryOf(endpoint: Endpoint, credential: Credential, outcome: Outcome, now: Date): string {
  const rows: readonly (readonly [string, string])[] = [
    ['Endpoint', `${markdown(endpoint.address.name)} in workspace ${markdown(endpoint.address.workspace)}`],
    [
      'Scoring URI',
      endpoint.scoringUri === undefined ? 'none yet' : `<code>${markdown(endpoint.scoringUri)}</code>`,
    ],
    ['Auth mode', `${markdown(credential.mode)}, ${expiry(credential, now)}`],
    ['Traffic', markdown(describeTraffic(endpoint.traffic))],
    ['Smoke test', `${MARKS[outcome.verdict]} ${outcome.verdict}${markdownDetails(outcome)}`],
  ];
  return [
    `### ${MARKS[outcome.verdict]} Azure ML endpoint ${markdown(endpoint.address.name)}: ${outcome.verdict}`,
    '',
    '| | |',
    '|---|---|',
    ...rows.map(([name, value]) => `| ${name} | ${value} |`),
    '',
  ].join('\n');
}

/** The summary of a step that failed before it had a credential. */
export function failureSummary(endpoint: string, message: string): string {
  const lines = message.split('\n').map((line) => markdown(line, 2_000));
  return `### ❌ Azure ML endpoint ${markdown(endpoint)}: error\n\n${lines.join('<br>\n')}\n`;
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

function markdownDetails({ message, statusCode, latencyMs, deployment }: Outcome): string {
  const facts = [
    ...(deployment === undefined ? [] : [`deployment ${markdown(deployment)}`]),
    ...(statusCode === undefined ? [] : [`status ${statusCode}`]),
    ...(latencyMs === undefined ? [] : [`${Math.round(latencyMs)} ms`]),
  ].join(', ');
  const said = (message ?? '')
    .split('\n')
    .map((line) => (line === '' ? '' : `<br>${markdown(line, 1_000)}`))
    .join('');
  return `${facts === '' ? '' : `: ${facts}`}${said}`;
}
