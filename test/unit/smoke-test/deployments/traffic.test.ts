import { describe, expect, test } from 'vitest';
import { describeDeployments, hasTraffic, shareOf } from '../../../../src/smoke-test/deployments/traffic.ts';
import { ENDPOINT } from '../../../support/results.ts';

test.each([
  ['blue', 90],
  ['BLUE', 90],
  ['green', 10],
  ['gREEN', 10],
  ['red', 0],
  ['constructor', 0],
])('the share of %s is %i %', (name, share) => {
  expect(shareOf({ ...ENDPOINT, traffic: { blue: 90, Green: 10 } }, name)).toBe(share);
});

test('deployments are listed with their share of the traffic', () => {
  expect(describeDeployments(ENDPOINT, ['Blue', 'constructor'])).toBe(
    'It has: Blue (100 %), constructor (0 %).',
  );
});

test('names of deployments give no command to the runner', () => {
  expect(describeDeployments(ENDPOINT, ['a\n::error::x'])).toBe('It has: a : :error::x (0 %).');
});

describe('limits', () => {
  test.each([60, 61])('a name of %i characters is shown up to its 60th', (length) => {
    expect(describeDeployments(ENDPOINT, ['n'.repeat(length)])).toBe(
      length === 60
        ? `It has: ${'n'.repeat(60)} (0 %).`
        : `It has: ${'n'.repeat(60)}… (61 characters in all) (0 %).`,
    );
  });

  test.each([
    [20, ''],
    [21, ' and 1 more'],
    [500, ' and 480 more'],
  ])('of %i deployments, 20 are listed', (count, rest) => {
    const names = Array.from({ length: count }, (_, index) => `d${index + 1}`);
    const listed = names.slice(0, 20).map((name) => `${name} (0 %)`);
    expect(describeDeployments(ENDPOINT, names)).toBe(`It has: ${listed.join(', ')}${rest}.`);
  });
});

test.each([
  [{ blue: 100 }, 'Succeeded', true],
  [{ blue: 0 }, 'Succeeded', false],
  [{}, 'Succeeded', false],
  [{}, 'Updating', true],
  [{}, 'creating', true],
  [{}, 'Failed', false],
])(
  'of an endpoint with the traffic %j and the state %s, traffic somewhere is %s',
  (traffic, provisioningState, has) => {
    expect(hasTraffic({ ...ENDPOINT, traffic, provisioningState })).toBe(has);
  },
);
