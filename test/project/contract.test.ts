import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { GENERATED } from '../../scripts/generate.ts';
import { INPUTS, type InputDeclaration } from '../../src/inputs/declarations.ts';
import { OUTPUTS } from '../../src/outputs.ts';
import { compilePath } from '../../src/smoke-test/judge/json-path.ts';
import { compileSchema } from '../../src/smoke-test/judge/json-schema.ts';
import { readSmokeTestFile } from '../../src/smoke-test/plan/file/smoke-test-file.ts';
import { PROJECT_ROOT } from '../runner/node.ts';
import { DEFAULTS } from '../support/smoke-test-file.ts';

interface Declared {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, Declared>>;
  readonly outputs: Readonly<Record<string, Declared>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const action = parse(readFileSync(join(PROJECT_ROOT, 'action.yml'), 'utf8')) as ActionFile;
const readme = readFileSync(join(PROJECT_ROOT, 'README.md'), 'utf8');

describe('action.yml and the README', () => {
  test.each(Object.entries(GENERATED))("%s says what the code's lists say", (name, remake) => {
    const text = readFileSync(join(PROJECT_ROOT, name), 'utf8');
    expect(remake(text), 'Run npm run build and commit what it changes.').toBe(text);
  });

  test('action.yml has every input and output of the code', () => {
    const own = Object.entries<InputDeclaration>(INPUTS).filter(([, { only }]) => only === undefined);
    expect(Object.keys(action.inputs).sort()).toEqual(own.map(([name]) => name).sort());
    expect(Object.keys(action.outputs)).toEqual(Object.keys(OUTPUTS));
  });

  test.each(Object.entries(INPUTS))(
    'action.yml names a default of %s only where it hides nothing',
    (name, { environment, unsent, default: fallback }) => {
      // The runner sends it for an input that is left out: over a variable, and as if the user had written it.
      expect(action.inputs[name]?.default).toBe(environment === undefined && !unsent ? fallback : undefined);
    },
  );

  test('every reference in the README leads to a section of it', () => {
    const sections = [...readme.matchAll(/^##+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const references = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(references).toContain('before-anything-is-deployed');
    expect(sections).toEqual(expect.arrayContaining(references));
  });

  test("action.yml names the runner's Node and the entry", () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });
});

describe('a smoke-test file in the README and the docs', () => {
  const documents = globSync('docs/*.md', { cwd: PROJECT_ROOT }).map((path) =>
    readFileSync(join(PROJECT_ROOT, path), 'utf8'),
  );
  const files = [
    ...[readme, ...documents]
      .join('\n')
      .matchAll(/```yaml\n((?:# smoke-test\.yml\n|version: 1\n)[\s\S]*?)```/g),
  ].map(([, text = '']) => text);

  test('there are some', () => {
    expect(files.length).toBeGreaterThanOrEqual(5);
  });

  test.each(files)('it has no mistake: %s', (text) => {
    const readFile = (path: string): Buffer => {
      if (path.endsWith('.jsonl')) return Buffer.from('{"input": 1, "expected": 2}\n');
      return Buffer.from(path.endsWith('smoke-test.yml') ? text : '{}');
    };
    const workspace = PROJECT_ROOT;
    const sources = { readFile, workspace, compileSchema, compilePath, defaults: DEFAULTS };
    const result = readSmokeTestFile('smoke-test.yml', sources);
    expect(result).not.toHaveProperty('mistakes');
  });
});
