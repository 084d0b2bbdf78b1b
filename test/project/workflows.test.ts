import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { validateFiles } from '../../src/command-line/validate.ts';
import { INPUTS, type InputDeclaration } from '../../src/inputs/declarations.ts';
import { OUTPUTS } from '../../src/outputs.ts';
import { PROJECT_ROOT } from '../runner/node.ts';

const read = (path: string): string => readFileSync(join(PROJECT_ROOT, path), 'utf8');
const WORKFLOWS = globSync('.github/workflows/*.yml', { cwd: PROJECT_ROOT });
const RECIPES = globSync('docs/recipes/*.yml', { cwd: PROJECT_ROOT });
const DOCUMENTS = ['README.md', ...globSync('docs/*.md', { cwd: PROJECT_ROOT })];
const OF_THE_ACTION = Object.entries<InputDeclaration>(INPUTS)
  .filter(([, { only }]) => only === undefined)
  .map(([name]) => name);

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** Every step in a document of YAML, wherever it stands. */
function stepsIn(value: unknown): readonly Step[] {
  if (typeof value !== 'object' || value === null) return [];
  const inside = Object.values(value).flatMap(stepsIn);
  return 'uses' in value ? [value as Step, ...inside] : inside;
}

/** The snippets of a document that use the action. */
function snippetsIn(text: string): readonly string[] {
  return [...text.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
    .map(([, snippet = '']) => snippet)
    .filter((snippet) => /uses: \S+\/azureml-endpoint-auth@/.test(snippet));
}

describe('a workflow of the project', () => {
  test('there are six', () => expect(WORKFLOWS.length).toBeGreaterThanOrEqual(6));

  test.each(WORKFLOWS)('%s pins every action by its hash, and names the version', (path) => {
    const uses = [...read(path).matchAll(/uses: (\S+)(.*)$/gm)].filter(([, name]) => name !== './');
    for (const [, name, comment] of uses) {
      expect(name).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  test.each(WORKFLOWS)('%s has no more than the right to read, unless a job says why', (path) => {
    const workflow = parse(read(path));
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(workflow.concurrency).toBeDefined();
    expect(read(path)).not.toMatch(/pull_request_target/);
    for (const [, right] of read(path).matchAll(/: write(.*)$/gm)) expect(right).toMatch(/^ # \w/);
    for (const { uses = '', with: given = {} } of stepsIn(workflow)) {
      if (uses.startsWith('actions/checkout@')) expect(given['persist-credentials']).toBe(false);
    }
  });
});

describe('a snippet of the documents that uses the action', () => {
  const snippets = [
    ...DOCUMENTS.flatMap((path) => snippetsIn(read(path)).map((text) => [path, text] as const)),
    ...RECIPES.filter((path) => /uses: \S+\/azureml-endpoint-auth@/.test(read(path))).map(
      (path) => [path, read(path)] as const,
    ),
  ];

  test('there are many', () => expect(snippets.length).toBeGreaterThan(8));

  test.each(snippets)('%s gives only inputs that the action has: %s', (_path, text) => {
    const steps = stepsIn(parse(text)).filter(({ uses = '' }) => uses.includes('azureml-endpoint-auth@'));
    expect(steps.length).toBeGreaterThan(0);
    for (const step of steps) {
      expect(Object.keys(step.with ?? {}).filter((name) => !OF_THE_ACTION.includes(name))).toEqual([]);
    }
  });

  test.each(snippets)('%s reads only outputs that the action has: %s', (_path, text) => {
    const ids = stepsIn(parse(text))
      .filter(({ uses = '' }) => uses.includes('azureml-endpoint-auth@'))
      .flatMap(({ id }) => id ?? []);
    const named = ids.flatMap((id) =>
      [...text.matchAll(new RegExp(`steps\\.${id}\\.outputs\\.([\\w-]+)`, 'g'))].map(([, name]) => name),
    );
    expect(named.filter((name) => !Object.keys(OUTPUTS).includes(name ?? ''))).toEqual([]);
  });
});

describe('a recipe', () => {
  test('there is one for each that the page lists', () => {
    const listed = [...read('docs/recipes.md').matchAll(/\]\(recipes\/([\w-]+\.yml)\)/g)].map(
      ([, name]) => name,
    );
    expect(listed.sort()).toEqual(RECIPES.map((path) => basename(path)).sort());
  });

  test.each(RECIPES)(
    '%s pins the actions of others by their hash, and keeps no credential of git',
    (path) => {
      const uses = [...read(path).matchAll(/uses: (\S+)(.*)$/gm)].filter(
        ([, name = '']) => !/^(?:OWNER|\.)\//.test(name),
      );
      for (const [, name, comment] of uses) {
        expect(name).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
        expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
      }
      for (const { uses: action = '', with: given = {} } of stepsIn(parse(read(path))))
        if (action.startsWith('actions/checkout@')) expect(given['persist-credentials']).toBe(false);
    },
  );

  test('has smoke-test files without a mistake', () => {
    const files = globSync('docs/recipes/smoke-tests/*.yml', { cwd: PROJECT_ROOT });
    const told: string[] = [];
    validateFiles(
      files.map((path) => join(PROJECT_ROOT, path)),
      (line) => told.push(line),
    );
    // It compares with the report of an earlier run, which is not here.
    expect(told.filter((line) => !line.includes('last/report.json'))).toEqual([
      expect.stringContaining(`1 mistake in ${files.length} files.`),
    ]);
  });
});

test('no document names another owner than the placeholder', () => {
  for (const path of DOCUMENTS)
    expect(read(path).match(/[\w-]+(?=\/azureml-endpoint-auth@)/g) ?? []).toSatisfy((owners: string[]) =>
      owners.every((owner) => owner === 'OWNER'),
    );
});
