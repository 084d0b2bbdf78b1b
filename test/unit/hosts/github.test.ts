import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { EOL, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createGitHubHost } from '../../../src/hosts/github.ts';
import type { Host } from '../../../src/hosts/host.ts';
import { guard } from '../../../src/secrets/secret.ts';
import { splitLines } from '../../runner/commands.ts';
import { readPairs, SUMMARY_LIMIT_BYTES } from '../../runner/file-commands.ts';
import { createLog, type Log } from '../../runner/log.ts';
import { createMasker } from '../../runner/masks.ts';
import { KEY } from '../../support/azure.ts';
import { runs } from '../../support/fuzz.ts';

let directory: string;
let output: string;
let summary: string;
let host: Host;
let written: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'host-'));
  output = join(directory, 'output');
  summary = join(directory, 'summary.md');
  writeFileSync(output, '');
  writeFileSync(summary, '');
  vi.stubEnv('GITHUB_OUTPUT', output);
  vi.stubEnv('GITHUB_STEP_SUMMARY', summary);
  written = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    written += String(chunk);
    return true;
  });
  host = createGitHubHost();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

/** What a person sees of all that was printed. */
function log(debug = false): Log {
  const seen = createLog(createMasker(), { debug });
  for (const line of splitLines(written)) seen.line(line);
  return seen;
}

describe('a line of the log', () => {
  test('is shown as it is', () => {
    host.info("Endpoint 'churn' in westeurope: 50 % done");
    expect(log().shown).toEqual(["Endpoint 'churn' in westeurope: 50 % done"]);
  });

  test('may be several, none of them a command', () => {
    host.info('one\n::error::two\r##[warning]three\u2028::set-output name=verdict::passed');
    expect(log().shown).toEqual([
      'one',
      ': :error::two',
      '## [warning]three',
      ': :set-output name=verdict::passed',
    ]);
    expect(log().annotations).toEqual([]);
    expect(log().outputs.size).toBe(0);
  });

  test('whatever it holds, sets no output, adds no annotation and no mask', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            '::',
            '##[',
            ']',
            'error',
            'add-mask',
            'stop-commands',
            '\n',
            '\r',
            ' ',
            '\u001b[m',
          ),
        )
        .map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (remote) => {
        written = '';
        host.info(remote);
        host.group(remote, [remote]);
        host.debug(remote);
        host.warning(remote);
        const { annotations, outputs, masks, failedCommands } = log();
        expect(annotations.length).toBeLessThanOrEqual(1);
        expect([outputs.size, masks, failedCommands]).toEqual([0, [], []]);
      }),
    );
  });

  test('shows no secret, whole or in part', () => {
    guard(KEY, 'The key');
    host.info(`Authorization: Bearer ${KEY}, beginning with ${KEY.slice(0, 14)}`);
    expect(written.split('\n').filter((line) => !line.startsWith('::add-mask::'))).toEqual([
      'Authorization: Bearer ***, beginning with ***',
      '',
    ]);
  });
});

describe('a secret', () => {
  test('is hidden by commands that come before anything else', () => {
    guard('another key with 100 % odd\tcharacters', 'The key');
    host.info('after');
    const lines = splitLines(written);
    expect(lines.at(-1)).toBe('after');
    expect(lines.slice(0, -1).filter((line) => !line.startsWith('::add-mask::'))).toEqual([]);
    expect(log().masks[0]).toBe('another key with 100 % odd\tcharacters');
  });

  test('of several lines is hidden line by line, and no blank mask is asked for', () => {
    guard('first line 0123456\r\n\n  second line 789 \n', 'The key');
    expect(log().masks).toContain('first line 0123456');
    expect(log().masks).toContain('second line 789');
    expect(log().annotations).toEqual([]);
    expect(log().masks.filter((mask) => /[\r\n]/.test(mask))).toEqual([]);
  });

  test('is revealed in an output', () => {
    host.setOutput('credential', guard(KEY, 'The key'));
    expect(readPairs(readFileSync(output, 'utf8')).pairs).toEqual({ credential: KEY });
  });
});

describe('an annotation', () => {
  test.each(['warning', 'error'] as const)('has its message and its place: %s', (level) => {
    host[level]('The request file is broken: 50 %,\nline two', {
      title: 'Inputs: request, body',
      file: 'smoke/test.yml',
      startLine: 3,
      startColumn: 14,
    });
    expect(log().annotations).toEqual([
      {
        level,
        message: 'The request file is broken: 50 %,\nline two',
        properties: { title: 'Inputs: request, body', file: 'smoke/test.yml', line: '3', col: '14' },
      },
    ]);
  });

  test.each([
    [{}, {}],
    [{ title: 'Inputs' }, { title: 'Inputs' }],
    [
      { file: 'test.yml', startLine: 7 },
      { file: 'test.yml', line: '7' },
    ],
  ])('has its place as far as it is known: %j', (place, properties) => {
    host.error('It failed', place);
    expect(log().annotations).toEqual([{ level: 'error', message: 'It failed', properties }]);
  });

  test('holds no command, even when the log shows it line by line', () => {
    host.error('bad answer:\n::stop-commands::x\n##[error]y');
    expect(log().annotations[0]?.message).toBe('bad answer:\n: :stop-commands::x\n## [error]y');
  });

  test('shows no secret that the cut divides', () => {
    guard(KEY, 'The key');
    written = '';
    host.error(`${'.'.repeat(4_085)}${KEY}`);
    expect(written).not.toContain(KEY.slice(0, 5));
  });
});

test('a group folds its lines under its title', () => {
  host.group('Log \t of\n::error::blue', ['line one', '::warning::line two', 'a\nb']);
  expect(splitLines(written)).toEqual([
    '::group::Log of : :error::blue',
    'line one',
    ': :warning::line two',
    'a',
    'b',
    '::endgroup::',
  ]);
});

test('a debug line is shown when the debug switch is on', () => {
  host.debug('what\nhappened 100 %\n::error::x');
  expect(log().shown).toEqual([]);
  expect(log(true).shown).toEqual(['##[debug]what', '##[debug]happened 100 %', '##[debug]: :error::x']);
});

describe('an output', () => {
  test.each([
    ['text', 'https://churn.westeurope.inference.ml.azure.com/score'],
    ['nothing', ''],
    ['JSON', '{"blue":90,"green":10}'],
    ['several lines', 'one\ntwo\n\nthree\n'],
    ['carriage returns', 'one\r\ntwo\r'],
    ['another output', 'x\nverdict=passed\nverdict<<EOF\npassed\nEOF'],
    ['a delimiter of the toolkit', 'ghadelimiter_00000000-0000-0000-0000-000000000000'],
    ['a byte order mark', '\ufeffx'],
    ['percent signs', '100%25 %0A'],
  ])('arrives as it is: %s', (_what, value) => {
    host.setOutput('scoring-uri', value);
    expect(readPairs(readFileSync(output, 'utf8'), 'linux')).toEqual({ pairs: { 'scoring-uri': value } });
  });

  test('whatever it holds, arrives as it is and touches no other', () => {
    const line = fc.oneof(
      fc.constantFrom('verdict=passed', 'verdict<<EOF', 'EOF', '=', '<<', '', '::error::x', '\r', 'a=b<<c'),
      fc.string({ unit: 'binary', maxLength: 20 }),
    );
    const value = fc.array(line, { maxLength: 8 }).map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(value, value, (first, second) => {
        writeFileSync(output, '');
        host.setOutput('verdict', 'failed');
        host.setOutput('location', first);
        host.setOutput('deployment', second);
        expect(readPairs(readFileSync(output, 'utf8'), 'linux')).toEqual({
          pairs: { verdict: 'failed', location: first, deployment: second },
        });
      }),
      { numRuns: runs(2_000) },
    );
    expect(written).toBe('');
  });
});

describe('outputs that cannot be written', () => {
  test.each([
    ['no file', '', /^The outputs cannot be written: the environment variable GITHUB_OUTPUT/],
    [
      'a file that is not there',
      '/nowhere/output',
      /^The outputs cannot be written to '\/nowhere\/output', .*: there is no such file\./,
    ],
    ['a directory', tmpdir(), /: it is a directory\./],
  ])('are told once: %s', (_what, path, told) => {
    vi.stubEnv('GITHUB_OUTPUT', path);
    expect(() => host.setOutput('verdict', 'passed')).toThrow(told);
    expect(() => host.setOutput('verdict', 'error')).not.toThrow();
  });

  // Windows has no such pipes among its files.
  test.skipIf(process.platform === 'win32')('are not waited for at a pipe that nobody reads', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipe-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    vi.stubEnv('GITHUB_OUTPUT', path);
    expect(() => host.setOutput('verdict', 'passed')).toThrow(/: it is a pipe\./);
  });
});

describe('a summary', () => {
  test('is appended', () => {
    host.writeSummary('### One\n');
    host.writeSummary('### Two\n');
    expect(readFileSync(summary, 'utf8')).toMatch(/^### One\n\s*### Two\n\s*$/);
  });

  test('that cannot be written fails nothing, and is told', () => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', dirname(summary));
    expect(() => host.writeSummary('### One\n')).not.toThrow();
    expect(written).toBe(
      `The job summary was left out: '${dirname(summary)}' cannot be written: it is a directory.\n`,
    );
  });

  // Windows has no such pipes among its files.
  test.skipIf(process.platform === 'win32')('is not waited for at a pipe that nobody reads', () => {
    const path = join(directory, 'pipe');
    execFileSync('mkfifo', [path]);
    vi.stubEnv('GITHUB_STEP_SUMMARY', path);
    host.writeSummary('### One\n');
    expect(written).toBe(`The job summary was left out: '${path}' cannot be written: it is a pipe.\n`);
  });

  test.each([undefined, '', '/nowhere/summary.md'])('has no place at %j, which fails nothing', (path) => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', path);
    expect(() => host.writeSummary('### One\n')).not.toThrow();
    expect(written).toBe('');
  });
});

describe('limits', () => {
  test('an annotation of more than 4,096 characters is cut where GitHub cuts it, and shows that it is', () => {
    host.error('x'.repeat(4_096));
    host.error('y'.repeat(4_097));
    expect(log().annotations.map(({ message }) => message)).toEqual([
      'x'.repeat(4_096),
      `${'y'.repeat(4_095)}…`,
    ]);
  });

  const longest = SUMMARY_LIMIT_BYTES - EOL.length;
  const LEFT_OUT = `The job summary was left out: with it, the summary of this step would have ${(1_048_577).toLocaleString('en-US')} bytes, and GitHub shows at most 1,048,576. The log has what it would say.\n`;

  test.each([
    ['as long as GitHub shows is written', 0, 'x'.repeat(longest), SUMMARY_LIMIT_BYTES],
    ['one byte longer is not written', 0, 'x'.repeat(longest + 1), 0],
    ['is measured in bytes', 0, 'é'.repeat(SUMMARY_LIMIT_BYTES / 2), 0],
    [
      'is written when the whole summary stays as long',
      1_000,
      'x'.repeat(longest - 1_000),
      SUMMARY_LIMIT_BYTES,
    ],
    ['is not written when the whole summary gets too long', 1_000, 'x'.repeat(longest - 999), 1_000],
  ])('a summary that %s', (_what, before, markdown, size) => {
    writeFileSync(summary, 'b'.repeat(before));
    host.writeSummary(markdown);
    expect(readFileSync(summary).length).toBe(size);
    expect(written).toBe(size > before ? '' : LEFT_OUT);
  });
});

describe('the origin', () => {
  test('has the pages of the run and of the commit', () => {
    vi.stubEnv('GITHUB_SERVER_URL', 'https://github.example');
    vi.stubEnv('GITHUB_REPOSITORY', 'octo/churn');
    vi.stubEnv('GITHUB_RUN_ID', '42');
    vi.stubEnv('GITHUB_SHA', 'abc123');
    expect(host.origin()).toEqual({
      runUrl: 'https://github.example/octo/churn/actions/runs/42',
      commit: 'abc123',
      commitUrl: 'https://github.example/octo/churn/commit/abc123',
    });
  });

  test('is unknown where the runner says nothing', () => {
    for (const name of ['GITHUB_SERVER_URL', 'GITHUB_REPOSITORY', 'GITHUB_RUN_ID', 'GITHUB_SHA'])
      vi.stubEnv(name, undefined);
    expect(host.origin()).toEqual({ commit: undefined });
  });
});
