import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('a key of a few characters is refused', async () => {
  azure.endpoints.get('churn-key')!.keys.primary = 'q7#Z';
  const { error, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(error).toContain('The primary key has fewer than 8 characters');
  expect(outputs).not.toHaveProperty('credential');
  expect(sent('scoring')).toEqual([]);
});

test.each([
  ['32 KiB', 'a1b2c3d4'.repeat(4_096), '16 KiB'],
  ['thousands of lines', 'a1b2c3d4\n'.repeat(1_500), '256 lines'],
])('a key of %s is refused', async (_what, primary, size) => {
  azure.endpoints.get('churn-key')!.keys.primary = primary;
  const { error, log, outputs, sent, masks } = await step({
    inputs: { 'sample-request': SAMPLE },
    secrets: [],
  });

  expect(error).toContain(`The primary key has more than ${size}`);
  expect(outputs).toMatchObject({ verdict: 'error' });
  expect(outputs).not.toHaveProperty('credential');
  expect(sent('scoring')).toEqual([]);
  expect(log).not.toContain('a1b2c3d4');
  expect(masks.length).toBeLessThan(1_000);
});

test('a key of unusual characters is emitted unchanged', async () => {
  const primary = `Zm9v+/8=%25%0A"it's"&<x>\\n::error::`;
  azure.endpoints.get('churn-key')!.keys.primary = primary;
  const { outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(outputs).toMatchObject({ verdict: 'passed', credential: primary });
  expect(sent('scoring')[0]?.headers.authorization).toBe(`Bearer ${primary}`);
});

test.each(['azureml-endpoint-', 'inconclusive', 'response.json'])(
  'a key that is %s, which the step itself writes into outputs, is refused',
  async (primary) => {
    azure.endpoints.get('churn-key')!.keys.primary = primary;
    const { error, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE } });

    expect(error).toContain('The primary key is also a part of a value that later steps need to see');
    expect(outputs).not.toHaveProperty('credential');
    expect(sent('scoring')).toEqual([]);
  },
);
