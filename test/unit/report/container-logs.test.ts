import { describe, expect, test } from 'vitest';
import type { Workspace } from '../../../src/azure/resource-manager/calls.ts';
import { ServiceError } from '../../../src/network/service-error.ts';
import { showContainerLogs, tailOf } from '../../../src/report/container-logs.ts';
import type { Chosen } from '../../../src/smoke-test/deployments/choose.ts';
import { contextOf, fakeHost } from '../../support/gate.ts';
import { ENDPOINT, KEY, resultOf } from '../../support/results.ts';
import { deployment, workspaceOf } from '../../support/smoke-test.ts';

interface Situation {
  readonly chosen?: Chosen;
  /** The deployment that answered, as a header of the reply says. */
  readonly answered?: string;
  readonly traffic?: Readonly<Record<string, number>>;
  readonly suspect?: 'candidate' | 'baseline';
  readonly lines?: number;
}

/** Shows the logs of a workspace whose logs are these. */
async function show(
  logs: Workspace['logs'],
  {
    chosen = { candidate: undefined, baseline: undefined },
    answered,
    traffic = ENDPOINT.traffic,
    suspect = 'candidate',
    lines = 100,
  }: Situation = {},
) {
  const asked: string[] = [];
  const workspace = workspaceOf({
    logs: (name, container, count) => {
      asked.push(`${count} of ${container} of ${name}`);
      return logs(name, container, count);
    },
  });
  const subject = contextOf({ origin: 'https://churn.example' }, { workspace, chosen });
  const host = fakeHost();
  await showContainerLogs(
    host.host,
    { ...subject, endpoint: { ...subject.endpoint, traffic } },
    { result: resultOf({ verdict: 'failed', deployment: answered }), suspect },
    lines,
  );
  return { asked, told: host.told };
}

function refused(status: number | undefined): Workspace['logs'] {
  const response = status === undefined ? undefined : { status, headers: {}, body: '' };
  return async () => {
    throw new ServiceError('logs', 'management.azure.com', response, new Error('x'));
  };
}

test('the end of the log of each container is folded under a heading', async () => {
  const { asked, told } = await show(async (_name, container) =>
    container === 'InferenceServer' ? 'Traceback\n::error::x\nKeyError\n' : '',
  );
  expect(asked).toEqual(['100 of InferenceServer of blue', '100 of StorageInitializer of blue']);
  expect(told).toEqual([
    'group: The last 3 lines of container InferenceServer:\nTraceback\n: :error::x\nKeyError',
    'info: Container StorageInitializer has not logged anything.',
  ]);
});

test('no more lines are shown than are wanted', async () => {
  const { told } = await show(async () => 'one\ntwo\nthree\n', { lines: 1 });
  expect(told[0]).toBe('group: The last line of container InferenceServer:\nthree');
});

test('no log is asked for when no lines are wanted, or when there is no deployment', async () => {
  expect((await show(async () => 'x', { lines: 0 })).asked).toEqual([]);
  expect(await show(async () => 'x', { traffic: {} })).toEqual({ asked: [], told: [] });
});

describe('a log that cannot be shown is a line of the log, no second annotation', () => {
  test('that names the action to an identity that lacks it, once', async () => {
    expect((await show(refused(403))).told).toEqual([
      "info: The log of container InferenceServer of deployment 'blue' cannot be shown: the identity is not allowed to read it; that needs the action Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/getLogs/action.",
    ]);
  });

  test('for each container when Resource Manager refuses', async () => {
    expect((await show(refused(404))).told).toEqual(
      ['InferenceServer', 'StorageInitializer'].map(
        (container) =>
          `info: The log of container ${container} of deployment 'blue' cannot be shown: Resource Manager answered 404.`,
      ),
    );
  });

  test('once when Resource Manager does not answer, because waiting twice is in vain', async () => {
    expect((await show(refused(undefined))).told).toEqual([
      "info: The log of container InferenceServer of deployment 'blue' cannot be shown: Resource Manager (management.azure.com), asked for a container's log, gave no answer: x\nCheck the network of the runner: its DNS, its firewall and its proxy.",
    ]);
  });

  test('unless the error is not one of the service', async () => {
    const broken: Workspace['logs'] = async () => {
      throw new TypeError('a bug');
    };
    await expect(show(broken)).rejects.toThrow(new TypeError('a bug'));
  });
});

test.each<[string, Situation, string]>([
  ['that was asked for', { chosen: { candidate: deployment('red'), baseline: undefined } }, 'red'],
  ['that answered', { answered: 'green' }, 'green'],
  ['with most traffic', { traffic: { green: 10, blue: 70, red: 20 } }, 'blue'],
  ['with most traffic, when Azure does not know the one that answered', { answered: '../../keys' }, 'blue'],
  ['with most traffic, when the name is one that every object has', { answered: 'constructor' }, 'blue'],
  [
    'that is the baseline, when that is to blame',
    { chosen: { candidate: deployment('green'), baseline: deployment('red') }, suspect: 'baseline' },
    'red',
  ],
])('the log is that of the deployment %s', async (_which, situation, name) => {
  const { asked } = await show(async () => '', situation);
  expect(asked).toEqual([`100 of InferenceServer of ${name}`, `100 of StorageInitializer of ${name}`]);
});

describe('the end of a log', () => {
  test('is its last lines, without the empty ones at the end', () => {
    expect(tailOf('one\ntwo\r\nthree\n\n\n', 2)).toEqual(['two', 'three']);
    expect(tailOf('one\n\ntwo', 9)).toEqual(['one', '', 'two']);
  });

  test.each(['', ' \n\r\n'])('has no lines when the log is blank: %j', (content) => {
    expect(tailOf(content, 100)).toEqual([]);
  });

  test('holds no commands, colours or control characters', () => {
    expect(
      tailOf('::error::a\n  ##[error]b\n\u001b[31mred\u001b[0m\0 \u202ex\nc\u2028::stop-commands::t', 9),
    ).toEqual([': :error::a', '  ## [error]b', 'red x', 'c', ': :stop-commands::t']);
  });

  test('shows the last state of a line that a progress bar wrote over', () => {
    expect(tailOf('load 10 %\rload 50 %\rload 100 %\nready', 5)).toEqual(['load 100 %', 'ready']);
  });

  test('holds no secret, also when it is broken over two lines', () => {
    expect(tailOf(`key=${KEY}.`, 5)).toEqual(['key=***.']);
    expect(tailOf(`a ${KEY.slice(0, 10)}\n${KEY.slice(10)} b`, 5)).toEqual(['a *** b']);
  });
});

describe('limits', () => {
  test('a line of more than 2,000 characters is cut', () => {
    expect(tailOf('x'.repeat(2_000), 5)).toEqual(['x'.repeat(2_000)]);
    expect(tailOf('x'.repeat(2_001), 5)).toEqual([`${'x'.repeat(2_000)}… (2001 characters in all)`]);
  });

  test('a log of more than 4,000,000 characters loses the line that the cut divides', () => {
    const end = `\n${'y'.repeat(9)}`;
    expect(tailOf('x'.repeat(4_000_000 - end.length) + end, 2)).toHaveLength(2);
    expect(tailOf('x'.repeat(4_000_001 - end.length) + end, 2)).toEqual(['y'.repeat(9)]);
  });

  test('line ends that only some programs know give no more lines than wanted', () => {
    expect(tailOf('a\u2028b\u2028c\u2028d', 2)).toEqual(['c', 'd']);
  });
});
