import { isSameName } from '../../../azure/naming-rules.ts';
import { nearestFirst } from '../../../text/did-you-mean.ts';
import { type Baseline, LATENCY_NAMES, type LatencyName, type Thresholds } from '../plan.ts';
import { child, type DocumentNode, itemsOf, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';
import { present, readDeploymentName, readLimit, readRatio, readShare } from './values.ts';

export interface ThresholdContext {
  readonly timeoutMs: number;
  /** The deployment under test, when the file names one. */
  readonly deployment: string | undefined;
  /** Whether a case expects a stream, so that there are first events. */
  readonly streams: boolean;
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

export function readAdvisory(
  node: DocumentNode | undefined,
  thresholds: DocumentNode | undefined,
  mistakes: MistakeCollector,
): readonly string[] {
  const set = [
    ...(child(thresholds, 'success-rate') === undefined ? [] : ['success-rate']),
    ...LATENCY_NAMES.filter((name) => child(thresholds, name) !== undefined),
    ...LATENCY_NAMES.filter((name) => child(child(thresholds, 'baseline'), name) !== undefined).map(
      (name) => `baseline.${name}`,
    ),
  ];
  return itemsOf(node).flatMap((item) => {
    const name = stringAt(item);
    if (name === undefined) return [];
    if (!set.includes(name)) mistakes.value(item, notSet(name, set));
    return [name];
  });
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

function readBaseline(node: DocumentNode, { deployment, mistakes }: ThresholdContext): Baseline {
  const other = child(node, 'deployment');
  const name = readDeploymentName(other, mistakes);
  if (other !== undefined && name !== undefined && isSameName(name, deployment))
    mistakes.value(other, 'This is the deployment under test. Name another one to compare it with.');
  return { deployment: name ?? '', ratios: byLatency((latency) => readRatio(child(node, latency))) };
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
