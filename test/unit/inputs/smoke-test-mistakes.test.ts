import { describe, expect, test } from 'vitest';
import { mistakes, mistakesWith } from '../../support/smoke-test-inputs.ts';

const DURATION = 'Write a duration with its unit, such as 800ms, 30s, 2m or 1h30m; 24d at most.';
const NAME =
  'A deployment name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.';

describe('a mistake is told with the input and what to write', () => {
  test.each([
    ['deployment', 'green/', NAME],
    ['deployment', 'gr', NAME],
    ['deployment', 'Idle?', NAME],
    ['samples', '0', 'Write a whole number from 1 to 100000.'],
    ['samples', '100001', 'Write a whole number from 1 to 100000.'],
    ['samples', '2.5', 'Write a whole number from 1 to 100000.'],
    ['samples', '-1', 'Write a whole number from 1 to 100000.'],
    ['warm-up', '2', DURATION],
    ['timeout', '0s', 'At least 1ms.'],
    ['timeout', 'soon', DURATION],
    ['max-latency', '0s', 'At least 1ms.'],
    ['max-latency', '800', DURATION],
    ['tolerance', '2', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['tolerance', '-0.1', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['tolerance', '1 %', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['tolerance', '.', 'Write the relative tolerance as a number from 0 to 1, such as 1e-6 or 0.01.'],
    ['logs-on-failure', '10001', 'Write a whole number from 0 to 10000.'],
    ['logs-on-failure', 'all', 'Write a whole number from 0 to 10000.'],
    ['show-response', 'yes', 'Write true or false.'],
    ['allow-insecure-http', '1', 'Write true or false.'],
    [
      'response-schema',
      'none.json',
      'There is no such file in the workspace (is actions/checkout missing?).',
    ],
    ['response-schema', 'directory', 'The file cannot be read (EISDIR).'],
    [
      'expected-response',
      'none.json',
      'There is no such file in the workspace (is actions/checkout missing?).',
    ],
    ['expected-response', 'directory', 'The file cannot be read (EISDIR).'],
  ])('%s: %s', async (name, value, why) => {
    expect(await mistakesWith({ [name]: value })).toEqual([`${name} '${value}': ${why}`]);
  });

  test.each(['response-schema', 'expected-response'])('%s: a file that is no JSON', async (name) => {
    expect(await mistakesWith({ [name]: 'broken.json' })).toEqual([
      expect.stringMatching(new RegExp(`^${name} 'broken\\.json': The file holds no JSON \\(.+\\)\\.$`)),
    ]);
  });

  test('response-schema: a file that is no schema', async () => {
    expect(await mistakesWith({ 'response-schema': 'draft4.json' })).toEqual([
      expect.stringContaining("response-schema 'draft4.json': draft4.json is no valid JSON Schema at /type"),
    ]);
  });

  test.each([
    ['{"data": [1,}', /^sample-request '\{"data": \[1,\}': This is no JSON \(.+\)\.$/],
    [
      'nothing.json',
      /'nothing\.json': There is no such file in the workspace \(is actions\/checkout missing\?\)/,
    ],
    ['directory', /^sample-request 'directory': The file cannot be read \(EISDIR\)\.$/],
  ])('sample-request: %s, which alone is told', async (request, expected) => {
    expect(await mistakes({ 'sample-request': request, deployment: 'green' })).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test('deployment: one that would add a header', async () => {
    expect(await mistakesWith({ deployment: 'green\r\nX-Evil: 1' })).toEqual([
      expect.stringMatching(/^deployment '.+': A deployment name has 3 to 32 letters, digits and dashes/),
    ]);
  });
});

describe('what would look at something, and has nothing to ask, is no green gate', () => {
  test.each([
    ['deployment', 'green'],
    ['samples', '20'],
    ['warm-up', '5m'],
    ['timeout', '30s'],
    ['max-latency', '800ms'],
    ['response-schema', 'schema.json'],
    ['expected-response', 'expected.json'],
    ['tolerance', '0.1'],
    ['response-check', 'true'],
  ])('%s alone', async (name, value) => {
    expect(await mistakes({ [name]: value })).toEqual([
      `${name} '${value}': Nothing would be tested: give a sample-request to send, or a smoke-test file.`,
    ]);
  });
});
