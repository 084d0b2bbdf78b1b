import { describe, expect, test } from 'vitest';
import { openLoop } from '../../../../src/smoke-test/measure/open-loop.ts';

/** Runs a loop whose requests end when the test lets them. */
function run(count: number, everyMs: number, places: number, isOver: () => boolean = () => false) {
  const started: { readonly index: number; readonly waitedMs: number | undefined }[] = [];
  const ends = new Map<number, () => void>();
  const most = openLoop({ count, everyMs }, () => places, {
    send(index, waitedMs) {
      started.push({ index, waitedMs });
      return new Promise((resolve) => ends.set(index, resolve));
    },
    isOver,
    now: () => performance.now(),
  });
  /** Lets all that are under way end, until the loop has. */
  const letEnd = async (): Promise<number> => {
    let ended: number | undefined;
    void most.then((value) => {
      ended = value;
    });
    while (ended === undefined) {
      for (const [index, end] of ends) {
        ends.delete(index);
        end();
      }
      await new Promise(setImmediate);
    }
    return ended;
  };
  return { started, letEnd, most };
}

test('all start while there are places, whether or not one is back', async () => {
  const { started, letEnd } = run(5, 0, 10);
  expect(started.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  expect(started.every(({ waitedMs }) => waitedMs === undefined)).toBe(true);
  expect(await letEnd()).toBe(5);
});

test('no more are under way than there are places, and the others say how long they waited', async () => {
  const { started, letEnd } = run(4, 0, 2);
  expect(started).toHaveLength(2);
  expect(await letEnd()).toBe(2);
  expect(started.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  expect(started.slice(2).every(({ waitedMs }) => waitedMs !== undefined && waitedMs >= 0)).toBe(true);
});

test('a request is not sent before it is due', async () => {
  const beganAt = performance.now();
  const { started, letEnd } = run(3, 30, 10);
  expect(started).toHaveLength(1);
  await letEnd();
  expect(performance.now() - beganAt).toBeGreaterThanOrEqual(55);
  expect(started).toHaveLength(3);
});

describe('it ends early', () => {
  test('when it is over, and what waited is not sent', async () => {
    let over = false;
    const { started, letEnd } = run(6, 0, 2, () => over);
    over = true;
    await letEnd();
    expect(started).toHaveLength(2);
  });

  test('when a request cannot be sent, with its error', async () => {
    const loop = openLoop({ count: 3, everyMs: 0 }, () => 1, {
      send: () => Promise.reject(new Error('no credential')),
      isOver: () => false,
      now: () => performance.now(),
    });
    await expect(loop).rejects.toThrow('no credential');
  });
});
