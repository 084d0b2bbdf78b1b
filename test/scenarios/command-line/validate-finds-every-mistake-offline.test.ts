import { expect, test } from 'vitest';
import { openCommandLine } from '../../support/command-line.ts';

const { command } = await openCommandLine();
const GOOD =
  'version: 1\ncases: [{ name: a, request: { json: [1], headers: { x-key: { env: GATEWAY_KEY } } } }]\n';
const BAD =
  'version: 1\nsamples: none\ncases:\n  - name: a\n    request: { json: [1] }\n    expct: { status: 200 }\n';

test('a good file has none', async () => {
  const { exitCode, stdout, stderr, exchanges } = await command(['validate', 'a.yml'], {
    files: { 'a.yml': GOOD },
  });

  expect([exitCode, stdout, stderr]).toEqual([0, 'No mistake in 1 file.\n', '']);
  expect(exchanges).toEqual([]);
});

test('mistakes of all files are told at their places', async () => {
  const { exitCode, stdout } = await command(['validate', 'a.yml', 'b.yml', 'none.yml'], {
    files: { 'a.yml': GOOD, 'b.yml': BAD },
  });

  expect(exitCode).toBe(2);
  expect(stdout).toMatch(/^b\.yml:2:10: /m);
  expect(stdout).toMatch(/^b\.yml:6:5: .*'expct'.*Did you mean 'expect'\?/m);
  expect(stdout).toMatch(/^none\.yml:1:1: There is no such file/m);
  expect(stdout).toContain('3 mistakes in 3 files.\n');
});

test('without a file it says so', async () => {
  const { exitCode, stderr } = await command(['validate']);

  expect(exitCode).toBe(2);
  expect(stderr).toContain("missing required argument 'files'");
});

test.each([
  [['--help'], 'Commands:'],
  [['test', '--help'], '--sample-request'],
  [['run', '--help'], 'AZUREML_CREDENTIAL'],
  [['validate', '--help'], 'Example'],
])('%j helps', async (args, text) => {
  const { exitCode, stdout } = await command(args);

  expect(exitCode).toBe(0);
  expect(stdout).toContain(text);
});

test.each([
  [['tset'], 'Did you mean test?'],
  [['test', '--deploymnt', 'x'], 'Did you mean --deployment?'],
])('%j is corrected', async (args, text) => {
  const { exitCode, stderr } = await command(args);

  expect(exitCode).toBe(2);
  expect(stderr).toContain(text);
});
