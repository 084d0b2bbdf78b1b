import type { CaseResult, Sample, SmokeTestResult } from '../../smoke-test/result.ts';
import { formatLatency } from '../../text/format.ts';
import { escapeMarkup, markup } from '../markup.ts';
import { candidateRequests } from '../phrases.ts';
import { more, table } from './table.ts';
import { shownNames } from './tables.ts';

const MOST_CASES = 10;
const MOST_LINES = 100;

/** Of each case that sends the lines of a file: every line with its answer, those that failed first. */
export function lineTables(result: SmokeTestResult): string {
  const lines = linesByCase(result);
  if (lines.size === 0) return '';
  const names = shownNames(result.cases);
  const tables = [...lines]
    .slice(0, MOST_CASES)
    .map(([index, samples]) => linesOfCase(names[index] ?? '', result.cases[index], samples));
  return `<h2>Lines</h2>
${tables.join('\n')}
${more(lines.size, MOST_CASES, 'case')}`;
}

/** One sample of each line, by the index of its case: the first that failed, or else the first. */
function linesByCase(result: SmokeTestResult): ReadonlyMap<number, readonly Sample[]> {
  const found = new Map<number, Map<number, Sample>>();
  for (const sample of candidateRequests(result)) {
    const { caseIndex, line, outcome } = sample;
    if (line === undefined) continue;
    const own = found.get(caseIndex) ?? new Map<number, Sample>();
    found.set(caseIndex, own);
    const known = own.get(line);
    if (known === undefined || (known.outcome === 'passed' && outcome !== 'passed')) own.set(line, sample);
  }
  return new Map([...found].map(([caseIndex, own]) => [caseIndex, [...own.values()]]));
}

function linesOfCase(name: string, of: CaseResult | undefined, samples: readonly Sample[]): string {
  const isGood = ({ outcome }: Sample): number => (outcome === 'passed' ? 1 : 0);
  const sorted = [...samples].sort((a, b) => isGood(a) - isGood(b) || (a.line ?? 0) - (b.line ?? 0));
  const failed = samples.filter(({ outcome }) => outcome !== 'passed').length;
  const rows = sorted
    .slice(0, MOST_LINES)
    .map(({ line = 0, status, latencyMs, outcome, reason = '' }) => [
      String(line),
      status === undefined ? '–' : String(status),
      formatLatency(latencyMs),
      outcome === 'passed'
        ? '<span class="met">passed</span>'
        : `<span class="missed">${outcome}</span> <code>${markup(of?.failure?.lines?.get(line) ?? reason, 300)}</code>`,
    ]);
  return `<details${failed > 0 ? ' open' : ''}><summary>${escapeMarkup(name)}: ${failed} of ${samples.length} lines failed</summary>
${table(
  `Lines of ${escapeMarkup(name)}${failed > 0 ? ', those that failed first' : ''}`,
  [
    { name: 'Line', kind: 'number' },
    { name: 'Status', kind: 'number' },
    { name: 'Latency', kind: 'number' },
    { name: 'Result', kind: 'text' },
  ],
  rows,
)}
${more(sorted.length, MOST_LINES, 'line')}</details>`;
}
