import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

function start(...options: string[]) {
  const program = fileURLToPath(new URL('./main.ts', import.meta.url));
  return spawn(process.execPath, [program, ...options], { stdio: ['pipe', 'pipe', 'inherit'] });
}

test('the program says where everything is, and ends when its input closes', async () => {
  const child = start('--until-stdin-closes', '--no-validate');
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const facts = JSON.parse(line);
  expect(facts).toMatchObject({
    metadataUrl: expect.stringMatching(
      /^https:\/\/localhost:\d+\/metadata\/endpoints\?api-version=2022-09-01$/,
    ),
    endpoints: expect.arrayContaining([
      { name: 'churn-key', authMode: 'Key', scoringUri: expect.any(String) },
    ]),
    oidc: { requestUrl: expect.stringContaining('?api-version=2.0'), requestToken: expect.any(String) },
  });
  expect(existsSync(facts.caFile)).toBe(true);
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(facts.caFile)).toBe(false);
});

// Windows has no signals; there a program is only ever killed.
test.skipIf(process.platform === 'win32')('the program ends cleanly on SIGTERM', async () => {
  const child = start();
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(JSON.parse(line).caFile)).toBe(false);
});
