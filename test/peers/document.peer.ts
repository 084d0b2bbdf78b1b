import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../runner/node.ts';

// docs/azure.md is true of the tests: what it names is there.

const text = readFileSync(join(PROJECT_ROOT, 'docs', 'azure.md'), 'utf8');
const rows = text.split('\n').filter((line) => /^\| (?!Behaviour|Question)/.test(line));
const cited = [...text.matchAll(/`(test\/[\w./-]+\.ts)`(?:\s"([^"]+)")?/g)].map(([, file = '', title]) => ({
  file,
  title,
}));

test('every behaviour has a source and tests', () => {
  const behaviours = rows.filter((row) => row.split(' | ').length === 4);

  expect(behaviours.length).toBeGreaterThan(50);
  for (const row of behaviours) {
    const [, source = '', local = '', action = ''] = row.replace(/ \|$/, '').split(' | ');
    expect(source.trim(), row).not.toBe('');
    expect(`${local} ${action}`, row).toContain('`test/');
  }
});

test.each([...new Set(cited.map(({ file }) => file))])(
  '%s is there, with the titles that are named',
  (file) => {
    const path = join(PROJECT_ROOT, file);
    expect(existsSync(path)).toBe(true);
    // Titles are compared as they are written, whatever quotes they are in.
    const source = readFileSync(path, 'utf8').replaceAll(String.raw`\'`, "'");
    for (const { title } of cited.filter((each) => each.file === file)) {
      if (title !== undefined) expect(source).toContain(title);
    }
  },
);

test('every link has its address', () => {
  const defined = new Set([...text.matchAll(/^\[(\w+)\]: https:\/\/\S+$/gm)].map(([, name]) => name));
  for (const [, name] of text.matchAll(/\]\[(\w+)\]/g)) expect(defined).toContain(name);
});
