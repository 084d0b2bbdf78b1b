import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../runner/node.ts';

const read = (path: string): string => readFileSync(join(PROJECT_ROOT, path), 'utf8');
const isThere = (...patterns: readonly string[]): boolean =>
  globSync(patterns, { cwd: PROJECT_ROOT }).length > 0;

const documents = globSync(['*.md', 'docs/**/*.md', 'test/README.md'], { cwd: PROJECT_ROOT }).map((path) =>
  path.replaceAll('\\', '/'),
);

/** The project's own files and folders that a document names: in backquotes by their whole path, or as a link. */
function namedFiles(document: string): readonly string[] {
  const text = read(document);
  const quoted = [...text.matchAll(/`((?:src|test|scripts|docs|dist|\.ci|\.github)\/[^`\s]*)`/g)];
  const linked = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
  return [
    ...new Set([
      ...quoted.map(([, path = '']) => path),
      ...linked.map(([, path = '']) => join(dirname(document), path)),
    ]),
  ];
}

test.each(documents.filter((document) => namedFiles(document).length > 0))(
  'every file that %s names exists',
  (document) => {
    expect(namedFiles(document).filter((path) => !isThere(path))).toEqual([]);
  },
);

test('every file that test/README.md names by a part of its path exists', () => {
  const quoted = [...read('test/README.md').matchAll(/`([\w.*-]+(?:\/[\w.*-]+)*(?:\/|\.ts))`/g)];
  const paths = quoted.map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => !isThere(path, `test/**/${path}`))).toEqual([]);
});

test.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/architecture.md', 'docs/azure.md'])(
  '%s names files of the project',
  (document) => {
    expect(namedFiles(document).length).toBeGreaterThan(0);
  },
);

test('docs/architecture.md has a line for every folder of the code', () => {
  const files = globSync('src/**/*.ts', { cwd: PROJECT_ROOT }).map((path) => path.replaceAll('\\', '/'));
  const folders = new Set(files.map((path) => dirname(path)).filter((path) => path !== 'src'));
  const lines = [...folders].map((path) => `| \`${path}/\` |`);
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(read('docs/architecture.md')).toContain(`\n${line}`);
});

test('SECURITY.md gives every promise a test', () => {
  const [, promises = ''] = read('SECURITY.md').split('| promise | test |\n|---|---|\n');
  const rows = promises.slice(0, promises.indexOf('\n\n')).split('\n');
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => !/\| .*`test\/[^`]+`.* \|$/.test(row))).toEqual([]);
});

describe('docs/azure.md', () => {
  const text = read('docs/azure.md');

  test('gives every behaviour a source and a test', () => {
    const rows = text.split('\n').filter((line) => /^\| (?!Behaviour|Question)/.test(line));
    const behaviours = rows.filter((row) => row.split(' | ').length === 4);

    expect(behaviours.length).toBeGreaterThan(50);
    for (const row of behaviours) {
      const [, source = '', local = '', action = ''] = row.replace(/ \|$/, '').split(' | ');
      expect(source.trim(), row).not.toBe('');
      expect(`${local} ${action}`, row).toContain('`test/');
    }
  });

  test('has an address for every link', () => {
    const defined = new Set([...text.matchAll(/^\[(\w+)\]: https:\/\/\S+$/gm)].map(([, name]) => name));
    for (const [, name] of text.matchAll(/\]\[(\w+)\]/g)) expect(defined).toContain(name);
  });
});

// A file of the workspace that is trusted for Entra, too, is as powerful as the workflow.
test.each(['docs/networks.md', 'SECURITY.md'])(
  '%s says for which hosts ca-certificate is trusted',
  (document) => {
    expect(read(document)).toMatch(/`ca-certificate` is trusted for \**every\** host that the step talks to/);
  },
);
