import { describe, expect, test } from 'vitest';
import {
  createEventStreamReader,
  type StreamSummary,
} from '../../../../src/smoke-test/request/event-stream.ts';

function read(...chunks: readonly string[]): StreamSummary {
  let now = 0;
  const reader = createEventStreamReader(() => now);
  for (const chunk of chunks) {
    now += 1;
    reader.feed(Buffer.from(chunk));
  }
  return reader.summary();
}

describe('a line that means nothing', () => {
  test.each([
    'colour: red\n',
    'retry: soon\n',
    'nothing at all\n',
    'id: a\u0000b\n',
    ': comment\n',
    '{"a": 1}\n',
  ])('is passed over, and what follows is read: %j', (line) => {
    expect(read(line, 'data: a\n\n', 'data: b\n\n')).toEqual({
      events: 2,
      firstEventMs: 2,
      lastData: 'b',
      tooLong: false,
    });
  });
});

test.each([
  [65_535, 65_535],
  [65_536, 65_536],
  [65_537, 65_536],
])('of %i characters of data %i are kept', (length, kept) => {
  const { lastData, events } = read(`data: ${'x'.repeat(length - 1)}y\n\n`);
  expect(events).toBe(1);
  expect(lastData).toBe(length === kept ? `${'x'.repeat(length - 1)}y` : 'x'.repeat(65_536));
});

test('an event without text is one, and its data is empty', () => {
  expect(read('data:\n\n')).toEqual({ events: 1, firstEventMs: 1, lastData: '', tooLong: false });
});

test('the time of the first event stays, whatever it is', () => {
  let now = 0;
  const reader = createEventStreamReader(() => now);
  reader.feed(Buffer.from('data: a\n\n'));
  now = 5;
  reader.feed(Buffer.from('data: b\n\n'));
  expect(reader.summary()).toMatchObject({ events: 2, firstEventMs: 0 });
});

test('no bytes are no event', () => {
  expect(read('')).toEqual({ events: 0, firstEventMs: undefined, lastData: undefined, tooLong: false });
});

describe('an event that comes in pieces', () => {
  const MIB = 'x'.repeat(1024 * 1024);

  test.each([
    [1, false],
    [15, false],
    [17, true],
  ])('is read up to 16 MiB: %i', (size, tooLong) => {
    const pieces = Array.from({ length: size }, () => MIB);
    expect(read('data: ', ...pieces, '\n\n')).toMatchObject({ events: tooLong ? 0 : 1, tooLong });
  });
});
