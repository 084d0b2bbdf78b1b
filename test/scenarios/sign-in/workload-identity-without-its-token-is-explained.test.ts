import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openScenario } from '../../support/scenario.ts';

const { step } = await openScenario();

test('the error names the variable that is missing', async () => {
  const { error, exchanges } = await step({ inputs: { login: 'workload-identity' } });

  expect(error).toContain('login: workload-identity needs AZURE_FEDERATED_TOKEN_FILE, which is not set.');
  expect(exchanges.filter(({ call }) => call !== 'metadata')).toEqual([]);
});

test('the error names the file that cannot be read', async () => {
  const { error } = await step({
    inputs: { login: 'workload-identity' },
    env: { AZURE_FEDERATED_TOKEN_FILE: 'no/such/file' },
  });

  expect(error).toContain("AZURE_FEDERATED_TOKEN_FILE names 'no/such/file', which cannot be read (ENOENT).");
});

test.each([
  ['a pipe', (folder: string) => execFileSync('mkfifo', [join(folder, 'token')]), 'This is a pipe.'],
  ['a directory', (folder: string) => mkdirSync(join(folder, 'token')), 'This is a directory.'],
  [
    'a device',
    (folder: string) => symlinkSync('/dev/zero', join(folder, 'token')),
    "A link leads from here to '/dev/zero', outside",
  ],
])('%s in the place of the file is refused at once', async (_, make, why) => {
  const workspace = mkdtempSync(join(tmpdir(), 'token-'));
  make(workspace);
  const { error } = await step({
    workspace,
    inputs: { login: 'workload-identity' },
    env: { AZURE_FEDERATED_TOKEN_FILE: join(workspace, 'token') },
  });
  rmSync(workspace, { recursive: true });

  expect(error).toContain(why);
});

test('a token in the place of its path is not shown', async () => {
  const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmNkZWYifQ.c2lnbmF0dXJlb2Zub3RoaW5n';
  const { error } = await step({
    inputs: { login: 'workload-identity' },
    env: { AZURE_FEDERATED_TOKEN_FILE: token },
    secrets: [{ name: 'the token', value: token }],
  });

  expect(error).toContain('AZURE_FEDERATED_TOKEN_FILE names (a value of 67 characters, not shown');
});
