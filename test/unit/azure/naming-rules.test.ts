import { describe, expect, test } from 'vitest';
import { brokenRule, type NamedThing } from '../../../src/azure/naming-rules.ts';

const GOOD: readonly (readonly [NamedThing, readonly string[]])[] = [
  ['endpoint', ['abc', 'churn', 'Churn-2', 'a'.repeat(32), 'a--b']],
  ['deployment', ['blue', 'green-1', 'v10']],
  ['workspace', ['ws-prod', 'ws_prod', '0ws', 'a'.repeat(33)]],
  ['resource group', ['rg', 'a', 'rg.ml', '(rg)_1-', 'größe', '.rg', 'r'.repeat(90)]],
  ['subscription', ['ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e', 'FF2E23AE-7D7C-4CBD-99B8-116BB94DCA6E']],
];

const BAD: readonly (readonly [NamedThing, readonly string[]])[] = [
  [
    'endpoint',
    ['', 'ab', '1abc', '-abc', 'abc-', 'a_b', 'a.b', 'a/b', 'a?b', 'a#b', '..', 'a b', 'a'.repeat(33)],
  ],
  ['deployment', ['gr', 'green/', 'green?x=1', 'grün', '../x', 'green\n']],
  ['workspace', ['ws', '-ws', '_ws', 'ws.prod', 'ws/..', 'ws%2f', 'a'.repeat(34)]],
  ['resource group', ['', '.', '..', 'rg.', 'rg/x', 'rg?', 'rg#', 'r g', 'rg\\', 'r'.repeat(91)]],
  [
    'subscription',
    ['', 'my-subscription', 'ff2e23ae7d7c4cbd99b8116bb94dca6e', '{ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e}'],
  ],
];

describe.each(GOOD)('a good name of a thing of the kind %s', (thing, names) => {
  test.each(names)("%j keeps Azure's rule", (name) => {
    expect(brokenRule(thing, name)).toBeUndefined();
  });
});

describe.each(BAD)('a bad name of a thing of the kind %s', (thing, names) => {
  test.each(names)("%j breaks Azure's rule", (name) => {
    expect(brokenRule(thing, name)).toMatch(/^An? .+\.$/);
  });
});

test.each([
  [
    'endpoint',
    'An endpoint name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.',
  ],
  [
    'deployment',
    'A deployment name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.',
  ],
  [
    'workspace',
    'A workspace name has 3 to 33 letters, digits, dashes and underscores, and starts with a letter or digit.',
  ],
  [
    'resource group',
    'A resource group name has 1 to 90 letters, digits, and ( ) - _ . without two periods in a row or one at the end.',
  ],
  ['subscription', 'A subscription ID is a GUID, such as 00000000-0000-0000-0000-000000000000.'],
] as const)('the rule for the name of the %s is told', (thing, sentence) => {
  expect(brokenRule(thing, '?')).toBe(sentence);
});
