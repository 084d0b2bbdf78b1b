import schema from '../../../../../smoke-test.schema.json' with { type: 'json' };
import { samplesOf } from '../../../../../src/smoke-test/plan/plan.ts';
import { keysOf, QUOTES, type Row, row, testKeys } from '../../../../support/key-rows.ts';
import { textsOf, withRequest } from '../../../../support/smoke-test-file.ts';

const ROWS: readonly Row[] = [
  row(
    'body',
    [
      withRequest('{ body: request.json }'),
      (_plan, { request }) => ({ ...request.body }),
      { kind: 'bytes', origin: 'tests/request.json', bodies: [Buffer.from('{"input_data": [[1, 2]]}')] },
    ],
    [withRequest('{ body: nope.json }'), "4:20: body 'nope.json': There is no such file (tests/nope.json)."],
  ),
  row(
    'json',
    [
      withRequest('{ json: { a: [1, null] } }'),
      (_plan, { request }) => [request.contentType, request.body],
      ['application/json', { kind: 'bytes', origin: 'inline JSON', bodies: [Buffer.from('{"a":[1,null]}')] }],
    ],
    [withRequest('{ json: .nan }'), '4:20: .nan: JSON has no such number.'],
  ),
  row(
    'text',
    [
      withRequest('{ text: Grüße }'),
      (_plan, { request }) => [request.contentType, request.body],
      ['text/plain; charset=utf-8', { kind: 'bytes', origin: 'inline text', bodies: [Buffer.from('Grüße')] }],
    ],
    [withRequest('{ text: 1 }'), `4:20: text '1': ${QUOTES}`],
  ),
  row(
    'lines',
    [
      withRequest('{ lines: requests.jsonl }'),
      (_plan, { request: { contentType, body } }) =>
        body.kind === 'bytes' && [contentType, body.origin, textsOf(body.bodies)],
      ['application/json', 'tests/requests.jsonl', ['{"a": 1}', '{"a": 2}']],
    ],
    [
      withRequest('{ lines: 1 }'),
      "4:21: lines '1': Write the path of a file, relative to this file's folder.",
    ],
  ),
  row(
    'at',
    [
      withRequest('{ lines: golden.jsonl, at: "$.in" }'),
      (_plan, { request: { contentType, body } }) =>
        body.kind === 'bytes' && [contentType, textsOf(body.bodies), body.lineAt?.(1)],
      ['application/json', ['63.0', '[1e3]'], 3],
    ],
    [
      withRequest('{ json: 1, at: "$.in" }'),
      "4:27: at '$.in': This names a value of each line of a file, but the request has no 'lines'. Add them.",
    ],
  ),
  row(
    'at: a line without it',
    [withRequest('{ lines: golden.jsonl, at: "$.out" }'), (plan) => samplesOf(plan, plan.cases[0]!), 2],
    [
      withRequest('{ lines: requests.jsonl, at: "$.in" }'),
      "4:41: at '$.in': Each line needs one value there. tests/requests.jsonl:1: there is no value; tests/requests.jsonl:2: there is no value.",
    ],
  ),
  row(
    'multipart',
    [
      withRequest('{ multipart: { image: cat.png } }'),
      (_plan, { request }) => request.contentType?.split(';')[0],
      'multipart/form-data',
    ],
    [
      withRequest('{ multipart: {} }'),
      '4:25: multipart: Write at least one field, each with the path of a file or { text: … }.',
    ],
  ),
  row(
    'multipart.text',
    [withRequest('{ multipart: { a: { text: x } } }'), (_plan, { request }) => request.body.kind, 'bytes'],
    [withRequest('{ multipart: { a: { text: 1 } } }'), `4:38: text '1': ${QUOTES}`],
  ),
  row(
    'swagger',
    [withRequest('{ swagger: true }'), (_plan, { request }) => request.body, { kind: 'swagger' }],
    [
      withRequest('{ swagger: false }'),
      "4:23: swagger 'false': Write true, or { answer: ignore } when the document is wrong about the answer, or leave the key out.",
    ],
  ),
  row(
    'swagger.answer',
    [
      withRequest('{ swagger: { answer: ignore } }'),
      (_plan, { request }) => request.body,
      { kind: 'swagger', answer: 'ignored' },
    ],
    [withRequest('{ swagger: { answer: check } }'), "4:33: answer 'check': Write ignore."],
  ),
  row(
    'method',
    [
      withRequest('{ method: GET }'),
      (_plan, { request }) => [request.method, request.body, request.contentType],
      ['GET', { kind: 'none' }, undefined],
    ],
    [
      withRequest('{ method: Put, json: 1 }'),
      "4:22: method 'Put': Choose one of POST, PUT, PATCH, GET. Did you mean PUT?",
    ],
  ),
  row(
    'path',
    [withRequest('{ path: /v1/chat?a=b, json: 1 }'), (_plan, { request }) => request.path, '/v1/chat?a=b'],
    [
      withRequest('{ path: "https://example.com/", json: 1 }'),
      "4:20: path 'https://example.com/': Write a path, without scheme and host: the credential goes to the scoring URI's origin only.",
    ],
  ),
  row(
    'headers',
    [
      withRequest('{ headers: { X-Trace: abc }, json: 1 }'),
      (_plan, { request }) => request.headers,
      { 'X-Trace': 'abc' },
    ],
    [withRequest('{ headers: { X-Trace: 12 }, json: 1 }'), `4:34: X-Trace '12': ${QUOTES}`],
  ),
];

testKeys('request', ROWS, [...keysOf(schema.$defs.request.properties), 'multipart.text']);
