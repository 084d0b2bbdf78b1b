import { expect, test } from 'vitest';
import { describeTraffic } from '../../../src/report/phrases.ts';

test('traffic is told with the share of each deployment', () => {
  expect(describeTraffic({ blue: 90, green: 10 })).toBe('blue (90 %), green (10 %)');
  expect(describeTraffic({ blue: 0 })).toBe('blue (0 %)');
  expect(describeTraffic({})).toBe('no deployment has traffic');
});
