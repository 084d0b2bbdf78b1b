import schema from '../../../../../smoke-test.schema.json' with { type: 'json' };
import { DURATION, keysOf, type Row, row, testKeys } from '../../../../support/key-rows.ts';
import { withKeys } from '../../../../support/smoke-test-file.ts';

const RATIO = "Write a multiple of the baseline's latency, such as 1.5x.";
const stream = '  expect: { stream: { min-events: 1 } }';
const withStream = (line: string): string =>
  ['version: 1', 'cases:', '- name: a', '  request: { json: 1 }', stream, line, ''].join('\n');
const withBaseline = (entry: string): string =>
  withStream(`thresholds: { baseline: { deployment: blue, ${entry} } }`);

const ROWS: readonly Row[] = [
  row(
    'success-rate',
    [withKeys('thresholds: { success-rate: 0.9 }'), (plan) => plan.thresholds.successRate, 0.9],
    [
      withKeys('thresholds: { success-rate: 99 }'),
      "4:29: success-rate '99': Write a share from 0 to 1, or a percentage such as 99%.",
    ],
  ),
  row(
    'success-rate: percentage',
    [withKeys('thresholds: { success-rate: 99.5% }'), (plan) => plan.thresholds.successRate, 0.995],
    [
      withKeys('thresholds: { success-rate: 101% }'),
      "4:29: success-rate '101%': Write a share from 0 to 1, or a percentage such as 99%.",
    ],
  ),
  ...['p50', 'p90', 'p95', 'p99', 'max', 'first-event-p95'].flatMap((name) => [
    row(
      name,
      [withStream(`thresholds: { ${name}: 300ms }`), (plan) => plan.thresholds.latencyMs, { [name]: 300 }],
      [withStream(`thresholds: { ${name}: 300 }`), `6:${17 + name.length}: ${name} '300': ${DURATION}`],
    ),
    row(
      `baseline.${name}`,
      [
        withBaseline(`${name}: 1.5x`),
        (plan) => plan.thresholds.baseline,
        { from: 'deployment', deployment: 'blue', ratios: { [name]: 1.5 } },
      ],
      [withBaseline(`${name}: 0x`), `6:${47 + name.length}: ${name} '0x': ${RATIO}`],
    ),
  ]),
  row(
    'baseline',
    [
      withBaseline('max: 2'),
      (plan) => plan.thresholds.baseline,
      { from: 'deployment', deployment: 'blue', ratios: { max: 2 } },
    ],
    [
      withKeys('thresholds: { baseline: { deployment: blue } }'),
      '4:25: baseline: Write { deployment: … } or { report: … }, and at least one ratio, such as p95: 1.5x.',
    ],
  ),
  row(
    'baseline.report',
    [
      withKeys('thresholds: { baseline: { report: earlier.json, p95: 1.2x } }'),
      (plan) => plan.thresholds.baseline,
      {
        from: 'report',
        origin: 'tests/earlier.json',
        cases: new Map([['a', { latencyMs: [10, 30], firstEventMs: [3] }]]),
        ratios: { p95: 1.2 },
      },
    ],
    [
      withKeys('thresholds: { baseline: { report: earlier.json, deployment: blue, p95: 1.2x } }'),
      "4:49: 'deployment' and 'report' exclude each other. Keep one of them.",
    ],
  ),
  row(
    'baseline.report: of a run that failed',
    [withBaseline('p50: 3'), (plan) => plan.thresholds.baseline?.from, 'deployment'],
    [
      withKeys('thresholds: { baseline: { report: failed.json, p95: 1.2x } }'),
      "4:35: report 'failed.json': The run of this report did not pass, so it cannot be a baseline. Name the report of a run that passed.",
    ],
  ),
  row(
    'baseline.report: of another file',
    [withBaseline('p90: 3'), (plan) => plan.thresholds.baseline?.from, 'deployment'],
    [
      withKeys('thresholds: { baseline: { report: expected.json, p95: 1.2x } }'),
      "4:35: report 'expected.json': This is not a report.json (version 1) of a smoke test.",
    ],
  ),
  row(
    'baseline.report: without these cases',
    [withBaseline('p99: 3'), (plan) => plan.thresholds.baseline?.from, 'deployment'],
    [
      withKeys('thresholds: { baseline: { report: earlier.json, p95: 1.2x } }').replace('name: a', 'name: b'),
      "4:35: report 'earlier.json': The report has no good requests of any of these cases. Cases are matched by name.",
    ],
  ),
  row(
    'baseline.deployment',
    [
      withBaseline('p50: 3'),
      (plan) => plan.thresholds.baseline,
      { from: 'deployment', deployment: 'blue', ratios: { p50: 3 } },
    ],
    [
      withKeys('deployment: blue', 'thresholds: { baseline: { deployment: blue, p50: 2 } }'),
      "5:39: deployment 'blue': This is the deployment under test. Name another one to compare it with.",
    ],
  ),
];

testKeys('thresholds', ROWS, [
  ...keysOf(schema.$defs.thresholds.properties),
  ...keysOf(schema.$defs.thresholds.properties.baseline.properties, 'baseline.'),
]);
