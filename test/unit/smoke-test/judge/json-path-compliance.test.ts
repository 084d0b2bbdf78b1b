import { describe, expect, test } from 'vitest';
import { compilePath } from '../../../../src/smoke-test/judge/json-path.ts';
import suite from '../../../fixtures/jsonpath/cts.json' with { type: 'json' };

interface Example {
  readonly name: string;
  readonly selector: string;
  readonly document?: unknown;
  readonly invalid_selector?: boolean;
  /** One of these where the order is free. */
  readonly results?: readonly (readonly unknown[])[];
  readonly result?: readonly unknown[];
}

const examples: readonly Example[] = suite.tests;

describe('RFC 9535', () => {
  test.each(examples.filter(({ invalid_selector }) => invalid_selector))(
    'refuses what is not a path: $name: $selector',
    ({ selector }) => {
      expect(compilePath(selector)).toContain(`${JSON.stringify(selector)} is not a JSONPath. `);
    },
  );

  test.each(examples.filter(({ invalid_selector }) => !invalid_selector))(
    'finds the values: $name: $selector',
    ({ selector, document, result = [], results = [result] }) => {
      const find = compilePath(selector);
      if (typeof find === 'string') throw new Error(find);
      expect(results).toContainEqual(find(document).map(({ value }) => value));
    },
  );
});
