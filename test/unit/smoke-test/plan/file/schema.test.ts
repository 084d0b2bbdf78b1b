import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import schema from '../../../../../smoke-test.schema.json' with { type: 'json' };
import { VALUE_TYPES } from '../../../../../src/smoke-test/plan/json-value.ts';
import { LATENCY_NAMES } from '../../../../../src/smoke-test/plan/plan.ts';
import { parseDuration } from '../../../../../src/text/format.ts';
import { PROJECT_ROOT } from '../../../../runner/node.ts';
import { mistakesIn, withExpect, withKeys, withRequest } from '../../../../support/smoke-test-file.ts';

interface Node {
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly type?: unknown;
  readonly additionalProperties?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
}

// As an editor reads it, to which errorMessage is no keyword.
const ajv = new Ajv2020({ strict: false, allErrors: true });
const validate = ajv.compile(schema);

/** Every schema of a key, by its JSON Pointer. */
function keysIn(node: Node, pointer: string): readonly (readonly [string, Node])[] {
  return Object.entries(node).flatMap(([name, part]): readonly (readonly [string, Node])[] => {
    if (typeof part !== 'object' || part === null || ['if', 'then', 'examples'].includes(name)) return [];
    const at = `${pointer}/${name.replaceAll('/', '~1')}`;
    const own = pointer.endsWith('/properties') ? [[at, part as Node] as const] : [];
    return [...own, ...keysIn(part as Node, at)];
  });
}

const keys = keysIn(schema as Node, '#');
const definitions = Object.entries(schema.$defs).map(
  ([name, node]) => [`#/$defs/${name}`, node as Node] as const,
);

describe('the published schema', () => {
  test('is JSON Schema 2020-12', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(ajv.validateSchema(schema)).toBe(true);
  });

  test('takes the documentation’s example', () => {
    const file = join(PROJECT_ROOT, 'test/fixtures/smoke-files/design/smoke-test.yml');
    expect(validate(parse(readFileSync(file, 'utf8')))).toBe(true);
  });

  test.each([...keys, ...definitions])('describes %s', (_pointer, node) => {
    expect(node.title).toMatch(/\S/);
    expect(node.description).toMatch(/\S.*\.$/);
  });

  test.each(keys)('has examples of %s that it takes', (pointer, { examples }) => {
    expect(examples?.length).toBeGreaterThan(0);
    const check = ajv.compile({ $ref: `${schema.$id}${encodeURI(pointer)}` });
    for (const example of examples ?? []) expect([example, check(example)]).toEqual([example, true]);
  });

  test('knows every key of every mapping', () => {
    const open = [...keys, ...definitions, ['#', schema as Node] as const].filter(
      ([, { properties, additionalProperties }]) =>
        properties !== undefined && additionalProperties !== false,
    );
    expect(open).toEqual([]);
  });

  test('names the types, latencies and durations that the code knows', () => {
    const { condition, thresholds, duration } = schema.$defs;
    expect(condition.properties.type.enum).toEqual([...VALUE_TYPES]);
    expect(Object.keys(thresholds.properties)).toEqual(['success-rate', ...LATENCY_NAMES, 'baseline']);
    const baseline = Object.keys(thresholds.properties.baseline.properties);
    expect(baseline).toEqual(['report', 'deployment', ...LATENCY_NAMES]);
    const ofCase = schema.$defs['case-thresholds'].properties;
    expect(Object.keys(ofCase)).toEqual(['success-rate', ...LATENCY_NAMES, 'baseline']);
    expect(Object.keys(ofCase.baseline.properties)).toEqual(LATENCY_NAMES);
    const pattern = new RegExp(duration.pattern, 'u');
    for (const text of ['800ms', '30s', '1.5m', '1h30m', '2d', '5', 's', '1 s', '1w', '-1s', '1s ', '']) {
      expect([text, pattern.test(text)]).toEqual([text, parseDuration(text) !== undefined]);
    }
  });
});

const RIGHT = [
  withKeys('deployment:', 'thresholds: { success-rate: 99% }'),
  withRequest('{ method: GET, path: /health }'),
  withRequest('{ multipart: { a: { text: x } } }'),
  withExpect('{ json: { $: null }, status: [2xx, 404] }'),
];

const WRONG = [
  '[]',
  'version: 1',
  withKeys('extra: 1'),
  withKeys('samples: "3"'),
  withKeys('timeout: 3'),
  withKeys('advisory: [p42]'),
  withKeys('thresholds: { baseline: { p95: 2 } }'),
  withRequest('{}'),
  withRequest('{ json: 1, text: a }'),
  withRequest('{ method: GET, json: 1 }'),
  withRequest('{ json: 1, path: //a }'),
  withRequest('{ multipart: { a: { file: b } } }'),
  withExpect('{ status: 42 }'),
  withExpect('{ equals: {} }'),
  withExpect('{ stream: { first-event: 3 } }'),
  withExpect('{ json: { $: { betwen: [1, 2] } } }'),
];

describe('the published schema and the action agree', () => {
  test.each(RIGHT)('that this is right: %s', (text) => {
    expect([validate(parse(text)), mistakesIn(text)]).toEqual([true, []]);
  });

  test.each(WRONG)('that this is wrong: %s', (text) => {
    expect(validate(parse(text))).toBe(false);
    expect(mistakesIn(text).length).toBeGreaterThan(0);
  });
});
