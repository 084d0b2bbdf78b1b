import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { endChildren, watchChildren } from '../../../src/process/child-processes.ts';

watchChildren();

const FOR_EVER = ['-e', 'setInterval(() => {}, 1000); process.stdout.write("up");'];

describe('when a step is cancelled', () => {
  test('every process that it has started is ended', async () => {
    const children = [false, true].map((detached) => spawn(process.execPath, FOR_EVER, { detached }));
    await Promise.all(children.map((child) => once(child.stdout, 'data')));
    const ends = children.map((child) => once(child, 'exit'));
    endChildren();

    for (const [code, signal] of await Promise.all(ends)) expect([code, signal]).toEqual([null, 'SIGKILL']);
  });

  test.skipIf(process.platform === 'win32').each([true, false])(
    'what a process has started ends with it, whether it leads a group or not: %s',
    async (detached) => {
      // Two generations below it.
      const script = "sh -c 'sleep 300 & echo $!; wait' & wait";
      const leader = spawn('sh', ['-c', script], { detached });
      const [pid] = (await once(leader.stdout, 'data')) as [Buffer];
      const ends = [once(leader, 'exit'), once(leader.stdout, 'close')];
      endChildren();
      // Its output is closed when nobody holds it any more: the ones in the background are gone, too.
      await Promise.all(ends);

      expect(Number(String(pid))).toBeGreaterThan(0);
    },
  );

  test('one that has ended by itself, or never started, is no trouble', async () => {
    const done = spawn(process.execPath, ['-e', '']);
    const missing = spawn(`${process.execPath}-that-is-not-there`);
    await Promise.all([once(done, 'exit'), once(missing, 'error')]);

    expect(endChildren).not.toThrow();
  });

  test('it may happen twice', async () => {
    const child = spawn(process.execPath, FOR_EVER);
    await once(child.stdout, 'data');
    const end = once(child, 'exit');
    endChildren();
    expect(endChildren).not.toThrow();

    expect(await end).toEqual([null, 'SIGKILL']);
  });
});
