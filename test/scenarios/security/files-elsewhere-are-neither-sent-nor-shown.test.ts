import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openScenario, SAMPLE, type Seen, type StepRequest } from '../../support/scenario.ts';

const { step } = await openScenario();

/** What another program of the machine has in a file, such as the token cache of `az`. */
const TOKEN = 'token-in-the-cache-of-another-program';

let root = '';
let workspace = '';
let cache = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'files-elsewhere-'));
  workspace = join(root, 'workspace');
  cache = join(root, 'home', 'msal_token_cache.json');
  for (const folder of ['workspace/.git', 'home', 'temp']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(cache, `{"secret": "${TOKEN}", }`);
  writeFileSync(join(root, 'temp', 'sample.json'), SAMPLE);
  writeFileSync(join(workspace, '.git', 'config'), `extraheader = ${TOKEN}`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function stepIn(request: StepRequest): Promise<Seen> {
  return step({ ...request, workspace, secrets: [{ name: 'token in the cache', value: TOKEN }] });
}

function withCase(request: string, expect = '{}'): StepRequest {
  return {
    inputs: { 'smoke-test': 'smoke-test.yml' },
    files: { 'smoke-test.yml': `version: 1\ncases: [{ name: a, request: ${request}, expect: ${expect} }]\n` },
  };
}

describe.runIf(process.platform === 'linux')('the environment of the step is not sent', () => {
  test('when a smoke-test file names it as a body', async () => {
    const { error, exchanges } = await stepIn(withCase('{ body: /proc/self/environ }'));

    expect(error).toBe(
      "smoke-test.yml:2:37: body '/proc/self/environ': This is outside the workspace. Copy the file into the workspace, or name a smoke-test file that lies beside it.",
    );
    expect(exchanges).toEqual([]);
  });

  test('when a pull request puts a link to it in the place of the sample', async () => {
    symlinkSync('/proc/self/environ', join(workspace, 'sample.json'));
    const { error, exchanges } = await stepIn({ inputs: { 'sample-request': 'sample.json' } });

    expect(error).toMatch(
      /sample-request 'sample\.json': A link leads from here to '\/proc\/\d+\/environ', outside the workspace\./,
    );
    expect(exchanges).toEqual([]);
  });
});

// That the token shows nowhere is checked after every step.
describe.skipIf(process.platform === 'win32')('what another program keeps in a file is not shown', () => {
  const OUTSIDE = /outside the workspace\. /;

  test.each([
    ['a golden file', withCase('{ json: 1 }', '{ equals: { file: ../home/msal_token_cache.json } }')],
    ['a schema', withCase('{ json: 1 }', '{ schema: linked.json }')],
    ['lines', withCase('{ lines: linked.json }')],
    ['a form', withCase('{ multipart: { a: linked.json } }')],
    ['expected-response', { inputs: { 'sample-request': SAMPLE, 'expected-response': 'linked.json' } }],
    ['response-schema', { inputs: { 'sample-request': SAMPLE, 'response-schema': 'linked.json' } }],
    ['ca-certificate', { inputs: { 'ca-certificate': 'linked.json' } }],
    ['smoke-test', { inputs: { 'smoke-test': 'linked.json' } }],
  ])('as %s', async (_, request) => {
    symlinkSync(cache, join(workspace, 'linked.json'));
    const { error, exchanges } = await stepIn(request);

    expect(error).toMatch(OUTSIDE);
    expect(exchanges).toEqual([]);
  });

  test('by an absolute path that a smoke-test file names', async () => {
    const { error, exchanges } = await stepIn(withCase(`{ body: '${cache}' }`));

    expect(error).toMatch(OUTSIDE);
    expect(exchanges).toEqual([]);
  });

  test('when it is the token that actions/checkout has left', async () => {
    const { error, exchanges } = await stepIn(withCase('{ body: .git/config }'));

    expect(error).toContain("body '.git/config': This belongs to Git, which keeps credentials there.");
    expect(exchanges).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('what is not a file is refused at once', () => {
  test.each([
    ['pipe', 'This is a pipe. Write the path of a file.'],
    ['.', 'This is a directory. Write the path of a file.'],
    ['/dev/zero', 'This is a device. Write the path of a file.'],
  ])('%s', async (path, told) => {
    execFileSync('mkfifo', [join(workspace, 'pipe')]);
    const { error, exchanges } = await stepIn({ inputs: { 'sample-request': path } });

    expect(error).toBe(`1 input is wrong: sample-request '${path}': ${told}`);
    expect(exchanges).toEqual([]);
  });
});

describe('what the workflow itself names is read', () => {
  test('a sample that an earlier step has made in the temporary folder', async () => {
    const { outputs } = await stepIn({ inputs: { 'sample-request': join(root, 'temp', 'sample.json') } });

    expect(outputs.verdict).toBe('passed');
  });

  test('a smoke-test file elsewhere, with what lies beside it', async () => {
    const path = join(root, 'temp', 'smoke-test.yml');
    writeFileSync(path, 'version: 1\ncases: [{ name: a, request: { body: sample.json } }]\n');
    const { outputs } = await stepIn({ inputs: { 'smoke-test': path } });

    expect(outputs.verdict).toBe('passed');
  });
});
