import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAzurePipelinesHost } from '../../../src/hosts/azure-pipelines.ts';
import { guard } from '../../../src/secrets/secret.ts';
import { linesOf, parseCommand } from '../../agent/commands.ts';
import { readTaskLog } from '../../agent/log.ts';
import { KEY } from '../../support/azure.ts';
import { runs } from '../../support/fuzz.ts';

let printed: string[] = [];

beforeEach(() => {
  printed = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    printed.push(String(chunk));
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const lines = (): readonly string[] => linesOf(printed.join(''));
const log = () =>
  readTaskLog({ stdout: printed.join(''), stderr: '' }, ['verdict', 'credential', 'scoringUri'], []);

describe('what the host says, the agent reads back', () => {
  test('a value of an output, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (value) => {
        printed = [];
        createAzurePipelinesHost().setOutput('scoring-uri', value);
        // The agent splits lines at all of these, so that they are escaped.
        const [line = '', ...more] = lines();
        expect(more).toEqual([]);
        expect(parseCommand(line)).toMatchObject({ area: 'task', event: 'setvariable', data: value });
      }),
      { numRuns: runs(500) },
    );
  });

  test('a secret is masked before it is an output, and is the only one', () => {
    const host = createAzurePipelinesHost();
    host.setOutput('credential', guard(KEY, 'The key'));
    host.setOutput('verdict', 'passed');
    const { variables, shown } = log();
    expect(variables).toEqual({
      credential: { value: KEY, isSecret: true, isOutput: true },
      verdict: { value: 'passed', isSecret: false, isOutput: true },
    });
    expect(shown).toEqual([]);
    const mask = lines().indexOf(`##vso[task.setsecret]${KEY}`);
    expect(mask).toBeLessThan(lines().findIndex((line) => line.includes('setvariable')));
    expect(mask).toBeGreaterThanOrEqual(0);
  });

  test('an error is one issue of several lines', () => {
    createAzurePipelinesHost().error('It failed.\nDo this; and that [now] 100%.', { title: 'Inputs' });
    expect(log().issues).toEqual([
      { type: 'error', message: 'Inputs: It failed.\nDo this; and that [now] 100%.' },
    ]);
  });

  test.each([
    ['passed', 'Succeeded'],
    ['skipped', 'Succeeded'],
    ['failed', 'Failed'],
    ['inconclusive', 'Failed'],
    ['error', 'Failed'],
  ] as const)('%s completes the task as %s, with exit code 0', (verdict, result) => {
    expect(createAzurePipelinesHost().finish({ verdict, isMistake: false })).toBe(0);
    expect(log().completed).toBe(result);
  });
});

test('no text that it prints is a command', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '##vso[',
      'task.complete result=Succeeded;]',
      '##',
      'vso[',
      '\r',
      '\n',
      '\u0000',
      '\u200d',
      '##[',
      '\u001b[m',
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      printed = [];
      const host = createAzurePipelinesHost();
      host.info(pieces.join(''));
      host.group(pieces.join(''), [pieces.join('')]);
      host.progress(pieces.join(''));
      expect(lines().filter((line) => parseCommand(line) !== undefined || /##vso/i.test(line))).toEqual([]);
    }),
    { numRuns: runs(1_000) },
  );
});

test('a secret of one line shows in no encoding on the agent', () => {
  const odd = 'Zk9"a\'B\\c%d&e+f/g=h!i(j)k*l~m n';
  for (const secret of [KEY, odd]) {
    printed = [];
    createAzurePipelinesHost();
    guard(secret, 'The secret');
    const { masker, refused } = log();
    const base64 = Buffer.from(`xx${secret}`).toString('base64');
    const shown = [
      secret,
      JSON.stringify(secret),
      encodeURIComponent(secret),
      Buffer.from(secret).toString('hex'),
    ];
    expect(refused).toEqual([]);
    for (const text of shown) expect(masker.mask(text)).toContain('***');
    expect(masker.mask(base64)).toContain('***');
  }
});

test('the origin is the page of the build, and the commit', () => {
  vi.stubEnv('SYSTEM_COLLECTIONURI', 'https://dev.azure.com/octo/');
  vi.stubEnv('SYSTEM_TEAMPROJECT', 'Churn Models');
  vi.stubEnv('BUILD_BUILDID', '42');
  vi.stubEnv('BUILD_SOURCEVERSION', 'abc123');
  const { origin } = createAzurePipelinesHost();
  expect(origin()).toEqual({
    runUrl: 'https://dev.azure.com/octo/Churn%20Models/_build/results?buildId=42',
    commit: 'abc123',
  });
  vi.stubEnv('SYSTEM_TEAMPROJECT', undefined);
  expect(origin()).toEqual({ commit: 'abc123' });
});
