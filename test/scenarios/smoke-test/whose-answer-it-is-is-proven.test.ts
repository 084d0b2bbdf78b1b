import { describe, expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const ANSWER = { kind: 'status', status: 200, body: '[11055.98]' } as const;
const NAMED = { 'sample-request': SAMPLE, deployment: 'green' };
const BY_TRAFFIC = { 'sample-request': SAMPLE };

/** The front door's answer with this header, or with several of them, as a gateway makes it. */
function answerWith(deployment: string | readonly string[] | undefined): void {
  const headers = deployment === undefined ? {} : { 'azureml-model-deployment': deployment };
  azure.setFault('scoring', { ...ANSWER, headers });
}

describe('an answer to a request for green', () => {
  test.each<readonly [what: string, header: string | readonly string[]]>([
    ['blue', 'blue'],
    ['green=0 blue', 'green=0 blue'],
    ['nothing', ''],
    ['blue, and then green', ['blue', 'green']],
    ['green, and then blue', ['green', 'blue']],
  ])('that names %s is an error, and the known name is emitted', async (_, header) => {
    answerWith(header);
    const { error, outputs, annotations } = await step({ inputs: NAMED });

    expect(outputs).toMatchObject({ verdict: 'error', deployment: 'green' });
    expect(error).toContain("A different deployment answered, not the one that was asked for, 'green'");
    expect(error.includes('The header is there, and empty.')).toBe(header === '');
    expect(annotations).toHaveLength(1);
  });

  test('that names it twice passes', async () => {
    answerWith(['green', 'Green']);
    const { outputs, annotations } = await step({ inputs: NAMED });

    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
    expect(annotations).toEqual([]);
  });

  test('that names none passes with a warning', async () => {
    answerWith(undefined);
    const { outputs, annotations } = await step({ inputs: NAMED });

    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
    expect(annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringMatching(/^No answer says which deployment gave it: .*'green'/),
      },
    ]);
  });

  test('is counted when only some name none', async () => {
    azure.setFault('scoring', { ...ANSWER, after: 2 });
    const { outputs, annotations } = await step({ inputs: { ...NAMED, samples: '3' } });

    expect(outputs.verdict).toBe('passed');
    expect(annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^2 of 3 answers do not say which deployment gave it: /),
    ]);
  });
});

describe('an answer when traffic decides', () => {
  test.each<readonly [header: string | readonly string[] | undefined, emitted: string | undefined]>([
    ['BLUE', 'blue'],
    [['blue', 'blue'], 'blue'],
    ['green', 'green'],
    ['purple', undefined],
    ['green=0 blue', undefined],
    [['green', 'blue'], undefined],
    ['', undefined],
    [undefined, undefined],
  ])('that names %j emits %j as the deployment', async (header, emitted) => {
    answerWith(header);
    const check = 'printf "checked <%s>\\n" "$AZUREML_DEPLOYMENT" > "$GITHUB_WORKSPACE/seen.txt"';
    const { outputs, changedFiles } = await step({ inputs: { ...BY_TRAFFIC, 'response-check': check } });

    expect(outputs).toMatchObject({ verdict: 'passed' });
    expect(outputs.deployment).toBe(emitted);
    const seen = Buffer.from(changedFiles['workspace/seen.txt'] ?? []).toString();
    expect(seen).toBe(`checked <${emitted ?? ''}>\n`);
  });

  test('is looked up in the list when the traffic does not have it', async () => {
    azure.endpoints.get('churn-key')!.traffic = { blue: 100 };
    answerWith('green');
    const { outputs, sent } = await step({ inputs: BY_TRAFFIC });

    expect(outputs).toMatchObject({ verdict: 'passed', deployment: 'green' });
    expect(sent('deployments')).toHaveLength(1);
  });

  test('emits none when the list may not be read', async () => {
    azure.endpoints.get('churn-key')!.traffic = { blue: 100 };
    azure.access.denied.set('deployments/read', 'AuthorizationFailed');
    answerWith('green');
    const { outputs } = await step({ inputs: BY_TRAFFIC });

    expect(outputs.verdict).toBe('passed');
    expect(outputs).not.toHaveProperty('deployment');
  });
});

test('a script that failed is believed, though a gateway says once more that none did', async () => {
  azure.setFault('scoring', { ...ANSWER, headers: { 'x-ms-run-function-failed': ['False', 'True'] } });
  const { error, outputs } = await step({ inputs: BY_TRAFFIC });

  expect(outputs.verdict).toBe('failed');
  expect(error).toContain("The scoring script's run() failed.");
});
