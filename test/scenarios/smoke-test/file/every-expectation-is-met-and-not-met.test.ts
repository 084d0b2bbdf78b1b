import schema from '../../../../smoke-test.schema.json' with { type: 'json' };
import { row, testRows } from '../../../support/expectation-table.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();
const { stream, equals, ...others } = schema.$defs.expect.properties;
const KEYS = [
  ...Object.keys(others),
  // A golden set has scenarios of its own.
  ...Object.keys(equals.properties)
    .filter((key) => key !== 'at' && key !== 'lines')
    .map((key) => `equals.${key}`),
  ...Object.keys(stream.properties).map((key) => `stream.${key}`),
];
const EVENTS = ['{"token":"Hi"}', '[DONE]'];

testRows(
  scenario,
  [
    row('status', { answer: 1 }, ['{ status: 200 }', '{ status: 201 }'], ['status', '201', '200']),
    row(
      'status: list',
      { answer: 1 },
      ['{ status: [202, 200] }', '{ status: [202, 4xx] }'],
      ['status', '202 or 4xx', '200'],
    ),
    row('status: class', { answer: 1 }, ['{ status: 2xx }', '{ status: 4xx }'], ['status', '4xx', '200']),
    row(
      'deployment',
      { answer: 1 },
      ['{ deployment: blue }', '{ deployment: green }'],
      ['deployment', 'green', 'blue'],
    ),
    row(
      'content-type',
      { answer: 'a,b', type: 'text/csv; charset=utf-8' },
      ['{ content-type: text/csv }', '{ content-type: application/json }'],
      ['content-type', 'application/json', 'text/csv; charset=utf-8'],
    ),
    row(
      'headers',
      { answer: 1, headers: { 'x-model-version': '2.4', 'x-rows': '2' } },
      [
        '{ headers: { X-Model-Version: { matches: "^2\\\\." }, x-rows: { min: 2 }, x-error: { exists: false } } }',
        '{ headers: { X-Model-Version: { matches: "^3\\\\." }, x-rows: 3, x-error: none } }',
      ],
      ['header x-model-version', 'matching /^3\\./u', '"2.4"'],
      ['header x-rows', '3', '2'],
      ['header x-error', '"none"', 'none'],
    ),
    row(
      'schema',
      { answer: { predictions: [1, 'two'] } },
      ['{ schema: schemas/mixed.json }', '{ schema: schemas/numbers.json }'],
      ['schema /predictions/1', 'a number', '"two"'],
    ),
    row(
      'json',
      { answer: [11055.98, 4503.08] },
      [
        '{ json: { "$[0]": { between: [11000, 12000] }, "$[*]": { type: number } } }',
        '{ json: { "$[1]": { min: 5000 }, "$[2]": 1 } }',
      ],
      ['json $[1]', 'at least 5000', '4503.08'],
      ['json $[2]', '1', 'no value there: the answer is [11055.98,4503.08]'],
    ),
    row(
      'json: of a JSON string',
      { answer: '"1"', type: 'application/json; charset=utf-8' },
      ['{ json: { $: "1" } }', '{ json: { $: 1 } }'],
      ['json $', '1', '"1"'],
    ),
    row(
      'text',
      { answer: 'status: healthy' },
      ['{ text: { matches: "healthy$" } }', '{ text: healthy }'],
      ['text', '"healthy"', '"status: healthy"'],
    ),
    row(
      'equals.file',
      { answer: { a: [1, 2.0000001] } },
      ['{ equals: { file: golden.json } }', '{ equals: { file: other-golden.json } }'],
      ["equals $['a'][1]", '3 (tolerance 0.000001 relative or 1e-12 absolute)', '2.0000001'],
      ["equals $['b']", 'true', 'nothing'],
    ),
    row(
      'equals.file: text',
      { answer: 'one\r\ntwo\n' },
      ['{ equals: { file: golden.txt } }', '{ equals: { file: other-golden.txt } }'],
      ['equals line 2', '"three"', '"two"'],
    ),
    row(
      'equals.file: bytes',
      { answer: 'PNG', type: 'image/png' },
      ['{ equals: { file: golden.png } }', '{ equals: { file: other-golden.png } }'],
      ['equals byte 3', '0x48, of 3 bytes', '0x47, of 3 bytes'],
    ),
    row(
      'equals.value',
      { answer: { label: 'cat', score: 0.93 } },
      [
        '{ equals: { value: { score: 0.93, label: cat } } }',
        '{ equals: { value: { label: dog, score: 0.93 } } }',
      ],
      ["equals $['label']", '"dog"', '"cat"'],
    ),
    row(
      'equals.value: exact',
      { answer: '{ "id": 7615917337495251232 }', type: 'application/json; charset=utf-8' },
      [
        '{ equals: { value: { id: 7615917337495251232 } } }',
        '{ equals: { value: { id: 7615917337495251231 } } }',
      ],
      ["equals $['id']", '7615917337495251231', '7615917337495251232'],
    ),
    row(
      'equals.relative',
      { answer: [1000, 'x'] },
      [
        '{ equals: { value: [1009, x], relative: 0.01 } }',
        '{ equals: { value: [1011, x], relative: 0.01 } }',
      ],
      ['equals $[0]', '1011 (tolerance 0.01 relative)', '1000'],
    ),
    row(
      'equals.absolute',
      { answer: [0.4, 9] },
      [
        '{ equals: { value: [0, 9], absolute: 0.5 } }',
        '{ equals: { value: [1, 9], absolute: 0.5, relative: 0 } }',
      ],
      ['equals $[0]', '1 (tolerance 0.5 absolute)', '0.4'],
    ),
    row(
      'max-latency',
      { answer: 1, waitMs: 400 },
      ['{ max-latency: 20s }', '{ max-latency: 100ms }'],
      ['max-latency', 'at most 100 ms', /^\d+(?:\.\d)? ms$/],
    ),
    row(
      'stream.text',
      { answer: '', events: ['{"choices":[{"delta":{"content":"Hi"}}]}', '[DONE]'] },
      ['{ stream: { text: Hi } }', '{ stream: { text: Bye } }'],
      ['stream text', '"Bye"', '"Hi"'],
    ),
    row(
      'stream.content',
      { answer: '', events: EVENTS },
      ['{ stream: { content: $.token, text: Hi } }', '{ stream: { content: $.text, text: Hi } }'],
      ['stream text', '"Hi"', 'no string at $.text of any event'],
    ),
    row(
      'stream.max-gap',
      { answer: '', events: EVENTS, waitMs: 1_000 },
      ['{ stream: { max-gap: 20s } }', '{ stream: { max-gap: 50ms } }'],
      ['stream max-gap', 'at most 50 ms', /^\d+(?:\.\d)? ms$/],
    ),
    row(
      'stream.events-per-second',
      { answer: '', events: EVENTS, waitMs: 1_000 },
      ['{ stream: { events-per-second: 0.05 } }', '{ stream: { events-per-second: 1000 } }'],
      ['stream events-per-second', 'at least 1000 a second', /^\d+(?:\.\d+)? a second$/],
    ),
    row(
      'stream.first-event',
      { answer: '', events: EVENTS, waitMs: 300 },
      ['{ stream: { first-event: 20s } }', '{ stream: { first-event: 100ms } }'],
      ['stream first-event', 'within 100 ms', /^\d+(?:\.\d)? ms$/],
    ),
    row(
      'stream.min-events',
      { answer: '', events: EVENTS },
      ['{ stream: { min-events: 2 } }', '{ stream: { min-events: 3 } }'],
      ['stream min-events', 'at least 3', '2'],
    ),
    row(
      'stream.ends-with',
      { answer: '', events: EVENTS },
      ['{ stream: { ends-with: "[DONE]" } }', '{ stream: { ends-with: "[END]" } }'],
      ['stream ends-with', '"[END]"', '"[DONE]"'],
    ),
    row(
      'stream: of what is none',
      { answer: [1] },
      ['{ json: { $: [1] } }', '{ stream: { min-events: 1 } }'],
      ['stream', 'text/event-stream or application/x-ndjson', 'application/json'],
    ),
    row(
      'json: of what is none',
      { answer: '[0.2, NaN]', type: 'text/html' },
      ['{ text: { matches: NaN } }', '{ json: { "$[0]": 1 }, equals: { value: 1 } }'],
      ['body', 'JSON', 'text/html: [0.2, NaN] (JSON has no NaN and no Infinity)'],
    ),
  ],
  KEYS,
  {
    files: {
      'tests/golden.json': '{ "a": [1, 2] }',
      'tests/golden.txt': 'one\ntwo',
      'tests/other-golden.txt': 'one\nthree\n',
      'tests/golden.png': 'PNG',
      'tests/other-golden.png': 'PNH',
      'tests/other-golden.json': '{ "a": [1, 3], "b": true }',
      'tests/schemas/mixed.json': '{ "properties": { "predictions": { "type": "array" } } }',
      'tests/schemas/numbers.json':
        '{ "properties": { "predictions": { "type": "array", "items": { "type": "number" } } } }',
    },
  },
);
