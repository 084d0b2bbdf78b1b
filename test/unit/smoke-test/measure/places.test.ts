import { describe, expect, test } from 'vitest';
import { createPlaces } from '../../../../src/smoke-test/measure/places.ts';
import type { Exchange } from '../../../../src/smoke-test/request/exchange.ts';
import { caseOf, noReply, replyOf } from '../../../support/smoke-test.ts';

const MEBIBYTE = 2 ** 20;

async function placesAfter(...exchanges: readonly Exchange[]): Promise<number> {
  const coming = [...exchanges];
  const places = createPlaces(async () => ({ exchange: coming.shift()!, stream: undefined }));
  for (const _ of exchanges) await places.send('candidate', caseOf(), 0);
  return places.count();
}

const long = (mebibytes: number) => replyOf(200, {}, Buffer.alloc(mebibytes * MEBIBYTE));

describe('what is under way fits into 128 MiB', () => {
  test('when nothing is known of the replies', async () => {
    expect(await placesAfter()).toBe(8);
  });

  test.each([
    ['a reply of a few bytes', [replyOf(200)], 32_744],
    ['replies of 1 MiB', [long(1)], 127],
    ['replies of 15 MiB', [long(15)], 8],
    ['one long reply among short ones', [replyOf(200), long(4), replyOf(200)], 31],
  ])('after %s', async (_, exchanges, count) => {
    expect(await placesAfter(...exchanges)).toBe(count);
  });

  test('after a reply that was too long to be kept, and was held until then', async () => {
    const gibibyte = replyOf(200, {}, '', { body: undefined, bytes: 1024 * MEBIBYTE });
    expect(await placesAfter(gibibyte)).toBe(7);
  });

  test('after a reply that is longer when it is decoded', async () => {
    const packed = replyOf(200, {}, '', { body: Buffer.alloc(15 * MEBIBYTE), bytes: 20_000 });
    expect(await placesAfter(packed)).toBe(8);
  });

  test('and one request at a time is always sent', async () => {
    expect(await placesAfter(replyOf(200, {}, '', { body: Buffer.alloc(200 * MEBIBYTE) }))).toBe(1);
  });

  test('where no reply came', async () => {
    expect(await placesAfter(noReply('timeout'))).toBeGreaterThan(1_000);
  });
});

test('the fewest places that there were are told', async () => {
  const coming = [replyOf(200), long(15), replyOf(200)];
  const places = createPlaces(async () => ({ exchange: coming.shift()!, stream: undefined }));
  expect(places.least()).toBe(Number.POSITIVE_INFINITY);
  for (const _ of [1, 2, 3]) {
    await places.send('candidate', caseOf(), 0);
    places.count();
  }
  expect(places.least()).toBe(8);
});
