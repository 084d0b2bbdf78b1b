import { isSameName } from '../../../azure/naming-rules.ts';
import { nearestFirst } from '../../../text/did-you-mean.ts';
import {
  type Baseline,
  type CaseThresholds,
  LATENCY_NAMES,
  type LatencyName,
  type Thresholds,
} from '../plan.ts';
import { child, type DocumentNode, itemsOf, stringAt } from './document-node.ts';
import { readEarlierReport } from './earlier-report.ts';
import type { NamedFiles } from './files.ts';
import type { MistakeCollector } from './mistakes.ts';
import { present, readDeploymentName, readLimit, readRatio, readShare } from './values.ts';

export interface ThresholdContext {
  readonly timeoutMs: number;
  /** The deployment under test, when the file names one. */
  readonly deployment: string | undefined;
  /** Whether a case expects a stream, so that there are first events. */
  readonly streams: boolean;
  readonly files: NamedFiles;
  /** Of all cases of the file. */
  readonly caseNames: readonly string[];
  /** Whether the run has a baseline, which cases may have limits against too. */
  readonly hasBaseline: boolean;
  readonly mistakes: MistakeCollector;
}

/** Each is never less than the one before it. */
const ASCENDING = ['p50', 'p90', 'p95', 'p99', 'max'] as const satisfies readonly LatencyName[];

export function readThresholds(node: DocumentNode | undefined, context: ThresholdContext): Thresholds {
  const { timeoutMs, mistakes } = context;
  const latencyMs = byLatency((name) => readLimit(child(node, name), timeoutMs, mistakes));
  reportDescending(node, latencyMs, mistakes);
  const baseline = child(node, 'baseline');
  for (const owner of [node, baseline]) reportMissingStream(child(owner, 'first-event-p95'), context);
  return {
    successRate: readShare(child(node, 'success-rate')) ?? 1,
    latencyMs,
    baseline: baseline && readBaseline(baseline, context),
  };
}

/** Limits of one case; undefined when it has none. */
export function readCaseThresholds(
  node: DocumentNode | undefined,
  context: ThresholdContext,
): CaseThresholds | undefined {
  if (node === undefined) return undefined;
  const { timeoutMs, hasBaseline, mistakes } = context;
  const latencyMs = byLatency((name) => readLimit(child(node, name), timeoutMs, mistakes));
  reportDescending(node, latencyMs, mistakes);
  const baseline = child(node, 'baseline');
  for (const owner of [node, baseline]) reportMissingStream(child(owner, 'first-event-p95'), context);
  if (baseline !== undefined && !hasBaseline)
    mistakes.value(
      baseline,
      'The run has no baseline to compare this case with. Add one to the thresholds of the file.',
    );
  return {
    successRate: readShare(child(node, 'success-rate')),
    latencyMs,
    ratios: byLatency((latency) => readRatio(child(baseline, latency))),
  };
}

export function readAdvisory(
  node: DocumentNode | undefined,
  root: DocumentNode,
  mistakes: MistakeCollector,
): readonly string[] {
  const set = [
    ...namesIn(child(root, 'thresholds'), ''),
    ...itemsOf(child(root, 'cases')).flatMap((item) =>
      namesIn(child(item, 'thresholds'), `${stringAt(child(item, 'name'))} / `),
    ),
  ];
  return itemsOf(node).flatMap((item) => {
    const name = stringAt(item);
    if (name === undefined) return [];
    if (!set.includes(name)) mistakes.value(item, notSet(name, set));
    return [name];
  });
}

/** The names of the thresholds that are set. */
function namesIn(thresholds: DocumentNode | undefined, prefix: string): readonly string[] {
  const baseline = child(thresholds, 'baseline');
  return [
    ...(child(thresholds, 'success-rate') === undefined ? [] : ['success-rate']),
    ...LATENCY_NAMES.filter((name) => child(thresholds, name) !== undefined),
    ...LATENCY_NAMES.filter((name) => child(baseline, name) !== undefined).map((name) => `baseline.${name}`),
  ].map((name) => `${prefix}${name}`);
}

function notSet(name: string, set: readonly string[]): string {
  return set.length === 0
    ? 'There is no such threshold: the file sets none.'
    : `There is no such threshold. The file sets ${nearestFirst(name, set).join(', ')}.`;
}

function reportDescending(
  node: DocumentNode | undefined,
  latencyMs: Thresholds['latencyMs'],
  mistakes: MistakeCollector,
): void {
  const set = ASCENDING.filter((name) => latencyMs[name] !== undefined);
  for (const [index, name] of set.entries()) {
    const before = set[index - 1];
    const limit = child(node, name);
    if (before === undefined || limit === undefined || latencyMs[name]! >= latencyMs[before]!) continue;
    mistakes.value(
      limit,
      `This is less than ${before}, which is never more than ${name}. Swap them, or drop one.`,
    );
  }
}

function reportMissingStream(node: DocumentNode | undefined, { streams, mistakes }: ThresholdContext): void {
  if (node !== undefined && !streams)
    mistakes.value(node, 'No case expects a stream, so there is no first event. Add expect: { stream: … }.');
}

function readBaseline(
  node: DocumentNode,
  { deployment, files, caseNames, mistakes }: ThresholdContext,
): Baseline {
  const ratios = byLatency((latency) => readRatio(child(node, latency)));
  const report = child(node, 'report');
  if (report !== undefined) {
    const read = readEarlierReport(report, caseNames, files, mistakes);
    return { ...(read ?? { from: 'report', origin: '', cases: new Map() }), ratios };
  }
  const other = child(node, 'deployment');
  const name = readDeploymentName(other, mistakes);
  if (other !== undefined && name !== undefined && isSameName(name, deployment))
    mistakes.value(other, 'This is the deployment under test. Name another one to compare it with.');
  return { from: 'deployment', deployment: name ?? '', ratios };
}

function byLatency(
  read: (name: LatencyName) => number | undefined,
): Readonly<Partial<Record<LatencyName, number>>> {
  return present(
    Object.fromEntries(LATENCY_NAMES.map((name) => [name, read(name)])) as Record<
      LatencyName,
      number | undefined
    >,
  );
}
