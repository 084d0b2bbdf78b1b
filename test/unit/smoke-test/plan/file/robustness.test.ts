import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSmokeTestFile } from '../../../../../src/smoke-test/plan/file/smoke-test-file.ts';
import { PROJECT_ROOT } from '../../../../runner/node.ts';
import {
  FILE,
  mistakesIn,
  sourcesFor,
  withExpect,
  withKeys,
  withRequest,
} from '../../../../support/smoke-test-file.ts';

const example = readFileSync(join(PROJECT_ROOT, 'test/fixtures/smoke-files/design/smoke-test.yml'), 'utf8');

/** A plan, or mistakes that each stand in the text. */
function isTold(text: string | Buffer): void {
  const outcome = readSmokeTestFile(FILE, sourcesFor(text));
  if ('plan' in outcome) return;
  const lines = String(text).split('\n');
  expect(outcome.mistakes.length).toBeGreaterThan(0);
  for (const { line, column, message } of outcome.mistakes) {
    expect(line).toBeGreaterThan(0);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThan(0);
    expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
    expect(message).toMatch(/^\S.*\S$/);
  }
}

describe('any file is a plan or has mistakes with their places', () => {
  test('text with pieces of the example changed', () => {
    const piece = fc.constantFrom(
      ...'{}[]:,-&*!|>?"\'#% \n\t~<',
      '<<: ',
      '*a',
      '&a ',
      '- ',
      '\r\n',
      '__proto__: ',
    );
    const change = fc.tuple(fc.nat(example.length), fc.nat(12), fc.array(piece, { maxLength: 3 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = changes.reduce(
          (text, [at, cut, pieces]) => text.slice(0, at) + pieces.join('') + text.slice(at + cut),
          example,
        );
        isTold(changed);
      }),
      { numRuns: 1_500 },
    );
  });

  test('bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => mistakesIn(Buffer.from(bytes)).length > 0),
    );
  });

  test('any value for any key', () => {
    const key = fc.constantFrom(
      (value: string) => `{ version: ${value}, cases: ${value}, thresholds: ${value}, advisory: ${value} }`,
      (value: string) =>
        withKeys(`deployment: ${value}`, `timeout: ${value}`, `thresholds: { baseline: ${value} }`),
      (value: string) => withKeys(`- ${value}`, `- { name: ${value}, request: ${value}, expect: ${value} }`),
      (value: string) =>
        withRequest(`{ body: ${value}, multipart: ${value}, headers: ${value}, path: ${value} }`),
      (value: string) => withRequest(`{ lines: ${value}, method: ${value}, text: ${value} }`),
      (value: string) =>
        withExpect(`{ status: ${value}, headers: ${value}, json: ${value}, text: ${value} }`),
      (value: string) => withExpect(`{ equals: ${value}, stream: ${value}, schema: ${value} }`),
      (value: string) =>
        withExpect(`{ json: { $: { length: ${value}, between: ${value}, matches: ${value} } } }`),
    );
    fc.assert(
      fc.property(key, fc.jsonValue({ maxDepth: 3 }), (write, value) => isTold(write(JSON.stringify(value)))),
      { numRuns: 1_500 },
    );
  });
});
