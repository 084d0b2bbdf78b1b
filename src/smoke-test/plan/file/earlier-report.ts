import { arrayIn, isObject, numberIn, objectIn, stringIn } from '../../../text/json.ts';
import type { ReportBaseline, ReportedTimes } from '../plan.ts';
import type { DocumentNode } from './document-node.ts';
import type { NamedFiles } from './files.ts';
import type { MistakeCollector } from './mistakes.ts';

/**
 * What the report of an earlier run says of the latencies of its cases.
 * @param caseNames those of this file: the report must have one of them
 * @returns undefined when there is a mistake, which is reported
 */
export function readEarlierReport(
  node: DocumentNode,
  caseNames: readonly string[],
  files: NamedFiles,
  mistakes: MistakeCollector,
): ReportBaseline | undefined {
  const file = files.json(node, mistakes);
  if (file === undefined) return undefined;
  const wrong = (why: string): undefined => {
    mistakes.value(node, why);
    return undefined;
  };
  const { version, verdict, cases, measurements } = objectIn(file.value);
  if (version !== 1 || !Array.isArray(cases) || !Array.isArray(measurements))
    return wrong('This is not a report.json (version 1) of a smoke test.');
  if (verdict !== 'passed')
    return wrong(
      'The run of this report did not pass, so it cannot be a baseline. Name the report of a run that passed.',
    );
  const times = timesByCase(cases, measurements);
  const known = caseNames.filter((name) => times.has(name));
  if (known.length > 0) return { from: 'report', origin: file.origin, cases: times };
  return wrong('The report has no good requests of any of these cases. Cases are matched by name.');
}

/** Of requests to the deployment that was under test then. */
function timesByCase(
  cases: readonly unknown[],
  measurements: readonly unknown[],
): ReadonlyMap<string, ReportedTimes> {
  const found = new Map<string, { latencyMs: number[]; firstEventMs: number[] }>();
  for (const each of measurements) {
    if (!isObject(each) || each.target !== 'candidate' || each.outcome !== 'passed') continue;
    const name = stringIn(objectIn(arrayIn(cases)[numberIn(each.case) ?? -1]).name);
    const latencyMs = numberIn(each['latency-ms']);
    if (name === undefined || latencyMs === undefined || latencyMs <= 0) continue;
    const times = found.get(name) ?? { latencyMs: [], firstEventMs: [] };
    found.set(name, times);
    times.latencyMs.push(latencyMs);
    const firstEventMs = numberIn(each['first-event-ms']);
    if (firstEventMs !== undefined) times.firstEventMs.push(firstEventMs);
  }
  return found;
}
