import type { Origin } from '../../hosts/host.ts';
import type { SmokeTestResult } from '../../smoke-test/result.ts';
import { formatLatency, formatSpan, isoSeconds } from '../../text/format.ts';
import { NAME, VERSION } from '../../version.ts';
import { escapeMarkup, lineOf, linesOf, markup } from '../markup.ts';
import {
  answeredBy,
  candidateRequests,
  cautions,
  count,
  describeAnsweredBy,
  describeExtent,
  describeTraffic,
} from '../phrases.ts';
import { isTested, type Report } from '../report.ts';
import { lineTables } from './lines.ts';
import { link } from './link.ts';
import { type Panel, plot } from './plot.ts';
import { axesFor } from './plot-scale.ts';
import { STYLE } from './style.ts';
import { caseTable, failedExpectations, thresholdTable } from './tables.ts';

/** Of a container's log, in characters. */
const LONGEST_LOG = 100_000;

/** The report for people: one page without scripts that loads nothing else. */
export function htmlReport(report: Report): string {
  const { endpoint, result } = report;
  const name = markup(endpoint.address.name, 100);
  const { verdict, message } = result;
  const sections = [
    message === undefined
      ? ''
      : `<p class="message ${verdict}-run">${escapeMarkup(linesOf(message).join('\n'))}</p>`,
    lead(result),
    warningsOf(result),
    thresholdTable(result.thresholds),
    latencyPlots(result),
    caseTable(result),
    failedExpectations(result.cases),
    lineTables(result),
    containerLogs(result),
    facts(report),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${name}: ${verdict}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Azure ML endpoint ${name}: <span class="${verdict}-run">${verdict}</span></h1>
${sections.filter((section) => section !== '').join('\n')}
</main>
<footer>Written by ${NAME} ${VERSION}. Every measurement is in report.json.</footer>
</body>
</html>
`;
}

/** The last lines of each container's log, which say why a model failed. */
function containerLogs({ containerLogs: logs = [] }: SmokeTestResult): string {
  if (logs.length === 0) return '';
  const each = logs.map(({ container, lines }) => {
    const text = escapeMarkup(linesOf(lines.join('\n'), LONGEST_LOG).join('\n'));
    return `<details><summary>The end of the log of container ${markup(container, 60)}</summary>\n<pre>${text}</pre>\n</details>`;
  });
  return `<h2>Container logs</h2>\n${each.join('\n')}`;
}

/** What a person should know, whatever the verdict is. */
function warningsOf(result: SmokeTestResult): string {
  return cautions(result)
    .map((warning) => `<p class="note">⚠️ ${markup(warning, 1_000)}</p>`)
    .join('\n');
}

/** What was done, and how fast the replies came, in a sentence each. */
function lead(result: SmokeTestResult): string {
  const { samples, latency } = result;
  const requests = candidateRequests(result).length;
  if (samples.length === 0) return '<p class="lead">No request was measured.</p>';
  const extent = `${describeExtent(result)}.`;
  if (latency === undefined) return `<p class="lead">${extent} None was answered.</p>`;
  const { p50, p95, max } = latency;
  const of = latency.count < requests ? ` of ${latency.count.toLocaleString('en')} of them` : '';
  const speed =
    latency.count === 1
      ? formatLatency(max)
      : `p50 ${formatLatency(p50)}, p95 ${formatLatency(p95)}, max ${formatLatency(max)}`;
  const passed = candidateRequests(result).some(({ outcome }) => outcome === 'passed');
  return `<p class="lead">${extent}${passed ? '' : ' None passed.'} Latency${of}: ${speed}.</p>`;
}

function facts({ endpoint, authMode, result, origin = {} }: Report): string {
  const { address, location, scoringUri, traffic } = endpoint;
  const { warmUp, connectMs, statusCode } = result;
  const tested: readonly (readonly [string, string])[] = [
    ['Duration', `${formatSpan(result.durationMs)} with the warm-up, ${result.concurrency} at a time`],
    ['Warm-up', `${formatSpan(warmUp.ms)}, ${count(warmUp.requests, 'request')}`],
  ];
  const place = [address.workspace, address.resourceGroup].filter((part) => part !== undefined);
  const rows: readonly (readonly [string, string])[] = [
    ...(isTested(result) ? ([['Deployment', deploymentOf(result)]] as const) : []),
    ...(result.baselineDeployment === undefined
      ? []
      : ([['Baseline', markup(result.baselineDeployment, 100)]] as const)),
    ['Started', isoSeconds(result.startedAt)],
    ...placeOf(origin),
    ...(isTested(result) ? tested : []),
    ...(connectMs === undefined ? [] : ([['New connection', formatLatency(connectMs)]] as const)),
    ...(statusCode === undefined ? [] : ([['Status', String(statusCode)]] as const)),
    ...(place.length === 0
      ? []
      : ([['Workspace', place.map((part) => markup(part, 100)).join(' in ')]] as const)),
    ...(location === undefined ? [] : ([['Location', markup(location, 100)]] as const)),
    ...(authMode === undefined ? [] : ([['Auth mode', authMode]] as const)),
    ...(location === undefined
      ? []
      : ([
          ['Scoring URI', scoringUri === undefined ? 'none yet' : `<code>${link(scoringUri)}</code>`],
        ] as const)),
    ...(traffic === undefined ? [] : ([['Traffic', markup(describeTraffic(traffic))]] as const)),
  ];
  return `<h2>Run</h2>
<dl>
${rows.map(([term, value]) => `<dt>${term}</dt><dd>${value}</dd>`).join('\n')}
</dl>`;
}

/** Where the step ran: links where the CI system has pages of the run and of the commit. */
function placeOf({ runUrl, commit, commitUrl }: Origin): readonly (readonly [string, string])[] {
  return [
    ...(runUrl ? ([['CI run', link(runUrl)]] as const) : []),
    ...(commit
      ? ([
          ['Commit', `<code>${commitUrl ? link(commitUrl, lineOf(commit, 64)) : markup(commit, 64)}</code>`],
        ] as const)
      : []),
  ];
}

function deploymentOf(result: SmokeTestResult): string {
  const answered = describeAnsweredBy(result);
  if (answered !== undefined) return markup(answered, 1_000);
  return result.deployment === undefined ? 'wherever traffic went' : markup(result.deployment, 100);
}

/** Nothing for a single request: its latency is told already. */
function latencyPlots(result: SmokeTestResult): string {
  const { samples, thresholds } = result;
  if (samples.length < 2) return '';
  const of = (target: 'candidate' | 'baseline') => samples.filter((one) => one.target === target);
  const caseNames = result.cases.map(({ name }) => name);
  const candidate: Panel = {
    id: 'candidate',
    title: (answeredBy(result).size < 2 ? result.deployment : undefined) ?? 'the endpoint',
    points: of('candidate'),
    latency: result.latency,
    limits: thresholds
      .filter(({ unit, name }) => unit === 'ms' && name !== 'first-event-p95')
      .map(({ name, limit }) => ({ name, ms: limit })),
    caseNames,
  };
  const baseline: Panel = {
    id: 'baseline',
    title: `${result.baselineDeployment ?? 'baseline'} (baseline)`,
    points: of('baseline'),
    latency: result.baselineLatency,
    limits: [],
    caseNames,
  };
  const panels = baseline.points.length === 0 ? [candidate] : [candidate, baseline];
  const percentiles = panels.flatMap(({ latency }) =>
    latency === undefined ? [] : [latency.p50, latency.p95],
  );
  const axes = axesFor(
    [...samples.map(({ latencyMs }) => latencyMs), ...percentiles],
    candidate.limits.map(({ ms }) => ms),
    samples.map(({ startedAtMs }) => startedAtMs),
  );
  return `<h2>Latency of every request</h2>
<div class="panels${panels.length === 2 ? ' two' : ''}">
${panels.map((panel) => plot(panel, axes)).join('\n')}
</div>`;
}
