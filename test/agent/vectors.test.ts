import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCommand } from './commands.ts';
import { createMasker } from './masks.ts';

interface ParseVector {
  readonly kind: 'parse';
  readonly line: string;
  readonly unescapePercents: boolean;
  readonly expected: { readonly ok: boolean } & Readonly<Record<string, unknown>>;
}

interface MaskVector {
  readonly kind: 'mask';
  readonly secrets: readonly string[];
  readonly text: string;
  readonly expected: string;
}

const { vectors } = JSON.parse(
  readFileSync(new URL('../fixtures/agent/vectors.json', import.meta.url), 'utf8'),
) as { readonly vectors: readonly (ParseVector | MaskVector)[] };

describe("the agent's own parser", () => {
  const of = vectors.filter((vector) => vector.kind === 'parse');

  test('was run on enough lines', () => expect(of.length).toBeGreaterThanOrEqual(33));

  test.each(of)('reads $line', ({ line, unescapePercents, expected: { ok, ...command } }) => {
    expect(parseCommand(line, unescapePercents)).toEqual(ok ? command : undefined);
  });
});

describe("the agent's own masker", () => {
  const of = vectors.filter((vector) => vector.kind === 'mask');

  test('was run on enough texts', () => expect(of.length).toBeGreaterThanOrEqual(29));

  test.each(of)('shows $text as $expected', ({ secrets, text, expected }) => {
    const masker = createMasker();
    for (const secret of secrets) masker.add(secret);
    expect(masker.mask(text)).toBe(expected);
  });
});
