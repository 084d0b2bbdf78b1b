import { describe, expect, test } from 'vitest';
import { KEY } from '../support/azure.ts';
import { assertNoLeaks, findLeaks } from './leaks.ts';
import { runScript } from './script.ts';
import type { StepResult } from './step.ts';

const OTHER = 'Vb6Nq1Zx9Lk4Jh7Gf2Ds5Ap8Oi3Uy0Tr';
const SECRETS = [
  { name: 'primary key', value: KEY },
  { name: 'secondary key', value: OTHER },
];
const MASKS = `out('::add-mask::${KEY}'); out('::add-mask::${OTHER}');`;

async function run(source: string): Promise<StepResult> {
  const result = await runScript(`${MASKS}\n${source}`);
  await result.dispose();
  return result;
}

describe('a step that keeps its secrets', () => {
  test('has no leak, masked text and the allowed output included', async () => {
    const result = await run(`
      out('using ${KEY}');
      file('OUTPUT', 'credential<<E\\n${KEY}\\nE\\nscoring-uri=https://churn.westeurope.inference.ml.azure.com/score\\n');
      file('STEP_SUMMARY', '# passed\\n');
      writeFileSync('report.json', '{"verdict":"passed"}');
    `);
    expect(findLeaks(result, SECRETS, ['credential'])).toEqual([]);
    expect(() => assertNoLeaks(result, SECRETS, ['credential'])).not.toThrow();
    expect(findLeaks(result, SECRETS)).toEqual([
      "output 'credential': 'primary key' whole, plain",
      "GITHUB_OUTPUT, line 2: 'primary key' whole, plain",
    ]);
  });
});

describe('a leak is found', () => {
  test.each([
    ['half of a key in the log', `out('key ${KEY.slice(0, 16)}…');`, "log: 'primary key' in part, plain"],
    [
      'an encoded key in the log',
      `out(Buffer.from('${KEY}').toString('hex'));`,
      "log: 'primary key' whole, hex",
    ],
    [
      'an encoded key in a debug line',
      `out('::debug::' + Buffer.from('${KEY}').toString('hex'));`,
      "debug lines, line 3: 'primary key' whole, hex",
    ],
    ['stderr', `console.error('${KEY}');`, "stderr: 'primary key' whole, plain"],
    [
      'the property of an annotation',
      `out('::error title=${KEY}::x');`,
      "annotation 1 (error), property 'title': 'primary key' whole, plain",
    ],
    [
      'the message of an annotation',
      `out('::error::${KEY.slice(4)}');`,
      "annotation 1 (error), message: 'primary key' in part, plain",
    ],
    [
      'a summary that breaks the key',
      `file('STEP_SUMMARY', '${KEY.match(/.{1,9}/g)?.join('\\n')}');`,
      "summary: 'primary key' whole, plain, behind line ends",
    ],
    ['the raw summary', `file('STEP_SUMMARY', '${KEY}');`, "raw summary: 'primary key' whole, plain"],
    ['state', `file('STATE', 'k=${KEY}');`, "state 'k': 'primary key' whole, plain"],
    ['a variable', `file('ENV', 'K=${KEY}');`, "exported variable 'K': 'primary key' whole, plain"],
    ['the path', `file('PATH', '/opt/${KEY}');`, "GITHUB_PATH: 'primary key' whole, plain"],
    [
      'another output',
      `file('OUTPUT', 'uri=https://x?k=${KEY}');`,
      "output 'uri': 'primary key' whole, plain",
    ],
    [
      'the allowed output with more in it',
      `file('OUTPUT', 'credential=Bearer ${KEY}');`,
      "output 'credential': 'primary key' whole, plain",
    ],
    [
      'an output that a duplicate replaced',
      `file('OUTPUT', 'credential=${OTHER}\\ncredential=${KEY}\\n');`,
      "GITHUB_OUTPUT: 'secondary key' whole, plain",
    ],
    [
      'a file in the workspace',
      `writeFileSync('report.json', JSON.stringify({ key: '${KEY}' }));`,
      "file workspace/report.json: 'primary key' whole, plain",
    ],
    [
      'a file in the temporary directory',
      `writeFileSync(process.env.RUNNER_TEMP + '/response', '${KEY}');`,
      "file temp/response: 'primary key' whole, plain",
    ],
  ])('in %s', async (_what, source, leak) => {
    const result = await run(source);
    const leaks = findLeaks(result, SECRETS, ['credential']);
    expect(leaks).toContain(leak);
    expect(leaks.join('\n')).not.toContain(KEY.slice(0, 12));
    expect(() => assertNoLeaks(result, SECRETS, ['credential'])).toThrow(leak);
  });

  test('when it is printed before its mask', async () => {
    const result = await runScript(`out('${KEY}');\n${MASKS}`);
    await result.dispose();
    expect(findLeaks(result, SECRETS)).toEqual([
      "log: 'primary key' whole, plain",
      "order: 'primary key' is printed before, or without, a mask that hides it",
    ]);
  });
});
