import { beforeAll, describe, expect, test } from 'vitest';
import schema from '../../../../smoke-test.schema.json' with { type: 'json' };
import { type Exchange, inferenceServer, type Model } from '../../../local-azure/index.ts';
import { runMistaken } from '../../../support/run-mistaken-file.ts';
import { type FileRun, runFile, SMOKE_TEST_FILE, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();
// A golden set has scenarios of its own.
const KEYS = Object.keys(schema.$defs.request.properties).filter((key) => key !== 'at');

const IMAGE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0xff]);
/** Spaces, an odd number and a line break at the end: what would not survive being read and written. */
const BODY = Buffer.from('{ "data" : [1.0, 1e400],\r\n "text": "añ" }\n');

/** The document that a decorated script gives, and a script that wants just its example. */
const documented = inferenceServer(
  ({ data }) => {
    if (JSON.stringify(data) !== '[[1,2]]') throw new Error('not the example');
    return [7];
  },
  {
    swagger: '2.0',
    paths: {
      '/score': {
        post: {
          parameters: [
            { name: 'serviceInputPayload', in: 'body', schema: { $ref: '#/definitions/ServiceInput' } },
          ],
          responses: { 200: { schema: { type: 'array', items: { type: 'integer' } } } },
        },
      },
    },
    definitions: { ServiceInput: { type: 'object', example: { data: [[1, 2]] } } },
  },
);

/** Takes everything but what the documented script is asked. */
const anything: Model = (request) =>
  request.path === '/swagger.json' || /^\{"data":\[\[/.test(request.body.toString())
    ? documented(request)
    : { status: 200, headers: { 'Content-Type': 'application/json' }, body: '[7]' };

interface Row {
  readonly key: string;
  /** In YAML. */
  readonly request: string;
  /** What arrives; the path is that of the endpoint unless said. */
  readonly body: string | Buffer | RegExp;
  readonly type: string | RegExp | undefined;
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const JSON_TYPE = 'application/json';

const ROWS: readonly Row[] = [
  { key: 'body', request: '{ body: requests/rows.json }', body: BODY, type: JSON_TYPE },
  { key: 'body: image', request: '{ body: ../cat.png }', body: IMAGE, type: 'image/png' },
  { key: 'body: no extension', request: '{ body: tensor }', body: IMAGE, type: 'application/octet-stream' },
  {
    key: 'json',
    request: '{ json: { input_data: [[1, 2.5, null]], yes: no } }',
    body: '{"input_data":[[1,2.5,null]],"yes":"no"}',
    type: JSON_TYPE,
  },
  {
    key: 'json: numbers',
    request: '{ json: { input_data: [63.0, 1.0e3, 12345678901234567890, "02134"] } }',
    body: '{"input_data":[63.0,1.0e3,12345678901234567890,"02134"]}',
    type: JSON_TYPE,
  },
  { key: 'json: null', request: '{ json: null }', body: 'null', type: JSON_TYPE },
  {
    key: 'text',
    request: '{ text: "How tall is Piz Zupò?\\n" }',
    body: 'How tall is Piz Zupò?\n',
    type: 'text/plain; charset=utf-8',
  },
  { key: 'lines', request: '{ lines: rows.jsonl }', body: '{"a": 1}', type: JSON_TYPE },
  {
    key: 'multipart',
    request: '{ multipart: { image: ../cat.png, question: { text: "What is this?" } } }',
    body: /^--(\S+)\r\nContent-Disposition: form-data; name="image"; filename="cat.png"\r\nContent-Type: image\/png\r\n\r\n.PNG.*\r\n--\1\r\nContent-Disposition: form-data; name="question"\r\n\r\nWhat is this\?\r\n--\1--\r\n$/s,
    type: /^multipart\/form-data; boundary=\S+$/,
  },
  { key: 'swagger', request: '{ swagger: true }', body: '{"data":[[1,2]]}', type: JSON_TYPE },
  { key: 'method', request: '{ method: PUT, json: 1 }', body: '1', type: JSON_TYPE, method: 'PUT' },
  {
    key: 'method: GET',
    request: '{ method: GET, path: /health/live?verbose=1 }',
    body: '',
    type: undefined,
    method: 'GET',
    path: '/health/live?verbose=1',
  },
  {
    key: 'path: relative',
    request: '{ path: "v1/models?a=b", method: GET }',
    body: '',
    type: undefined,
    method: 'GET',
    path: '/v1/models?a=b',
  },
  {
    key: 'path',
    request: '{ path: /v1/chat/completions, json: 1 }',
    body: '1',
    type: JSON_TYPE,
    path: '/v1/chat/completions',
  },
  {
    key: 'headers',
    request:
      '{ headers: { Accept: text/event-stream, Content-Type: application/vnd.rows+json, X-Tenant: "añ; a=1" }, body: requests/rows.json }',
    body: BODY,
    type: 'application/vnd.rows+json',
    headers: { accept: 'text/event-stream', 'x-tenant': 'añ; a=1' },
  },
];

const FILES = {
  'cat.png': IMAGE,
  'tests/tensor': IMAGE,
  'tests/requests/rows.json': BODY,
  'tests/rows.jsonl': '{"a": 1}\r\n\n  {"a": 2}\n{"a": 3}',
  'tests/empty.jsonl': '\n \n',
};

function caseOf({ key, request }: Pick<Row, 'key' | 'request'>): string {
  return `  - { name: "${key}", request: ${request} }\n`;
}

describe('what arrives', () => {
  let tested: FileRun;
  let arrived: ReadonlyMap<string, Exchange>;
  beforeAll(async () => {
    serve(scenario, 'blue', anything);
    const rows = ROWS.map((row) =>
      row.path === undefined
        ? row
        : { ...row, request: row.request.replace('path: /', 'path: /api/v1/endpoint/churn-key/') },
    );
    tested = await runFile(scenario, `version: 1\nsamples: 1\ncases:\n${rows.map(caseOf).join('')}`, {
      files: FILES,
    });
    // With one sample each, every case sends one request, in turn.
    const requests = tested.scored.filter(({ url }) => !url.endsWith('/swagger.json'));
    expect(requests).toHaveLength(ROWS.length);
    arrived = new Map(ROWS.map(({ key }, index) => [key, requests[index]!]));
  });

  test('has a row for each key', () => {
    const keys = new Set(ROWS.map(({ key }) => key.split(':')[0]));
    expect(KEYS.filter((key) => !keys.has(key))).toEqual([]);
    expect(tested.outputs.verdict).toBe('passed');
  });

  test.each(ROWS)('$key', ({ key, body, type, method = 'POST', path = '/score', headers = {} }) => {
    const { bytes, ...request } = arrived.get(key)!;
    expect(request.method).toBe(method);
    const { pathname, search } = new URL(request.url);
    expect(`${pathname}${search}`).toBe(`/api/v1/endpoint/churn-key${path}`);
    if (body instanceof RegExp) expect(bytes.toString('latin1')).toMatch(body);
    else expect(bytes.equals(Buffer.from(body as string))).toBe(true);
    const given = request.headers['content-type'];
    if (type instanceof RegExp) expect(given).toMatch(type);
    else expect(given).toBe(type);
    expect(request.headers).toMatchObject(headers);
  });
});

test('lines are sent in turn, the first again after the last', async () => {
  serve(scenario, 'blue', anything);
  const { scored, report } = await runFile(
    scenario,
    'version: 1\nsamples: 4\ncases: [{ name: lines, request: { lines: rows.jsonl } }]\n',
    {
      files: FILES,
    },
  );

  // The first request warms up.
  expect(scored.map(({ body }) => body)).toEqual([
    '{"a": 1}',
    '{"a": 1}',
    '  {"a": 2}',
    '{"a": 3}',
    '{"a": 1}',
  ]);
  expect(report.cases[0]).toMatchObject({ measured: 4, passed: 4 });
});

test('without samples each line is sent exactly once, and the other cases once', async () => {
  serve(scenario, 'blue', anything);
  const { scored, report, log } = await runFile(
    scenario,
    `version: 1
cases:
  - { name: lines, request: { lines: rows.jsonl } }
  - { name: one, request: { json: 4 } }
`,
    { files: FILES },
  );

  // The first request of each case warms up.
  expect(scored.map(({ body }) => body)).toEqual([
    '{"a": 1}',
    '4',
    '{"a": 1}',
    '  {"a": 2}',
    '{"a": 3}',
    '4',
  ]);
  expect(report.cases.map(({ measured }) => measured)).toEqual([3, 1]);
  expect(log).toContain('answered 4 requests');
});

test('one of the lines that fails fails the test', async () => {
  serve(scenario, 'blue', ({ body }) =>
    body.toString().includes('3') ? { status: 424, body: 'no' } : { status: 200, body: '[1]' },
  );
  const { outputs, report } = await runFile(
    scenario,
    'version: 1\ncases: [{ name: lines, request: { lines: rows.jsonl } }]\n',
    { files: FILES },
  );

  expect(outputs.verdict).toBe('failed');
  expect(report.cases[0]).toMatchObject({ measured: 3, passed: 2, failure: { request: 3 } });
});

test("the answer to the document's example must match the document's schema", async () => {
  serve(scenario, 'blue', (request) =>
    request.method === 'GET'
      ? documented(request)
      : { status: 200, headers: { 'Content-Type': JSON_TYPE }, body: '["7.5"]' },
  );
  const { outputs, error } = await runFile(
    scenario,
    'version: 1\ncases: [{ name: example, request: { swagger: true } }]\n',
  );

  expect(outputs.verdict).toBe('failed');
  expect(error).toMatch(/schema \/0: expected a number, received "7\.5"/);
});

test('a document without an example says what it does say', async () => {
  const text = 'version: 1\ncases: [{ name: example, request: { swagger: true } }]\n';
  const { outputs, error, sent } = await scenario.step({
    inputs: { 'smoke-test': SMOKE_TEST_FILE },
    files: { [SMOKE_TEST_FILE]: text },
  });

  expect(outputs.verdict).toBe('error');
  expect(error).toContain('has no example request for POST /score');
  expect(sent('scoring').map(({ method }) => method)).toEqual(['GET']);
});

test('a model that wants another kind of request refuses it', async () => {
  // The inference server takes POST with JSON only.
  const requests = [
    '{ text: a }',
    '{ json: [1] }',
    '{ method: PUT, json: {} }',
    '{ path: /api/v1/endpoint/churn-key/none, method: GET }',
    '{ multipart: { a: { text: b } } }',
  ];
  const cases = requests.map((request, index) => caseOf({ key: `refused ${index + 1}`, request })).join('');
  const { outputs, report } = await runFile(scenario, `version: 1\ncases:\n${cases}`);

  expect(outputs).toMatchObject({ verdict: 'failed', 'status-code': '424' });
  expect(
    report.cases.map(({ failure }) => /the model's own status (\d+)/.exec(failure?.message ?? '')?.[1]),
  ).toEqual(['415', '400', '405', '404', '415']);
});

const MISTAKES: readonly (readonly [key: string, request: string, mistake: string])[] = [
  [
    'body',
    '{ body: requests/row.json }',
    "body 'requests/row.json': There is no such file (tests/requests/row.json). Nearest: tests/requests/rows.json.",
  ],
  ['json', '{ json: 1, text: a }', "'text' and 'json' exclude each other. Keep one of them."],
  ['text', '{ text: 1 }', "text '1': Write text; a number or true needs quotes."],
  [
    'lines',
    '{ lines: empty.jsonl }',
    "lines 'empty.jsonl': Every line of this file is blank. Each line is one request body.",
  ],
  [
    'multipart',
    '{ multipart: { image: cat.png } }',
    "image 'cat.png': There is no such file (tests/cat.png). Nearest: cat.png.",
  ],
  [
    'swagger',
    '{ swagger: yes }',
    "swagger 'yes': Write true, or { answer: ignore } when the document is wrong about the answer, or leave the key out.",
  ],
  [
    'method',
    '{ method: get, path: /health }',
    "method 'get': Choose one of POST, PUT, PATCH, GET. Did you mean GET?",
  ],
  [
    'method',
    '{ method: GET, json: 1 }',
    "json '1': A GET request has no body: leave this out, or choose another method.",
  ],
  [
    'path',
    '{ path: //evil.example/score, json: 1 }',
    "path '//evil.example/score': Write a path, without scheme and host: the credential goes to the scoring URI's origin only.",
  ],
  [
    'headers',
    '{ headers: { authorization: Bearer x }, json: 1 }',
    "'authorization': The step sets this header itself. Leave it out.",
  ],
];

test('each key has a wrong value that is told before anything is sent', async () => {
  expect(KEYS.filter((key) => !MISTAKES.some(([tested]) => tested === key))).toEqual([]);
  const cases = MISTAKES.map(([, request], index) => caseOf({ key: `case ${index + 1}`, request })).join('');
  const { told } = await runMistaken(scenario, {
    [SMOKE_TEST_FILE]: `version: 1\ncases:\n${cases}`,
    ...FILES,
  });

  expect(told.map((line) => line.replace(/:\d+: /, ' '))).toEqual(
    expect.arrayContaining(MISTAKES.map(([, , mistake], index) => `${index + 3} ${mistake}`)),
  );
});
