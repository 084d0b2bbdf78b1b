import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { PROJECT_ROOT } from '../runner/node.ts';
import { isGone } from '../support/is-gone.ts';

const TELLS_ITS_PID = 'console.log(process.pid); setInterval(() => {}, 1_000)';

test.skipIf(process.platform === 'win32')('a script ends with the shell of npm that started it', async () => {
  const script = `node scripts/pinned.mjs node -e '${TELLS_ITS_PID}'; true`;
  const shell = spawn('sh', ['-c', script], { cwd: PROJECT_ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const [pid] = (await once(createInterface(shell.stdout), 'line')) as [string];
  try {
    shell.kill('SIGTERM');
    expect(await isGone(Number(pid))).toBe(true);
  } finally {
    shell.stdout.destroy();
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It is gone.
    }
  }
});
