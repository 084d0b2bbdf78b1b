import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { INPUTS, type InputDeclaration } from '../../src/inputs/reader.ts';
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

/** The rows of the README's table whose header names `column`: name without backquotes → the other cells. */
function table(column: string): ReadonlyMap<string, readonly string[]> {
  const lines = readme.split('\n');
  const header = lines.findIndex((line) => new RegExp(`^\\| *${column} *\\|`).test(line));
  const rows = lines.slice(header + 2);
  const end = rows.findIndex((line) => !line.startsWith('|'));
  const cells = rows.slice(0, end).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  return new Map(
    cells.map(([name = '', ...others]) => [name.replace(/[`*]/g, '').replace(/ required$/, ''), others]),
  );
}

describe("action.yml, the code's lists and the README agree", () => {
  it('on the names of the inputs, in the same order', () => {
    expect(Object.keys(action.inputs)).toEqual(Object.keys(INPUTS));
    expect([...table('input').keys()]).toEqual(Object.keys(INPUTS));
  });

  it.each(Object.entries(INPUTS as Readonly<Record<string, InputDeclaration>>))(
    'on what input %s means when it is empty',
    (name, { default: fallback, environment, required, unsent }) => {
      const declared = action.inputs[name];
      // A default in action.yml would hide the environment variable: the runner always sends it.
      expect(declared?.default).toBe(environment === undefined && !unsent ? fallback : undefined);
      if (unsent) expect(declared?.description).toContain(`${fallback} unless set`);
      expect(declared?.required ?? false).toBe(required ?? false);
      expect(/Environment fallback (\w+)/.exec(declared?.description ?? '')?.[1]).toBe(environment);
      const [defaultCell = '', meaning = ''] = table('input').get(name) ?? [];
      expect(defaultCell.replaceAll('`', '')).toBe(required ? 'required' : (fallback ?? ''));
      expect(/\[`(\w+)`\]/.exec(meaning)?.[1]).toBe(environment);
    },
  );

  it('on the names of the outputs, in the same order', () => {
    expect(Object.keys(action.outputs)).toEqual(OUTPUTS);
    expect([...table('output').keys()]).toEqual(OUTPUTS);
  });

  it("on the runner's Node and the entry", () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
  });
});

describe('a smoke-test file in the README', () => {
  const files = [...readme.matchAll(/```yaml\n(# smoke-test\.yml\n[\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );

  it('is there', () => {
    expect(files.length).toBeGreaterThanOrEqual(3);
  });

  it.each(files)('has no mistake: %s', (text) => {
    const readFile = (path: string): Buffer => Buffer.from(path.endsWith('smoke-test.yml') ? text : '{}');
    const workspace = PROJECT_ROOT;
    const sources = { readFile, workspace, compileSchema, compilePath, defaults: DEFAULTS };
    const result = readSmokeTestFile('smoke-test.yml', sources);
    expect(result).not.toHaveProperty('mistakes');
  });
});
