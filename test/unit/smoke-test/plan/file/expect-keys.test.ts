import schema from '../../../../../smoke-test.schema.json' with { type: 'json' };
import { keysOf, type Row, row, testKeys } from '../../../../support/key-rows.ts';
import { textsOf, withExpect } from '../../../../support/smoke-test-file.ts';

const status: Row['means'] = (_plan, { expect }) => expect.status;

/** The expectations of a case that sends two lines. */
function withLines(expectation: string): string {
  return withExpect(`{ ${expectation} }`).replace('{ json: 1 }', '{ lines: golden.jsonl, at: "$.in" }');
}

const ROWS: readonly Row[] = [
  row(
    'status',
    [withExpect('{ status: 201 }'), status, [{ code: 201 }]],
    [
      withExpect('{ status: ok }'),
      "5:21: status 'ok': Write a status code such as 200, a class such as 2xx, or a list of them.",
    ],
  ),
  row(
    'status: list',
    [withExpect('{ status: [200, 4XX] }'), status, [{ code: 200 }, { class: 4 }]],
    [
      withExpect('{ status: [200, 99] }'),
      "5:27: status[1] '99': Write a status code such as 200, or a class such as 2xx.",
    ],
  ),
  row(
    'deployment',
    [withExpect('{ deployment: green }'), (_plan, { expect }) => expect.deployment, 'green'],
    [
      withExpect('{ deployment: idle }'),
      "5:25: deployment 'idle': Write the name of a deployment here; idle is not a name.",
    ],
  ),
  row(
    'content-type',
    [withExpect('{ content-type: text/csv }'), (_plan, { expect }) => expect.contentType, 'text/csv'],
    [
      withExpect('{ content-type: json }'),
      "5:27: content-type 'json': Write a media type, such as application/json.",
    ],
  ),
  row(
    'headers',
    [
      withExpect('{ headers: { X-Version: "2", X-Count: { max: 3 } } }'),
      (_plan, { expect }) => expect.headers,
      { 'x-version': { equals: '2' }, 'x-count': { max: 3 } },
    ],
    [
      withExpect('{ headers: { X-Ready: true } }'),
      "5:33: X-Ready 'true': This is compared with text. Put quotes around it.",
    ],
  ),
  row(
    'schema',
    [
      withExpect('{ schema: response.schema.json }'),
      (_plan, { expect }) => expect.schema?.origin,
      'tests/response.schema.json',
    ],
    [
      withExpect('{ schema: expected.json }'),
      "5:21: schema 'expected.json': tests/expected.json is no JSON Schema.",
    ],
  ),
  row(
    'json',
    [
      withExpect('{ json: { "$[0]": 1 } }'),
      (_plan, { expect }) => expect.json.map(({ path, condition }) => [path, condition]),
      [['$[0]', { equals: 1 }]],
    ],
    [withExpect('{ json: { "a[": 1 } }'), '5:21: "a[" is not a JSONPath.'],
  ),
  row(
    'text',
    [withExpect('{ text: ok }'), (_plan, { expect }) => expect.text, { equals: 'ok' }],
    [withExpect('{ text: 1 }'), "5:19: text '1': This is compared with text. Put quotes around it."],
  ),
  row(
    'equals.file',
    [
      withExpect('{ equals: { file: expected.json } }'),
      (_plan, { expect }) => expect.equals,
      {
        value: [1, 2],
        origin: 'tests/expected.json',
        relative: 1e-6,
        absolute: 1e-12,
        integers: { relative: 0, absolute: 0 },
      },
    ],
    [
      withExpect('{ equals: { file: broken.json } }'),
      "5:29: file 'broken.json': The file is not JSON (Unexpected end of JSON input).",
    ],
  ),
  row(
    'equals.value',
    [
      withExpect('{ equals: { value: { a: null } } }'),
      (_plan, { expect }) => expect.equals?.value,
      { a: null },
    ],
    [
      withExpect('{ equals: { value: 1, file: expected.json } }'),
      "5:33: 'file' and 'value' exclude each other. Keep one of them.",
    ],
  ),
  row(
    'equals.at',
    [
      withLines('equals: { at: "$.out", absolute: 0.5 }'),
      (_plan, { expect: { goldenLines: golden } }) =>
        golden && [textsOf(golden.values), golden.lineAt(1), golden.absolute, golden.origin],
      [['1', '"b"'], 3, 0.5, 'tests/golden.jsonl'],
    ],
    [
      withExpect('{ equals: { at: "$.out" } }'),
      "5:27: at '$.out': This names a value of each line that is sent, but the request sends no lines. Give it 'lines'.",
    ],
  ),
  row(
    'equals.lines',
    [
      withLines('equals: { at: "$.a", lines: requests.jsonl }'),
      (_plan, { expect }) => expect.goldenLines && textsOf(expect.goldenLines.values),
      ['1', '2'],
    ],
    [
      withLines('equals: { at: "$", lines: request.json }'),
      "5:39: lines 'request.json': It has 1 lines, and the request sends 2. Each line that is sent needs one of its own here.",
    ],
  ),
  row(
    'equals.relative',
    [
      withExpect('{ equals: { value: 1, relative: 0.01 } }'),
      (_plan, { expect }) => expect.equals?.relative,
      0.01,
    ],
    [
      withExpect('{ equals: { value: 1, relative: 5 } }'),
      "5:43: relative '5': Write a number from 0 to 1; 0.01 is one percent.",
    ],
  ),
  row(
    'equals.absolute',
    [
      withExpect('{ equals: { value: 1, absolute: 0.5 } }'),
      (_plan, { expect }) => expect.equals?.absolute,
      0.5,
    ],
    [
      withExpect('{ equals: { value: 1, absolute: -1 } }'),
      "5:43: absolute '-1': Write a number that is 0 or more.",
    ],
  ),
  row(
    'max-latency',
    [withExpect('{ max-latency: 2s }'), (_plan, { expect }) => expect.maxLatencyMs, 2_000],
    [
      withExpect('{ max-latency: 31s }'),
      "5:26: max-latency '31s': This is longer than the timeout, which ends a request after 30 s. Lower this, or write a longer timeout.",
    ],
  ),
  row(
    'stream',
    [
      withExpect('{ stream: { min-events: 1 } }'),
      (_plan, { expect }) => expect.stream,
      { minEvents: 1, firstEventMs: undefined, endsWith: undefined },
    ],
    [
      withExpect('{ stream: {} }'),
      '5:21: stream: Write at least one of text, content, first-event, max-gap, events-per-second, min-events and ends-with.',
    ],
  ),
  row(
    'stream.text',
    [
      withExpect('{ stream: { text: { not: sorry } } }'),
      (_plan, { expect }) => expect.stream?.text,
      { not: { equals: 'sorry' } },
    ],
    [
      withExpect('{ stream: { text: { matches: "(" } } }'),
      "5:40: matches '(': This is not a regular expression (Unterminated group).",
    ],
  ),
  row(
    'stream.text: of another type',
    [withExpect('{ stream: { text: "1" } }'), (_plan, { expect }) => expect.stream?.text, { equals: '1' }],
    [
      withExpect('{ stream: { text: 1 } }'),
      "5:29: text '1': This is compared with text. Put quotes around it.",
    ],
  ),
  row(
    'stream.content',
    [
      withExpect('{ stream: { content: $.response } }'),
      (_plan, { expect }) => expect.stream?.content?.path,
      '$.response',
    ],
    [withExpect('{ stream: { content: "a[" } }'), `5:32: content 'a[': "a[" is not a JSONPath.`],
  ),
  row(
    'stream.content: of another type',
    [withExpect('{ stream: { content: "$" } }'), (_plan, { expect }) => expect.stream?.content?.path, '$'],
    [
      withExpect('{ stream: { content: 1 } }'),
      "5:32: content '1': Write the JSONPath of the text in an event, in quotes; it begins with $.",
    ],
  ),
  row(
    'stream.max-gap',
    [withExpect('{ stream: { max-gap: 2s } }'), (_plan, { expect }) => expect.stream?.maxGapMs, 2_000],
    [
      withExpect('{ stream: { max-gap: 31s } }'),
      "5:32: max-gap '31s': This is longer than the timeout, which ends a request after 30 s. Lower this, or write a longer timeout.",
    ],
  ),
  row(
    'stream.events-per-second',
    [
      withExpect('{ stream: { events-per-second: 2.5 } }'),
      (_plan, { expect }) => expect.stream?.eventsPerSecond,
      2.5,
    ],
    [
      withExpect('{ stream: { events-per-second: 0 } }'),
      "5:42: events-per-second '0': Write a number greater than 0.",
    ],
  ),
  row(
    'stream.first-event',
    [
      withExpect('{ stream: { first-event: 3s } }'),
      (_plan, { expect }) => expect.stream?.firstEventMs,
      3_000,
    ],
    [withExpect('{ stream: { first-event: 0s } }'), "5:36: first-event '0s': Write 1ms or more."],
  ),
  row(
    'stream.min-events',
    [withExpect('{ stream: { min-events: 2 } }'), (_plan, { expect }) => expect.stream?.minEvents, 2],
    [withExpect('{ stream: { min-events: 0 } }'), "5:35: min-events '0': Write a whole number, at least 1."],
  ),
  row(
    'stream.ends-with',
    [
      withExpect('{ stream: { ends-with: "[DONE]" } }'),
      (_plan, { expect }) => expect.stream?.endsWith,
      '[DONE]',
    ],
    [
      withExpect('{ stream: { ends-with: [DONE] } }'),
      '5:34: ends-with: Write the data of the last event, in quotes.',
    ],
  ),
];

testKeys('expect', ROWS, [
  ...keysOf(schema.$defs.expect.properties).filter((key) => key !== 'equals'),
  ...keysOf(schema.$defs.expect.properties.equals.properties, 'equals.'),
  ...keysOf(schema.$defs.expect.properties.stream.properties, 'stream.'),
]);
