import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { INPUTS } from '../../src/inputs/declarations.ts';
import { PROJECT_ROOT } from '../runner/node.ts';

// Each host spells inputs in its own way and has its own machines, files and advice. A message takes these from
// `words`, so that it is true on every host; what belongs to one host alone stands in `src/hosts/`.

const NAMES = Object.keys(INPUTS);

/** What no message outside of `src/hosts/` says by hand. */
const OF_A_HOST = new RegExp(
  [
    'GitHub',
    'Azure Pipelines',
    '\\brunners?\\b',
    '\\bagents?\\b',
    'permissions:',
    '\\bwith:(?! az )',
    '\\bactions/',
    '\\bthis action\\b',
    "\\binputs? '",
    `\\b(?:${NAMES.join('|')}): (?:true|false|auto|oidc|[a-z]+-[a-z-]+)\\b`,
    `'(?:${NAMES.filter((name) => name.includes('-')).join('|')})'`,
    `\\b(?:set|give|leave|check|say|of|from|to) (?:${NAMES.filter((name) => name.includes('-')).join('|')})\\b`,
  ].join('|'),
);

/** Texts that are of no host, although they look so, each with its reason. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // The file's own keys, which every host spells alike.
  'smoke-test/request/scoring-uri.ts': ['has a connect-to'],
};

/** The declarations say what an input is in Markdown, and each host's own page is made from that. */
const SKIPPED = /^(?:hosts|entries)\/|^(?:inputs\/declarations|outputs)\.ts$/;

/** The string literals of a source that a person could read: those with a blank in them. */
function textsIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '');
  const withoutImports = code.replace(/^import [\s\S]*?;$/gm, '');
  return [...withoutImports.matchAll(/`(?:[^`\\]|\\.)*`|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g)]
    .map(([literal]) => literal.slice(1, -1).replace(/\$\{[^}]*\}/g, '…'))
    .filter((text) => /\S\s+\S/.test(text));
}

function ofAHost(file: string, source: string): readonly string[] {
  const allowed = ALLOWED[file] ?? [];
  return textsIn(source)
    .filter((text) => OF_A_HOST.test(text) && !allowed.some((each) => text.includes(each)))
    .map((text) => `${file}: ${text}`);
}

test('no message outside of hosts/ names a host, its machines, or an input by hand', () => {
  const root = join(PROJECT_ROOT, 'src');
  const files = globSync('**/*.ts', { cwd: root }).map((path) => path.replaceAll('\\', '/'));
  const looked = files.filter((file) => !SKIPPED.test(file));
  expect(looked.length).toBeGreaterThan(180);
  expect(looked.flatMap((file) => ofAHost(file, readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

describe('the search', () => {
  test.each([
    "throw new Failure(`Set the input 'cloud' to one.`)",
    "'The clock of the runner is wrong.'",
    '"Add permissions: id-token: write."',
    "'Write login: oidc for it.'",
    '`It is X: is actions/checkout missing?`',
    '"Wait longer with \'warm-up\'."',
    "'Nothing replaced it; GitHub does.'",
  ])('finds %s', (source) => {
    expect(ofAHost('x.ts', source)).toHaveLength(1);
  });

  test.each([
    '// The runner masks it.\n',
    "/** An input of GitHub's. */",
    'const x = `Set $' + "{words.theInputs(['cloud'])} to one.`",
    "reader.text('warm-up')",
  ])('leaves %s alone', (source) => {
    expect(ofAHost('x.ts', source)).toEqual([]);
  });
});
