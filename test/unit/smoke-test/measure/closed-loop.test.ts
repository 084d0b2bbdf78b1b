import { expect, test } from 'vitest';
import { closedLoop, type Turns } from '../../../../src/smoke-test/measure/closed-loop.ts';

/** Runs a loop, and tells what was under way whenever something happened. */
async function run(count: number, concurrency: number, changes: Partial<Turns> = {}) {
  const events: string[] = [];
  let underWay = 0;
  const most = await closedLoop(count, concurrency, {
    async send() {
      underWay += 1;
      events.push(`send ${underWay}`);
      await new Promise(setImmediate);
      underWay -= 1;
    },
    isOver: () => false,
    async work() {
      events.push(`work ${underWay}`);
      await new Promise(setImmediate);
    },
    isFull: () => false,
    places: () => Number.POSITIVE_INFINITY,
    ...changes,
  });
  return { events, most };
}

test('one worker has a gap after each of its turns', async () => {
  const { events, most } = await run(3, 1);
  expect(events).toEqual(['send 1', 'work 0', 'send 1', 'work 0', 'send 1', 'work 0']);
  expect(most).toBe(1);
});

test('several keep the load up, and the work is done when none is under way', async () => {
  const { events, most } = await run(9, 3);
  expect(most).toBe(3);
  expect(events.filter((event) => event.startsWith('send'))).toHaveLength(9);
  expect(new Set(events.filter((event) => event.startsWith('work')))).toEqual(new Set(['work 0']));
});

test('when too much waits, the requests wait for the work', async () => {
  let sent = 0;
  const { events } = await run(12, 4, {
    async send() {
      sent += 1;
      await new Promise(setImmediate);
    },
    isFull: () => sent % 4 === 0,
  });
  expect(sent).toBe(12);
  expect(events).toEqual(['work 0', 'work 0', 'work 0']);
});

test('there are no more at once than there are places, and one at least', async () => {
  for (const [places, most] of [
    [2, 2],
    [0, 1],
  ] as const)
    expect(await run(10, 5, { places: () => places })).toMatchObject({ most });
});

test('nothing is sent once it is over', async () => {
  let sent = 0;
  await run(100, 4, {
    async send() {
      sent += 1;
    },
    isOver: () => sent >= 4,
  });
  expect(sent).toBeLessThanOrEqual(7);
});
