import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileReader } from '../../../../../src/process/guarded-files.ts';
import {
  formatMistake,
  type PlanSources,
  readSmokeTestFile,
} from '../../../../../src/smoke-test/plan/file/smoke-test-file.ts';
import { PROJECT_ROOT } from '../../../../runner/node.ts';
import {
  FILE,
  firstCase,
  mistakesIn,
  sourcesFor,
  WORKSPACE,
  withExpect,
  withRequest,
} from '../../../../support/smoke-test-file.ts';

const FIXTURES = 'test/fixtures/smoke-files';
const COPY_IT = 'Copy the file into the workspace, or name a smoke-test file that lies beside it.';
const OUTSIDE = `This is outside the workspace. ${COPY_IT}`;

/** Real files below a folder. */
function diskSources(workspace: string): PlanSources {
  const { compileSchema, compilePath, defaults } = sourcesFor('');
  return { workspace, readFile: createFileReader(workspace), compileSchema, compilePath, defaults };
}

function told(path: string, sources: PlanSources): readonly string[] {
  const outcome = readSmokeTestFile(path, sources);
  return 'plan' in outcome ? [] : outcome.mistakes.map(formatMistake);
}

describe('the smoke-test file', () => {
  test('that is not there is a mistake', () => {
    expect(told('nope.yml', diskSources(PROJECT_ROOT))).toEqual([
      'nope.yml:1:1: There is no such file (nope.yml).',
    ]);
  });

  test('that is a directory is a mistake', () => {
    expect(told(FIXTURES, diskSources(PROJECT_ROOT))).toEqual([
      `${FIXTURES}:1:1: This is a directory. Write the path of a file.`,
    ]);
  });

  test('of the documentation is a plan', () => {
    const outcome = readSmokeTestFile(`${FIXTURES}/design/smoke-test.yml`, diskSources(PROJECT_ROOT));
    expect(outcome).toMatchObject({
      plan: {
        deployment: { kind: 'named', name: 'green' },
        samples: 20,
        cases: [
          {
            name: 'two rows',
            request: { body: { origin: `${FIXTURES}/design/sample-request.json` } },
            expect: { status: [{ code: 200 }], equals: { value: [11642.8, 11210.3], relative: 0.01 } },
          },
          {
            name: 'chat stream',
            request: { method: 'POST', path: '/v1/chat/completions', contentType: 'application/json' },
            expect: { status: [{ class: 2 }], stream: { firstEventMs: 3_000, endsWith: '[DONE]' } },
          },
        ],
        thresholds: { baseline: { deployment: 'blue', ratios: { p95: 1.5 } } },
        advisory: ['p95'],
      },
    });
  });

  test('with many mistakes has all of them reported at once, in the order of the file', async () => {
    const mistakes = told(`${FIXTURES}/many-mistakes.yml`, diskSources(PROJECT_ROOT));
    await expect(`${mistakes.join('\n')}\n`).toMatchFileSnapshot(
      join(PROJECT_ROOT, FIXTURES, 'many-mistakes.txt'),
    );
  });

  test('that is a bomb is reported to be one', () => {
    expect(told(`${FIXTURES}/billion-laughs.yml`, diskSources(PROJECT_ROOT))).toEqual([
      `${FIXTURES}/billion-laughs.yml:1:32: This file holds more than 100000 values with its anchors written out. Put request bodies into files of their own.`,
    ]);
  });
});

describe('a file that it names', () => {
  test.each(['../request.json', 'a/../../b/request.json'])('may lie at %s in the workspace', (path) => {
    const text = withRequest(`{ body: ${path} }`);
    expect(firstCase(text, sourcesFor(text, { [path]: '1' })).request.body).toMatchObject({
      origin: resolve(WORKSPACE, 'tests', path)
        .slice(WORKSPACE.length + 1)
        .replaceAll('\\', '/'),
    });
  });

  test('must be readable', () => {
    const text = withRequest('{ body: locked.json }');
    const sources = sourcesFor(text);
    const locked: PlanSources = {
      ...sources,
      readFile: (path) => {
        if (path.endsWith('locked.json')) throw Object.assign(new Error('no'), { code: 'EACCES' });
        return sources.readFile(path);
      },
    };
    expect(mistakesIn(text, locked)).toEqual(["4:20: body 'locked.json': The file cannot be read (EACCES)."]);
  });

  test('may have a byte order mark when it is JSON', () => {
    const text = withExpect('{ equals: { file: bom.json } }');
    const sources = sourcesFor(text, { 'bom.json': '\uFEFF[1]' });
    expect(firstCase(text, sources).expect.equals?.value).toEqual([1]);
  });
});

describe('a file on disk that it names', () => {
  let root = '';
  let workspace = '';
  beforeEach(() => {
    root = realpathSync.native(mkdtempSync(join(tmpdir(), 'smoke-file-')));
    workspace = join(root, 'workspace');
    for (const folder of ['workspace/tests', 'elsewhere/samples'])
      mkdirSync(join(root, folder), { recursive: true });
    for (const file of ['secret.json', 'elsewhere/a.json', 'elsewhere/samples/b.json', 'workspace/c.json'])
      writeFileSync(join(root, file), '1');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** What is told of a smoke-test file that names each of these as a body. */
  function toldOf(file: string, paths: readonly string[], from = workspace): readonly string[] {
    const cases = paths.map((path, index) => `- { name: c${index}, request: { body: '${path}' } }\n`);
    writeFileSync(resolve(from, file), `version: 1\ncases:\n${cases.join('')}`);
    return told(file, diskSources(from)).map((line) => line.replace(/^.*:\d+:\d+: /, ''));
  }

  test('is in the workspace, by whichever path', () => {
    expect(toldOf(FILE, ['../c.json', join(workspace, 'c.json'), './/x/../../c.json'])).toEqual([]);
  });

  test('is not outside of it, whether or not it is there', () => {
    const paths = ['../../secret.json', join(root, 'secret.json'), '../../no.json', join(root, 'no.json')];
    expect(toldOf(FILE, paths)).toEqual(paths.map((path) => `body '${path}': ${OUTSIDE}`));
  });

  test('may lie beside a smoke-test file outside the workspace, or in the workspace, but not above', () => {
    const file = join(root, 'elsewhere', 'smoke-test.yml');
    const good = ['a.json', 'samples/b.json', '../workspace/c.json', join(root, 'elsewhere', 'a.json')];
    expect(toldOf(file, good)).toEqual([]);
    expect(toldOf(file, ['../secret.json'])).toEqual([
      "body '../secret.json': This is outside the workspace and the folder of the smoke-test file. Copy the file there.",
    ]);
  });

  test('is not a directory, and has no null character in its name', () => {
    expect(toldOf(FILE, ['.'])).toEqual(["body '.': This is a directory. Write the path of a file."]);
    writeFileSync(join(workspace, FILE), withRequest('{ body: "a\\0b" }'));
    expect(mistakesIn('', diskSources(workspace))).toEqual([
      "4:20: body 'ab': A path cannot contain a null character.",
    ]);
  });

  test.skipIf(process.platform === 'win32')('may be a link that stays in the workspace', () => {
    symlinkSync('../c.json', join(workspace, 'tests', 'in.json'));
    symlinkSync(join(root, 'secret.json'), join(workspace, 'tests', 'out.json'));
    symlinkSync(workspace, join(root, 'link'));
    const mistake = `body 'out.json': A link leads from here to '${join(root, 'secret.json')}', outside the workspace. ${COPY_IT}`;
    expect(toldOf(FILE, ['in.json', 'out.json'])).toEqual([mistake]);
    expect(toldOf(FILE, ['in.json', 'out.json'], join(root, 'link'))).toEqual([mistake]);
  });
});
