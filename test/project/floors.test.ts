import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../runner/node.ts';

/** From the top of the house down: a floor imports from itself and from the floors below it. No exceptions. */
const FLOORS = [
  'entries',
  'command-line',
  'step.ts',
  'run.ts',
  'run-server.ts',
  'run-test.ts',
  'report',
  'outputs.ts',
  'inputs',
  'smoke-test',
  'azure',
  'hosts',
  'process',
  'network',
  'secrets',
  'text',
  'version.ts',
];

/** Floors that not everyone above them may know. */
const KNOWN_TO: Readonly<Record<string, readonly string[]>> = {
  hosts: [
    'entries',
    'command-line',
    'step.ts',
    'run.ts',
    'run-server.ts',
    'run-test.ts',
    'outputs.ts',
    'report',
  ],
  inputs: ['entries', 'command-line', 'step.ts', 'run.ts', 'run-server.ts'],
};

/** What the others know of `hosts/`; a certain CI system is known to `entries/` alone. */
const HOST_INTERFACE = ['hosts/host.ts'];

/** File → the files that it imports, statically, dynamically or for their types; paths below `src/`. */
type Imports = ReadonlyMap<string, readonly string[]>;

const floorOf = (file: string): string => file.replace(/\/.*/, '');

function importsOf(file: string, source: string): readonly string[] {
  const specifiers = source.matchAll(
    /\b(?:from|import)\s*(?:\(\s*(?:\/\*.*?\*\/\s*)*)?(['"])(\.{1,2}\/[^'"]+)\1/g,
  );
  return [...specifiers]
    .map(([, , specifier = '']) => join(dirname(file), specifier).replaceAll('\\', '/'))
    .filter((imported) => !imported.startsWith('../'));
}

/** Why one file must not import another; undefined when it may. */
function brokenRule(file: string, imported: string): string | undefined {
  const [from, to] = [floorOf(file), floorOf(imported)];
  if (from === to) return undefined;
  if (FLOORS.indexOf(to) < FLOORS.indexOf(from)) return `${file} imports ${imported}, which is above it`;
  if (KNOWN_TO[to]?.includes(from) === false)
    return `${file} imports ${imported}: ${from} must not know ${to}`;
  if (to === 'hosts' && from !== 'entries' && !HOST_INTERFACE.includes(imported))
    return `${file} imports ${imported}, which only entries/ may know`;
  return undefined;
}

/** Every circle once, as the files that import each other in turn. */
function circlesIn(imports: Imports): readonly string[] {
  const circles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
    if (done.has(file) || path.includes(file)) return;
    for (const imported of imports.get(file) ?? []) visit(imported, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) visit(file, []);
  return circles;
}

const source = join(PROJECT_ROOT, 'src');
const imports: Imports = new Map(
  globSync('**/*.ts', { cwd: source }).map((path) => {
    const file = path.replaceAll('\\', '/');
    return [file, importsOf(file, readFileSync(join(source, path), 'utf8'))];
  }),
);

describe('src/', () => {
  test('holds the floors of the house and nothing else', () => {
    expect([...new Set([...imports.keys()].map(floorOf))].filter((name) => !FLOORS.includes(name))).toEqual(
      [],
    );
  });

  test('has only imports of files that exist', () => {
    const named = [...imports.values()].flat();
    expect(named.length).toBeGreaterThan(300);
    expect(named.filter((file) => !imports.has(file))).toEqual([]);
  });

  test('imports down the floors', () => {
    const broken = [...imports].flatMap(([file, imported]) => imported.map((each) => brokenRule(file, each)));
    expect(broken.filter((rule) => rule !== undefined)).toEqual([]);
  });

  test('has no circle of imports', () => {
    expect(circlesIn(imports)).toEqual([]);
  });
});

describe('the rule', () => {
  test('sees an import in every form', () => {
    const text = `
      import '../a.ts';
      import type { B } from "./b.ts";
      import {
        c,
      } from '../text/c.ts';
      export * from './d.ts';
      const e = await import('./e.ts');
      const f = await import(
        /* webpackMode: "eager" */ '../errors/f.ts'
      );
      import { join } from 'node:path';
      import schema from '../../smoke-test.schema.json' with { type: 'json' };`;
    expect(importsOf('azure/file.ts', text)).toEqual([
      'a.ts',
      'azure/b.ts',
      'text/c.ts',
      'azure/d.ts',
      'azure/e.ts',
      'errors/f.ts',
    ]);
  });

  test.each([
    ['azure/clouds.ts', 'inputs/reader.ts'],
    ['smoke-test/smoke-test.ts', 'inputs/inputs.ts'],
    ['azure/clouds.ts', 'hosts/host.ts'],
    ['smoke-test/smoke-test.ts', 'hosts/host.ts'],
    ['inputs/inputs.ts', 'hosts/host.ts'],
    ['report/console.ts', 'inputs/inputs.ts'],
    ['run.ts', 'hosts/github.ts'],
    ['azure/clouds.ts', 'smoke-test/settings.ts'],
    ['run.ts', 'step.ts'],
    ['secrets/secret.ts', 'network/client.ts'],
    ['text/format.ts', 'secrets/secret.ts'],
  ])('does not let %s import %s', (file, imported) => {
    expect(brokenRule(file, imported)).toContain(`${file} imports ${imported}`);
  });

  test('finds a circle wherever it begins', () => {
    const files = new Map([
      ['text/a.ts', ['text/b.ts']],
      ['text/b.ts', ['text/c.ts', 'text/d.ts']],
      ['text/c.ts', []],
      ['text/d.ts', ['text/b.ts']],
    ]);
    expect(circlesIn(files)).toEqual(['text/b.ts → text/d.ts → text/b.ts']);
  });
});
