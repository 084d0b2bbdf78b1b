import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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
const LEAVES = 'This leaves the workspace. Write an absolute path if that is meant.';

/** Real files below a folder. */
function diskSources(workspace: string): PlanSources {
  const { compileSchema, compilePath, defaults } = sourcesFor('');
  return { workspace, readFile: (path) => readFileSync(path), compileSchema, compilePath, defaults };
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

  test('may not leave the workspace', () => {
    const text = withExpect('{ schema: ../../etc/x, equals: { file: ../../workspace-2/y } }');
    expect(mistakesIn(text, sourcesFor(text, { '../../etc/x': '1', '../../workspace-2/y': '1' }))).toEqual([
      `5:21: schema '../../etc/x': ${LEAVES}`,
      `5:50: file '../../workspace-2/y': ${LEAVES}`,
    ]);
  });

  test('may be anywhere by an absolute path', () => {
    const path = resolve('/elsewhere/request.json');
    const text = withRequest(`{ body: '${path}' }`);
    expect(firstCase(text, sourcesFor(text, { [path]: '1' })).request.body).toMatchObject({ origin: path });
  });

  test('may lie beside a smoke-test file outside the workspace, but not above it', () => {
    const file = resolve('/elsewhere/smoke-test.yml');
    const text = `${withRequest('{ body: request.json }')}- { name: b, request: { body: ../b.json } }\n`;
    const sources = sourcesFor(text, { [file]: text, '/elsewhere/request.json': '1', '/b.json': '1' });
    expect(told(file, sources)).toEqual([`${file}:5:31: body '../b.json': ${LEAVES}`]);
  });

  test('must not be a directory, and has no null character in its name', () => {
    expect(mistakesIn(withRequest('{ body: . }'))).toEqual([
      "4:20: body '.': This is a directory. Write the path of a file.",
    ]);
    expect(mistakesIn(withRequest('{ body: "a\\0b" }'))).toEqual([
      "4:20: body 'ab': A path has no null character.",
    ]);
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

describe('a symbolic link', () => {
  let root = '';
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'smoke-file-'));
    for (const folder of ['workspace/tests', 'secrets']) mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, 'secrets', 'a.json'), '1');
    writeFileSync(join(root, 'workspace', 'b.json'), '1');
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  test.skipIf(process.platform === 'win32')('may lead to the workspace, and not out of it', () => {
    const tests = join(root, 'workspace', 'tests');
    symlinkSync(join(root, 'secrets', 'a.json'), join(tests, 'out.json'));
    symlinkSync('../b.json', join(tests, 'in.json'));
    symlinkSync(join(root, 'workspace'), join(root, 'link'));
    writeFileSync(
      join(root, 'workspace', FILE),
      `${withRequest('{ body: in.json }')}- { name: b, request: { body: out.json } }\n`,
    );
    const mistake = `${FILE}:5:31: body 'out.json': ${LEAVES}`;
    expect(told(FILE, diskSources(join(root, 'workspace')))).toEqual([mistake]);
    expect(told(FILE, diskSources(join(root, 'link')))).toEqual([mistake]);
  });
});
