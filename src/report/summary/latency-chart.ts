import { quote } from '../../secrets/untrusted.ts';
import type { LatencySummary, SmokeTestResult } from '../../smoke-test/result.ts';
import { formatLatency, trimmed } from '../../text/format.ts';
import { answeredBy } from '../phrases.ts';

const PERCENTILES = ['p50', 'p90', 'p95', 'p99', 'max'] as const;

/** Names that cannot be Mermaid syntax: Azure's own rule for deployments. Any other is not shown. */
const INERT = /^[a-zA-Z][-a-zA-Z0-9]{0,31}$/;

/**
 * Purple bars and an orange line: both readable on white and on GitHub's dark page, also to the colour-blind. Neither is
 * blue nor green, because those are usual names of deployments.
 */
const SETTINGS = {
  // Mermaid has no setting for the width of a line.
  themeCSS: '[class^=line-plot] path { stroke-width: 4px; }',
  xyChart: { height: 360, titleFontSize: 16 },
  themeVariables: { xyChart: { backgroundColor: 'transparent', plotColorPalette: '#8957e5, #db6d28' } },
};

/** Characters of a title that is about as wide as the chart. */
const MOST_TITLE_LENGTH = 80;

/** The percentiles as a Mermaid chart and as a table; nothing when one request says it all. */
export function latencyChart(result: SmokeTestResult): readonly string[] {
  const { latency, baselineLatency } = result;
  if (latency === undefined || latency.count < 2) return [];
  const candidate = inertName(answeredBy(result).size < 2 ? result.deployment : undefined, 'candidate');
  const baseline = inertName(result.baselineDeployment, 'baseline');
  const series = [
    { name: candidate, kind: 'bar', summary: latency },
    ...(baselineLatency === undefined ? [] : [{ name: baseline, kind: 'line', summary: baselineLatency }]),
  ];
  const title = baselineLatency === undefined ? `Latency of ${candidate}` : legend(candidate, baseline);
  const highest = Math.max(...series.map(({ summary }) => summary.max));
  return [
    '#### Latency',
    '',
    '```mermaid',
    `%%{init: ${JSON.stringify(SETTINGS)}}%%`,
    'xychart-beta',
    `  title "${title}"`,
    `  x-axis [${PERCENTILES.map((name) => `"${name}"`).join(', ')}]`,
    `  y-axis "ms" 0 --> ${ceiling(highest)}`,
    ...series.map(({ kind, summary }) => `  ${kind} [${values(summary).join(', ')}]`),
    '```',
    '',
    `| Deployment | ${PERCENTILES.join(' | ')} |`,
    `|---|${'--:|'.repeat(PERCENTILES.length)}`,
    ...series.map(
      ({ name, summary }) =>
        `| ${name} | ${PERCENTILES.map((percentile) => formatLatency(summary[percentile])).join(' | ')} |`,
    ),
    '',
  ];
}

/** Which is which; without the names where these are too long, as the table below has them in the same order. */
function legend(candidate: string, baseline: string): string {
  const named = (role: string, name: string) => (name === role ? role : `${role} ${name}`);
  const title = `Latency: ${named('candidate', candidate)} (bars) · ${named('baseline', baseline)} (line)`;
  return title.length > MOST_TITLE_LENGTH ? 'Latency: candidate (bars) · baseline (line)' : title;
}

function inertName(name: string | undefined, otherwise: string): string {
  const shown = quote(name ?? '', 64);
  return INERT.test(shown) ? shown : otherwise;
}

function values(summary: LatencySummary): readonly string[] {
  return PERCENTILES.map((name) => trimmed(summary[name], 1));
}

/** The next number of one significant digit and a half above, so that the highest bar has room. */
function ceiling(highest: number): number {
  const step = 10 ** Math.floor(Math.log10(Math.max(highest, 1))) / 2;
  return Math.ceil((Math.max(highest, 1) * 1.02) / step) * step;
}
