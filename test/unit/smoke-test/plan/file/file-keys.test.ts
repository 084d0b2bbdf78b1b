import { expect, test } from 'vitest';
import schema from '../../../../../smoke-test.schema.json' with { type: 'json' };
import { DURATION, keysOf, type Row, row, testKeys } from '../../../../support/key-rows.ts';
import { planOf, withExpect, withKeys, withRequest } from '../../../../support/smoke-test-file.ts';

const NAME =
  'A deployment name has 3 to 32 letters, digits and dashes, starts with a letter, and ends with a letter or digit.';
const status: Row['means'] = (_plan, { expect }) => expect.status;

/** A file whose case has one more key. */
function withCase(key: string): string {
  return `version: 1\ncases:\n- { name: a, request: { json: 1 }, ${key} }\n`;
}

const ROWS: readonly Row[] = [
  row(
    'version',
    ['version: 1\ncases: [{ name: a, request: { text: x } }]', (plan) => plan.cases.length, 1],
    [
      'version: 2\ncases: [{ name: a, request: { text: x } }]',
      "1:10: version '2': Write 1, the only version.",
    ],
  ),
  row(
    'deployment',
    [withKeys('deployment: green'), (plan) => plan.deployment, { kind: 'named', name: 'green' }],
    [withKeys('deployment: no'), `4:13: deployment 'no': ${NAME}`],
  ),
  row(
    'deployment: idle',
    [withKeys('deployment: idle'), (plan) => plan.deployment, { kind: 'idle' }],
    [
      withKeys('deployment: 12'),
      "4:13: deployment '12': Write a deployment's name in quotes, or idle, or leave it empty.",
    ],
  ),
  row(
    'deployment: empty',
    [withKeys('deployment:'), (plan) => plan.deployment, { kind: 'traffic' }],
    [
      withKeys('deployment: []'),
      "4:13: deployment: Write a deployment's name in quotes, or idle, or leave it empty.",
    ],
  ),
  row(
    'warm-up',
    [withKeys('warm-up: 0s'), (plan) => plan.warmUpMs, 0],
    [withKeys('warm-up: 90d'), "4:10: warm-up '90d': This is too long. Write 24d or less."],
  ),
  row(
    'warm-up-through',
    [withKeys('warm-up-through: [424, 403]'), (plan) => plan.warmUpThrough, [424, 403]],
    [withKeys('warm-up-through: [200]'), "4:19: warm-up-through[0] '200': Write a status from 400 to 599."],
  ),
  row(
    'samples',
    [withKeys('samples: 20'), (plan) => plan.samples, 20],
    [withKeys('samples: 1.5'), "4:10: samples '1.5': Write a whole number from 1 to 100000."],
  ),
  row(
    'rate',
    [
      withKeys('rate: 300/min', 'duration: 10s'),
      (plan) => [plan.rate, plan.samples, plan.concurrency],
      [{ perSecond: 5, durationMs: 10_000 }, 50, 256],
    ],
    [
      withKeys('rate: 20', 'duration: 1s'),
      "4:7: rate '20': Write a number of requests per second, minute or hour, such as 20/s, 300/min or 1000/h.",
    ],
  ),
  row(
    'rate: with samples',
    [
      withKeys('rate: 0.5/s', 'duration: 1s', 'concurrency: 3'),
      (plan) => [plan.samples, plan.concurrency],
      [1, 3],
    ],
    [
      withKeys('rate: 20/s', 'duration: 1s', 'samples: 3'),
      "6:10: samples '3': With a 'rate', the 'duration' says how many requests there are. Leave one of the two out.",
    ],
  ),
  row(
    'rate: without duration',
    [withKeys('rate: 7200/h', 'duration: 1m'), (plan) => plan.rate?.perSecond, 2],
    [withKeys('rate: 20/s'), "4:7: rate '20/s': Say for how long, such as duration: 60s."],
  ),
  row(
    'duration',
    [withKeys('rate: 1/s', 'duration: 1m'), (plan) => plan.rate?.durationMs, 60_000],
    [
      withKeys('duration: 60s'),
      "4:11: duration '60s': Say at which rate, such as rate: 20/s. Without one, samples says how many requests there are.",
    ],
  ),
  row(
    'duration: too many requests',
    [withKeys('rate: 1/s', 'duration: 24h'), (plan) => plan.samples, 86_400],
    [
      withKeys('rate: 100/s', 'duration: 1h'),
      "4:7: rate '100/s': That is 360000 requests of each case; at most 100000 are allowed. Take a lower rate or a shorter duration.",
    ],
  ),
  row(
    'cases.thresholds',
    [
      withCase('thresholds: { success-rate: 95%, p95: 2s }'),
      (_plan, first) => first.thresholds,
      { successRate: 0.95, latencyMs: { p95: 2_000 }, ratios: {} },
    ],
    [
      withCase('thresholds: { baseline: { p50: 2x } }'),
      '3:60: baseline: The run has no baseline to compare this case with. Add one to the thresholds of the file.',
    ],
  ),
  row(
    'cases.thresholds: advisory',
    [`${withCase('thresholds: { p50: 1s }')}advisory: ["a / p50"]\n`, (plan) => plan.advisory, ['a / p50']],
    [
      `${withCase('thresholds: { p50: 1s }')}advisory: [p50]\n`,
      "4:12: advisory[0] 'p50': There is no such threshold. The file sets a / p50.",
    ],
  ),
  row(
    'concurrency',
    [withKeys('concurrency: 4'), (plan) => plan.concurrency, 4],
    [withKeys('concurrency: 0'), "4:14: concurrency '0': Write a whole number from 1 to 256."],
  ),
  row(
    'connect-to',
    [withKeys("connect-to: '[::1]:8443'"), (plan) => plan.connectTo, { host: '::1', port: 8443 }],
    [
      withKeys('connect-to: 169.254.169.254:80'),
      "4:13: connect-to '169.254.169.254:80': That is a link-local address, which machines use to get credentials.",
    ],
  ),
  row(
    'timeout',
    [withKeys('timeout: 1m30s'), (plan) => plan.timeoutMs, 90_000],
    [withKeys('timeout: 30'), `4:10: timeout '30': ${DURATION}`],
  ),
  row(
    'cases',
    [withKeys(), (plan) => plan.cases.map(({ name }) => name), ['a']],
    [
      'version: 1\ncases: []',
      '2:8: cases: Write a list with at least one case, each with a name and a request.',
    ],
  ),
  row(
    'cases.name',
    [withKeys('- { name: b, request: { json: 1 } }'), (plan) => plan.cases[1]?.name, 'b'],
    [
      withKeys('- { name: a, request: { json: 1 } }'),
      "4:11: name 'a': Another case has this name. Give each its own.",
    ],
  ),
  row(
    'cases.request',
    [withRequest('{ json: 1 }'), (_plan, { request }) => request.method, 'POST'],
    [withRequest('request.json'), "4:12: request 'request.json': Write a mapping of keys to values."],
  ),
  row(
    'cases.expect',
    [withExpect('{}'), status, [{ class: 2 }]],
    [withExpect('200'), "5:11: expect '200': Write a mapping of keys to values."],
  ),
  row(
    'advisory',
    [withKeys('thresholds: { p95: 1s }', 'advisory: [p95]'), (plan) => plan.advisory, ['p95']],
    [
      withKeys('thresholds: { p95: 1s }', 'advisory: [p99]'),
      "5:12: advisory[0] 'p99': There is no such threshold. The file sets p95.",
    ],
  ),
  row(
    'advisory: baseline',
    [
      withKeys('thresholds: { baseline: { deployment: blue, p95: 2 } }', 'advisory: [baseline.p95]'),
      (plan) => plan.advisory,
      ['baseline.p95'],
    ],
    [
      withKeys('advisory: [p95, p95]'),
      '4:11: advisory: Write a list of names of thresholds, each once.\n' +
        "4:12: advisory[0] 'p95': There is no such threshold: the file sets none.\n" +
        "4:17: advisory[1] 'p95': There is no such threshold: the file sets none.",
    ],
  ),
];

testKeys('the file', ROWS, [
  ...keysOf(schema.properties).filter((key) => key !== 'thresholds'),
  ...keysOf(schema.$defs.case.properties, 'cases.'),
]);

test('reads what is left out as its default', () => {
  expect(planOf(withKeys())).toMatchObject({
    deployment: { kind: 'traffic' },
    warmUpMs: 120_000,
    warmUpThrough: [],
    samples: 1,
    concurrency: 1,
    timeoutMs: 30_000,
    thresholds: { successRate: 1, latencyMs: {}, baseline: undefined },
    advisory: [],
  });
});
