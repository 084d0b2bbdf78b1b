import { join, resolve } from 'node:path';
import {
  formatMistake,
  type PlanSources,
  readSmokeTestFile,
} from '../../src/smoke-test/plan/file/smoke-test-file.ts';
import type { ByteTexts } from '../../src/smoke-test/plan/line-texts.ts';
import type { Case, Plan } from '../../src/smoke-test/plan/plan.ts';

export const WORKSPACE = resolve('/workspace');
export const FILE = 'tests/smoke-test.yml';
export const DEFAULTS = {
  warmUpMs: 120_000,
  samples: 1,
  timeoutMs: 30_000,
  tolerance: { relative: 1e-6, absolute: 1e-12 },
};

/** What is read of an earlier run's report. */
function earlierReport(verdict: string): string {
  const measured = (ms: number, changes = {}) => ({
    case: 0,
    target: 'candidate',
    outcome: 'passed',
    'latency-ms': ms,
    ...changes,
  });
  const measurements = [
    measured(10),
    measured(20, { outcome: 'failed' }),
    measured(30, { 'first-event-ms': 3 }),
    measured(40, { target: 'baseline' }),
  ];
  return JSON.stringify({ version: 1, verdict, cases: [{ name: 'a' }], measurements });
}

/** Files beside the smoke-test file, by what the tests call them. */
export const FILES: Readonly<Record<string, string | Buffer>> = {
  'request.json': '{"input_data": [[1, 2]]}',
  'requests.jsonl': '{"a": 1}\n{"a": 2}\n',
  'earlier.json': earlierReport('passed'),
  'failed.json': earlierReport('failed'),
  'golden.jsonl': '{"in": 63.0, "out": 1}\n\n{"in": [1e3], "out": "b"}\n',
  'response.schema.json': '{"type": "array"}',
  'expected.json': '[1, 2]',
  'broken.json': '[1,',
  'cat.png': Buffer.from([0x89, 0x50, 0x4e, 0x47]),
};

/** A file system with the smoke-test file, `FILES` beside it, and others by their absolute paths. */
export function sourcesFor(
  text: string | Buffer,
  others: Readonly<Record<string, string | Buffer>> = {},
): PlanSources {
  const folder = join(WORKSPACE, 'tests');
  const files = new Map<string, string | Buffer>([
    [join(WORKSPACE, FILE), text],
    ...Object.entries(FILES).map(([name, content]) => [join(folder, name), content] as const),
    ...Object.entries(others).map(([name, content]) => [resolve(folder, name), content] as const),
  ]);
  return {
    workspace: WORKSPACE,
    defaults: DEFAULTS,
    readFile: (path) => {
      const content = files.get(resolve(WORKSPACE, path));
      if (content === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      return Buffer.from(content as string);
    },
    compileSchema: (schema, origin) =>
      Array.isArray(schema) ? `${origin} is no JSON Schema.` : { origin, sources: [], validate: () => [] },
    compilePath: (path) =>
      path.startsWith('$') ? (value) => nodeAt(value, path.slice(2)) : `"${path}" is not a JSONPath.`,
  };
}

/** As much of JSONPath as these tests need: a member of an object. */
function nodeAt(value: unknown, name: string) {
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return member === undefined ? [] : [{ path: `$.${name}`, value: member }];
}

/** The texts of a list that may be held in one piece. */
export function textsOf(texts: ByteTexts): readonly string[] {
  return Array.from({ length: texts.length }, (_, at) => String(texts.at(at)));
}

/** The mistakes as text without the file's name: `line:column: message`. */
export function mistakesIn(text: string | Buffer, sources = sourcesFor(text)): readonly string[] {
  const outcome = readSmokeTestFile(FILE, sources);
  if ('plan' in outcome) return [];
  return outcome.mistakes.map((mistake) => formatMistake(mistake).replace(`${FILE}:`, ''));
}

export function planOf(text: string | Buffer, sources = sourcesFor(text)): Plan {
  const outcome = readSmokeTestFile(FILE, sources);
  if ('plan' in outcome) return outcome.plan;
  throw new Error(outcome.mistakes.map(formatMistake).join('\n'));
}

export function firstCase(text: string, sources = sourcesFor(text)): Case {
  return planOf(text, sources).cases[0]!;
}

/** A whole file around top-level lines; the case stands in lines 2 and 3. */
export function withKeys(...lines: readonly string[]): string {
  return ['version: 1', 'cases:', '- { name: a, request: { json: 1 } }', ...lines, ''].join('\n');
}

/** A whole file around the request of its case, which starts in line 4, column 12. */
export function withRequest(request: string): string {
  return ['version: 1', 'cases:', '- name: a', `  request: ${request}`, ''].join('\n');
}

/** A whole file around the expectations of its case, which start in line 5, column 11. */
export function withExpect(expect: string): string {
  return ['version: 1', 'cases:', '- name: a', '  request: { json: 1 }', `  expect: ${expect}`, ''].join(
    '\n',
  );
}
