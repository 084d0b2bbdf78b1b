import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test.each(['ftp://files.example/score', 'https://somebody:else@localhost/score'])(
  '%s',
  async (scoringUri) => {
    azure.endpoints.get('churn-key')!.scoringUri = scoringUri;
    const { error, outputs, sent } = await step({ inputs: { 'sample-request': SAMPLE } });

    expect(error).toBe(
      `Endpoint 'churn-key' names '${scoringUri}' as its scoring URI. That is no http(s) address without a user name, so no credential is sent there.`,
    );
    expect(outputs.verdict).toBe('error');
    expect(sent('scoring')).toEqual([]);
  },
);
