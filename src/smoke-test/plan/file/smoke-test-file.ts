import { resolve } from 'node:path';
import type { Case, DeploymentChoice, Plan } from '../plan.ts';
import { readDocument, type SmokeDocument } from './document.ts';
import { type Compilers, type ExpectationContext, readExpectations } from './expectations.ts';
import { createNamedFiles, type FileSource, unreadable } from './files.ts';
import { collectMistakes, type FileMistake, type MistakeCollector } from './mistakes.ts';
import { child, itemsOf, numberAt, type Place, textAt } from './place.ts';
import { readRequest } from './requests.ts';
import { checkStructure } from './structure.ts';
import { readAdvisory, readThresholds } from './thresholds.ts';
import { readDeploymentName, readDuration } from './values.ts';

export { type FileMistake, formatMistake } from './mistakes.ts';

/** Where a smoke-test file and the files it names come from, and what makes sense of them. */
export type PlanSources = FileSource & Compilers;

/** What a file means that does not say. */
const DEFAULTS = { warmUpMs: 120_000, samples: 1, concurrency: 1, timeoutMs: 30_000 } as const;

/**
 * Reads a smoke-test file, version 1: YAML whose shape smoke-test.schema.json tells.
 * @param path absolute, or relative to the workspace
 * @returns every mistake at once, in the order of the file, when there is one
 */
export function readSmokeTestFile(
  path: string,
  sources: PlanSources,
): { readonly plan: Plan } | { readonly mistakes: readonly FileMistake[] } {
  const absolute = resolve(sources.workspace, path);
  let bytes: Buffer;
  try {
    bytes = sources.readFile(absolute);
  } catch (error) {
    return { mistakes: [{ file: path, line: 1, column: 1, message: unreadable(error, path) }] };
  }
  const document = readDocument(bytes);
  const mistakes = collectMistakes(path, document);
  for (const { position, message } of document.mistakes) mistakes.at(position, message);
  if (document.value === undefined) return { mistakes: mistakes.sorted() };
  checkStructure(document.value, mistakes);
  const plan = readPlan(document, absolute, sources, mistakes);
  const sorted = mistakes.sorted();
  return sorted.length > 0 ? { mistakes: sorted } : { plan };
}

/** The plan; where the structure has a mistake, something stands in for what is missing. */
function readPlan(
  { value }: SmokeDocument,
  path: string,
  sources: PlanSources,
  mistakes: MistakeCollector,
): Plan {
  const root: Place = { pointer: '', value };
  const thresholds = child(root, 'thresholds');
  const timeout = child(root, 'timeout');
  const timeoutMs =
    timeout === undefined
      ? DEFAULTS.timeoutMs
      : (readDuration(timeout, 1, mistakes) ?? Number.POSITIVE_INFINITY);
  const deployment = readDeployment(child(root, 'deployment'), mistakes);
  const files = createNamedFiles(path, sources);
  const cases = readCases(child(root, 'cases'), { files, compilers: sources, timeoutMs, mistakes });
  return {
    deployment,
    warmUpMs: readDuration(child(root, 'warm-up'), 0, mistakes) ?? DEFAULTS.warmUpMs,
    samples: numberAt(child(root, 'samples')) ?? DEFAULTS.samples,
    concurrency: numberAt(child(root, 'concurrency')) ?? DEFAULTS.concurrency,
    timeoutMs,
    cases,
    thresholds: readThresholds(thresholds, {
      timeoutMs,
      deployment: deployment.kind === 'named' ? deployment.name : undefined,
      streams: cases.some(({ expect }) => expect.stream !== undefined),
      mistakes,
    }),
    advisory: readAdvisory(child(root, 'advisory'), thresholds, mistakes),
    check: undefined,
  };
}

function readDeployment(place: Place | undefined, mistakes: MistakeCollector): DeploymentChoice {
  const text = textAt(place) ?? '';
  if (text === '') return { kind: 'traffic' };
  if (text === 'idle') return { kind: 'idle' };
  return { kind: 'named', name: readDeploymentName(place, mistakes) ?? text };
}

function readCases(place: Place | undefined, context: ExpectationContext): readonly Case[] {
  const { files, mistakes } = context;
  const names = new Set<string>();
  return itemsOf(place).map((item) => {
    const namePlace = child(item, 'name');
    const name = textAt(namePlace) ?? '';
    if (namePlace !== undefined && names.has(name))
      mistakes.value(namePlace, 'Another case has this name. Give each its own.');
    names.add(name);
    return {
      name,
      request: readRequest(child(item, 'request'), files, mistakes),
      expect: readExpectations(child(item, 'expect'), context),
    };
  });
}
