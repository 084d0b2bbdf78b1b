import { resolve } from 'node:path';
import { isSameName } from '../../../azure/naming-rules.ts';
import { whyUnread } from '../../../process/guarded-files.ts';
import type { Limits } from '../expectations.ts';
import {
  type Case,
  type DeploymentChoice,
  MOST_SAMPLES,
  type Plan,
  type RequestPlan,
  RUN_KEYS,
} from '../plan.ts';
import { readDocument } from './document.ts';
import { child, type DocumentNode, itemsOf, numberAt, stringAt } from './document-node.ts';
import { type Compilers, type ExpectationContext, readExpectations } from './expectations.ts';
import { createNamedFiles, type FileSource } from './files.ts';
import { readLineFile } from './line-files.ts';
import { MOST_AT_ONCE, readRate, requestsAt } from './load.ts';
import { collectMistakes, type FileMistake, type MistakeCollector } from './mistakes.ts';
import { readRequest } from './requests.ts';
import { reportExpressions, type SecretSource } from './secret-values.ts';
import { checkStructure } from './structure.ts';
import { readAdvisory, readCaseThresholds, readThresholds, type ThresholdContext } from './thresholds.ts';
import { readConnectTo, readDeploymentName, readDuration } from './values.ts';

export { type FileMistake, formatMistake } from './mistakes.ts';

/** What a smoke-test file means that leaves a key out. */
export interface PlanDefaults extends Pick<Plan, 'warmUpMs' | 'samples' | 'timeoutMs'> {
  /** Golden files hold numbers of another machine: the last digits may differ. */
  readonly tolerance: Limits;
}

/** What inputs say in the place of a smoke-test file, so that one file serves many endpoints. */
export type Overrides = Partial<
  Pick<Plan, 'deployment' | 'samples' | 'warmUpMs' | 'timeoutMs' | 'connectTo'>
>;

/** What a file says itself of the values that can be overridden, as it is written. */
export type OwnValues = Readonly<Partial<Record<(typeof RUN_KEYS)[number], string>>>;

/** Where a smoke-test file and the files it names come from, and what makes sense of them. */
export interface PlanSources extends FileSource, Compilers {
  readonly defaults: PlanDefaults;
  readonly overrides?: Overrides;
  /** A server without Azure before it is tested, which has no deployments. */
  readonly isServer?: boolean;
  /** The environment of the step. */
  readonly environment?: SecretSource;
  /** The text itself, which lies in no file, and the absolute folder of the files that it names. */
  readonly inline?: { readonly bytes: Buffer; readonly folder: string } | undefined;
}

/**
 * Reads a smoke-test file, version 1: YAML in the shape that smoke-test.schema.json describes.
 * @param path absolute, or relative to the workspace; of inline text, how messages name it
 * @returns every mistake at once, in the order of the file, when there is one
 */
export function readSmokeTestFile(
  path: string,
  sources: PlanSources,
): { readonly plan: Plan; readonly own: OwnValues } | { readonly mistakes: readonly FileMistake[] } {
  let bytes: Buffer;
  try {
    bytes = sources.inline?.bytes ?? sources.readFile(path);
  } catch (error) {
    return { mistakes: [{ file: path, line: 1, column: 1, message: whyUnread(error, path) }] };
  }
  const document = readDocument(bytes);
  const mistakes = collectMistakes(path, document);
  for (const { position, message } of document.mistakes) mistakes.at(position, message);
  if (document.value === undefined) return { mistakes: mistakes.sorted() };
  checkStructure(document.value, mistakes);
  const { value, spellings } = document;
  const root: DocumentNode = { pointer: '', value, spellings };
  const place = resolve(sources.inline?.folder ?? sources.workspace, path);
  const plan = readPlan(root, place, sources, mistakes);
  const sorted = mistakes.sorted();
  return sorted.length > 0 ? { mistakes: sorted } : { plan, own: ownValues(root) };
}

/** The plan; where the structure has a mistake, a stand-in takes the place of what is missing. */
function readPlan(root: DocumentNode, path: string, sources: PlanSources, mistakes: MistakeCollector): Plan {
  const { defaults, overrides = {} } = sources;
  reportExpressions(root, mistakes);
  const thresholds = child(root, 'thresholds');
  const timeout = child(root, 'timeout');
  const ownTimeoutMs =
    timeout === undefined
      ? defaults.timeoutMs
      : (readDuration(timeout, 1, mistakes) ?? Number.POSITIVE_INFINITY);
  const timeoutMs = overrides.timeoutMs ?? ownTimeoutMs;
  const ownDeployment = readDeployment(child(root, 'deployment'), mistakes);
  const deployment = overrides.deployment ?? ownDeployment;
  const ownConnectTo = readConnectTo(child(root, 'connect-to'), mistakes);
  if (sources.isServer) reportDeployments(root, mistakes);
  const files = createNamedFiles(path, sources);
  for (const item of itemsOf(child(root, 'cases')))
    reportOtherDeployment(child(child(item, 'expect'), 'deployment'), deployment, mistakes);
  const ownSamples = child(root, 'samples');
  const rate = readRate(root, mistakes);
  const isSaid = ownSamples !== undefined || overrides.samples !== undefined || rate !== undefined;
  const items = itemsOf(child(root, 'cases'));
  const thresholdContext = {
    timeoutMs,
    files,
    caseNames: items.flatMap((item) => stringAt(child(item, 'name')) ?? []),
    hasBaseline: child(thresholds, 'baseline') !== undefined,
    streams: items.some((item) => child(child(item, 'expect'), 'stream') !== undefined),
    deployment: deployment.kind === 'named' ? deployment.name : undefined,
    mistakes,
  };
  const cases = readCases(items, isSaid, sources.environment ?? {}, thresholdContext, {
    files,
    compilers: sources,
    timeoutMs,
    tolerance: defaults.tolerance,
    mistakes,
  });
  return {
    deployment,
    warmUpMs: overrides.warmUpMs ?? readDuration(child(root, 'warm-up'), 0, mistakes) ?? defaults.warmUpMs,
    warmUpThrough: itemsOf(child(root, 'warm-up-through')).flatMap((item) => numberAt(item) ?? []),
    samples: overrides.samples ?? numberAt(ownSamples) ?? (rate && requestsAt(rate)) ?? defaults.samples,
    concurrency: numberAt(child(root, 'concurrency')) ?? (rate === undefined ? 1 : MOST_AT_ONCE),
    rate: overrides.samples === undefined ? rate : undefined,
    timeoutMs,
    connectTo: overrides.connectTo ?? ownConnectTo,
    cases,
    thresholds: readThresholds(thresholds, thresholdContext),
    advisory: readAdvisory(child(root, 'advisory'), root, mistakes),
    check: undefined,
  };
}

/** A server without Azure before it has no deployments. */
function reportDeployments(root: DocumentNode, mistakes: MistakeCollector): void {
  const scopes = [root, ...itemsOf(child(root, 'cases'))];
  const nodes = [
    child(root, 'deployment'),
    ...itemsOf(child(root, 'cases')).map((item) => child(child(item, 'expect'), 'deployment')),
    ...scopes.map((scope) => child(child(child(scope, 'thresholds'), 'baseline'), 'deployment')),
  ];
  for (const node of nodes) {
    if (node !== undefined)
      mistakes.value(
        node,
        'The server that is tested has no deployments, because it is not an endpoint of Azure. Leave this out.',
      );
  }
}

function readDeployment(node: DocumentNode | undefined, mistakes: MistakeCollector): DeploymentChoice {
  const text = stringAt(node);
  if (node === undefined || text === undefined) return { kind: 'traffic' };
  if (text.trim() === '') {
    mistakes.value(
      node,
      "This names no deployment. Write a deployment's name or idle, or leave the key out to test wherever traffic goes.",
    );
    return { kind: 'traffic' };
  }
  if (text === 'idle') return { kind: 'idle' };
  return { kind: 'named', name: readDeploymentName(node, mistakes) ?? text };
}

function countLines(node: DocumentNode, { body }: RequestPlan, mistakes: MistakeCollector): number {
  const count = body.kind === 'bytes' ? body.bodies.length : 1;
  if (count > MOST_SAMPLES)
    mistakes.value(
      node,
      `This file has ${count} lines, but a case sends at most ${MOST_SAMPLES}. Set samples to how many of them to send.`,
    );
  return count;
}

/** The answer of another deployment than the one that is asked is an error, so it can never be the expected one. */
function reportOtherDeployment(
  node: DocumentNode | undefined,
  deployment: DeploymentChoice,
  mistakes: MistakeCollector,
): void {
  const expected = stringAt(node);
  if (node === undefined || expected === undefined || deployment.kind !== 'named') return;
  if (isSameName(expected, deployment.name)) return;
  mistakes.value(
    node,
    `The test asks deployment '${deployment.name}', so no answer can come from this one. Leave one of the two out.`,
  );
}

/** @param hasSamples whether it is said how often each case is sent; else each line of a file is sent once */
function readCases(
  items: readonly DocumentNode[],
  hasSamples: boolean,
  environment: SecretSource,
  thresholdContext: ThresholdContext,
  context: Omit<ExpectationContext, 'lineFile'>,
): readonly Case[] {
  const { files, compilers, mistakes } = context;
  const names = new Set<string>();
  return items.map((item) => {
    const nameNode = child(item, 'name');
    const name = stringAt(nameNode) ?? '';
    if (nameNode !== undefined && names.has(name))
      mistakes.value(nameNode, 'Another case has this name. Give each its own.');
    names.add(name);
    const asked = child(item, 'request');
    const lineFile = readLineFile(child(asked, 'lines'), files, mistakes);
    const { compilePath } = compilers;
    const request = readRequest(asked, { files, environment, compilePath, lineFile, mistakes });
    const expect = readExpectations(child(item, 'expect'), { ...context, lineFile });
    const lines = hasSamples ? undefined : child(asked, 'lines');
    const thresholds = readCaseThresholds(child(item, 'thresholds'), thresholdContext);
    return {
      name,
      request,
      expect: request.method === 'GET' ? { ...expect, body: 'may-be-empty' } : expect,
      ...(lines === undefined ? {} : { samples: countLines(lines, request, mistakes) }),
      ...(thresholds === undefined ? {} : { thresholds }),
    };
  });
}

function ownValues(root: DocumentNode): OwnValues {
  const said = RUN_KEYS.flatMap((key) => {
    const own = child(root, key)?.value;
    return own === undefined || own === null ? [] : [[key, String(own)] as const];
  });
  return Object.fromEntries(said);
}
