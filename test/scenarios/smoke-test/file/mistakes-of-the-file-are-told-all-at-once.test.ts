import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runMistaken } from '../../../support/run-mistaken-file.ts';
import { SMOKE_TEST_FILE } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

const MISTAKEN = `version: 2
deployment: -green
warm-up: 5
samples: 0
concurrency: many
timeout: 30
cases:
  - name: two rows
    request: { body: nothing.json }
    expcet: { status: 200 }
  - name: two rows
    request: { json: 1, text: a }
    expect:
      status: ok
      json: { "$[": 1, "$.a": { betwen: [1, 2] }, "$.b": { matches: "(" } }
      schema: broken.json
  - name: form
    request: { multipart: {} }
  - name: numbers
    request: { json: { zip: 02134 } }
    expect: { schema: misspelt.json }
thresholds: { p95: 1s, p50: 2s, baseline: { deployment: blue, p95: fast } }
advisory: [p99]
`;

test('each with its line and column, in the log and as an annotation on the file', async () => {
  const { told, annotations, errors, changedFiles } = await runMistaken(scenario, {
    [SMOKE_TEST_FILE]: MISTAKEN,
    'tests/broken.json': '{"type":',
    'tests/misspelt.json': '{"tpye":"array"}',
  });

  expect(told.map((line) => line.replace(/^(\d+:\d+: \S+).*/, '$1'))).toEqual([
    '1:10: version',
    '2:13: deployment',
    '3:10: warm-up',
    '4:10: samples',
    '5:14: concurrency',
    '6:10: timeout',
    '9:22: body',
    '10:5: Unknown',
    '11:11: name',
    "12:25: 'text'",
    '14:15: status',
    '15:15: "$["',
    '15:33: Unknown',
    '15:69: matches',
    '16:15: schema',
    '18:27: multipart:',
    '20:29: 02134:',
    '21:23: schema',
    '22:20: p95',
    '22:68: p95',
    '23:12: advisory[0]',
  ]);
  expect(told).toContain(
    "10:5: Unknown key 'expcet'. Did you mean 'expect'? Known here: name, request, expect, thresholds.",
  );
  expect(told).toContain('15:15: "$[" is not a JSONPath. It ends too early, at column 3.');
  // GitHub keeps ten of a level for each step.
  expect(annotations).toHaveLength(10);
  expect(errors).toEqual([]);
  expect(annotations.map(({ level, message, properties }) => ({ level, message, ...properties }))).toEqual(
    told.slice(0, 10).map((line) => {
      const [, row, column] = /^(\d+):(\d+): /.exec(line) ?? [];
      return {
        level: 'error',
        message: `${SMOKE_TEST_FILE}:${line}`,
        title: 'Smoke-test file',
        file: SMOKE_TEST_FILE,
        line: row,
        col: column,
      };
    }),
  );
  // Nothing was tested.
  expect(Object.keys(changedFiles).sort()).toEqual(
    ['junit.xml', 'report.html', 'report.json'].map((name) => `workspace/reports/${name}`),
  );
});

test('together with those of the inputs', async () => {
  const { told, errors } = await runMistaken(
    scenario,
    { [SMOKE_TEST_FILE]: 'version: 1\n' },
    { samples: '0', 'max-latency': '1s', key: 'tertiary' },
  );

  expect(told).toEqual(["1:1: Add 'cases': the requests, and what each answer must be."]);
  expect(errors).toHaveLength(1);
  expect(errors[0]?.split('\n')).toEqual([
    '3 inputs are wrong:',
    "- key 'tertiary': Choose one of primary, secondary.",
    "- max-latency '1s': A smoke-test file describes the requests and their answers itself. Write it there, as 'thresholds: { p95: … }', or leave smoke-test out.",
    "- samples '0': Write a whole number from 1 to 100000.",
  ]);
});

const GOOD = 'version: 1\ncases: [{ name: a, request: { json: 1 } }]\n';

test('a file and every input that describes a request or its answer', async () => {
  const short: Readonly<Record<string, string>> = {
    'sample-request': '{"data": [[1]]}',
    'max-latency': '1s',
    'response-schema': 'a.json',
    'expected-response': 'a.json',
    // What is the default is said all the same.
    tolerance: '1e-6',
    'absolute-tolerance': '0.1',
  };
  const { errors, told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: GOOD, 'a.json': '{}' }, short);

  expect(errors).toHaveLength(1);
  const [head, ...lines] = errors[0]?.split('\n') ?? [];
  expect(head).toBe('6 inputs are wrong:');
  expect(lines).toEqual(
    Object.entries(short).map(([name, value]) =>
      expect.stringContaining(
        `- ${name} '${value}': A smoke-test file describes the requests and their answers itself. Write it there, as '`,
      ),
    ),
  );
  expect(told).toEqual([]);
});

test('a file that is not there', async () => {
  const { told, annotations } = await runMistaken(scenario, {}, { 'smoke-test': 'tests/smoke.yml' });

  expect(told).toEqual(['1:1: There is no such file (tests/smoke.yml).']);
  expect(annotations[0]?.properties).toMatchObject({ file: 'tests/smoke.yml', line: '1' });
});

test('paths that leave the workspace, absolute ones too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  try {
    const outside = join(folder, 'request.json');
    await writeFile(outside, '1');
    const text = `version: 1
cases:
  - name: a
    request: { body: ../../request.json }
    expect: { schema: ../../../schema.json, equals: { file: ../reports/../../golden.json } }
  - name: b
    request: { multipart: { image: ../../cat.png, note: ${outside} } }
  - name: c
    request: { body: ${outside} }
  - name: d
    request: { lines: ../inside.jsonl }
`;
    const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: text, 'inside.jsonl': '1\n' });

    const leaves =
      'This is outside the workspace. Copy the file into the workspace, or name a smoke-test file that lies beside it.';
    expect(told).toEqual([
      `4:22: body '../../request.json': ${leaves}`,
      `5:23: schema '../../../schema.json': ${leaves}`,
      `5:61: file '../reports/../../golden.json': ${leaves}`,
      `7:36: image '../../cat.png': ${leaves}`,
      `7:57: note '${outside}': ${leaves}`,
      `9:22: body '${outside}': ${leaves}`,
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a limit is not held against a timeout that is itself a mistake', async () => {
  const text = `version: 1
timeout: 0s
cases: [{ name: a, request: { json: 1 }, expect: { max-latency: 2s } }]
thresholds: { p50: 1s, p95: 2s }
`;
  const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: text });

  expect(told).toEqual(["2:10: timeout '0s': Write 1ms or more."]);
});

test.each([
  ['no YAML', 'version: 1\ncases: [\n', /^\d+:\d+: This is not YAML \(/],
  ['a binary file', Buffer.from([0x76, 0xff, 0xfe, 0x00]), /^1:2: The file is not UTF-8 text/],
  ['an empty file', '', /^1:1: This file is empty/],
  ['JSON of a sample request', '{"data": [[1, 2]]}', /^1:1: Add `version: 1`\./],
])('%s', async (_, text, mistake) => {
  const { told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: text });

  expect(told[0]).toMatch(mistake);
});

test('commands in the file are not obeyed', async () => {
  const text =
    'version: 1\n"::error::planted\\n::add-mask::westeurope": 1\ncases: [{ name: "x\\n::error::planted", request: { json: 1 } }, { name: "x\\n::error::planted", request: { json: 1 } }]\n';
  const { annotations, masks, told } = await runMistaken(scenario, { [SMOKE_TEST_FILE]: text });

  expect(told).toHaveLength(2);
  expect(annotations).toHaveLength(2);
  expect(masks).not.toContain('westeurope');
});
