import { expect, test } from 'vitest';
import { container, inferenceServer, swaggerDocument } from '../../local-azure/index.ts';
import { startForeignServer } from '../../support/foreign-server.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const foreign = await startForeignServer();
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;
const file = (expectation: string, rest = '') =>
  `version: 1\nwarm-up: 0s\ncases:\n  - name: rows\n    request: { json: { data: [[1]] } }\n    expect: ${expectation}\n${rest}`;
const run = (text: string, files: Readonly<Record<string, string>> = {}) =>
  step({ inputs: { 'smoke-test': 'smoke.yml' }, files: { 'smoke.yml': text, ...files } });

// That each ends is all that is asked of its time.
test('a YAML bomb is a mistake of the file', async () => {
  const levels = Array.from({ length: 12 }, (_, level) => {
    const alias = level === 0 ? '"lol"' : `*a${level - 1}`;
    return `  a${level}: &a${level} [${Array(10).fill(alias).join(', ')}]`;
  });
  const { error, outputs, exchanges } = await run(
    `version: 1\nx:\n${levels.join('\n')}\ncases: [{ name: rows, request: { json: *a11 } }]\n`,
  );

  expect(error).toContain('smoke.yml');
  expect(error.length).toBeLessThan(4_000);
  expect(outputs.verdict).toBe('error');
  expect(exchanges).toEqual([]);
});

test('an endless regular expression is stopped, and named', async () => {
  blue().model = container(200, 'text/plain', `${'a'.repeat(60)}!`);
  const { error, outputs } = await run(file('{ text: { matches: "^(a+)+$" } }'));

  expect(error).toContain('the answer could not be judged');
  expect(error).toContain('^(a+)+$');
  expect(error).toMatch(/time|long/);
  expect(outputs.verdict).toBe('error');
}, 120_000);

test('a path that searches a line of a golden set without end is stopped, and the line named', async () => {
  const at = `$[?match(@.id, "(a+)+b")].input`;
  const text = `version: 1\ncases: [{ name: set, request: { lines: set.jsonl, at: '${at}' } }]\n`;
  const set = `[{"id":"aab","input":1}]\n[{"id":"${'a'.repeat(60)}!","input":2}]\n`;
  const { error, outputs, exchanges } = await run(text, { 'set.jsonl': set });

  expect(error).toContain('smoke.yml:2:');
  expect(error).toContain('set.jsonl:2: searching this line with the path takes too long');
  expect(outputs.verdict).toBe('error');
  expect(exchanges).toEqual([]);
}, 120_000);

test('a body in hundreds of content codings is not decoded', async () => {
  const codings = Array(300).fill('gzip').join(', ');
  blue().model = () => ({
    status: 200,
    headers: { 'Content-Type': 'application/json', 'Content-Encoding': codings },
    body: '[1]',
  });
  const { error, outputs } = await run(file('{ json: { "$[0]": 1 } }'));

  expect(error).toContain('more than two content codings');
  expect(outputs.verdict).toBe('error');
});

test('a schema of the endpoint that is too large is not compiled', async () => {
  const property = { type: 'object', properties: { a: { type: 'number' }, b: { type: 'string' } } };
  const properties = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`p${index}`, property]));
  const document = swaggerDocument('3', {
    input: { type: 'object', example: { data: [[1]] } },
    output: { type: 'object', properties },
  });
  blue().model = inferenceServer(() => ({}), document);
  const { error, outputs } = await step({ inputs: { 'sample-request': 'swagger' } });

  expect(error).toContain('Its response schema is too large to be used.');
  expect(outputs.verdict).toBe('error');
});

// A million of them are judged in the unit test of judge-reply.ts: here every file is searched for secrets.
test('many numbers are judged', async () => {
  const numbers = JSON.stringify(Array.from({ length: 40_000 }, (_, index) => index / 7));
  blue().model = container(200, 'application/json', numbers);
  const wanted = `{ json: { "$[*]": { min: 0 }, "$[39999]": { max: 5000 } } }`;
  const { outputs, error } = await run(file(wanted));

  expect(error).toMatch(/- json \$\[39999\]: expected at most 5000, received 5714/);
  expect(outputs.verdict).toBe('failed');
});

test('a schema somewhere else is never fetched', async () => {
  const schema = JSON.stringify({ $ref: `${foreign.origin}/schema.json` });
  for (const text of [file('{ schema: answer.json }')]) {
    const { error, outputs } = await run(text, { 'answer.json': schema });

    expect(error).toContain(`${foreign.origin}/schema.json`);
    expect(outputs.verdict).toBe('error');
  }
  const { error } = await step({
    inputs: { 'sample-request': SAMPLE, 'response-schema': 'answer.json' },
    files: { 'answer.json': schema },
  });

  expect(error).toContain('answer.json');
  expect(foreign.connections()).toBe(0);
});

/** Eight definitions, of which each refers ten times to the next one. */
const DOUBLING = {
  $ref: '#/$defs/a0',
  $defs: Object.fromEntries(
    Array.from({ length: 9 }, (_, at) => [
      `a${at}`,
      at === 8 ? { type: 'string' } : { anyOf: Array(10).fill({ $ref: `#/$defs/a${at + 1}` }) },
    ]),
  ),
};

test.each([
  ['multiplies itself', JSON.stringify(DOUBLING), 'more than 10,000 schemas'],
  [
    'is nested without an end',
    `${'{"allOf":['.repeat(50_000)}{}${']}'.repeat(50_000)}`,
    'more than 256 levels',
  ],
  [
    'has very many parts',
    JSON.stringify({ required: Array.from({ length: 200_000 }, String) }),
    '100,000 parts',
  ],
])('a schema that %s is a mistake, and nothing is sent', async (_what, schema, why) => {
  const files = { 'answer.json': schema };
  const named = await run(file('{ schema: answer.json }'), files);
  const given = await step({ inputs: { 'sample-request': SAMPLE, 'response-schema': 'answer.json' }, files });

  for (const { error, outputs, exchanges } of [named, given]) {
    expect(error).toContain('answer.json');
    expect(error).toContain(why);
    expect(error.length).toBeLessThan(1_000);
    expect(outputs.verdict).toBe('error');
    expect(exchanges).toEqual([]);
  }
});

test('a schema of very many labels is held against an answer', async () => {
  const labels = Array.from({ length: 100_000 }, (_, at) => `label ${at}`);
  blue().model = container(200, 'application/json', '["label 99999"]');
  const { outputs } = await run(file('{ schema: answer.json }'), {
    'answer.json': JSON.stringify({ items: { enum: labels } }),
  });

  expect(outputs.verdict).toBe('passed');
});

test.each([
  ['blanks', ' '],
  ['line ends', '\\n'],
  ['codes', 'AADSTS'],
])("an error of Entra's with 400,000 characters of %s is explained", async (_what, part) => {
  const message = `AADSTS7000215: no ${part.repeat(400_000 / part.length)}x Trace ID: y`;
  azure.setFault('sign-in', {
    kind: 'body',
    status: 401,
    body: `{"error":"invalid_client","error_description":"${message}"}`,
  });
  const { error, outputs } = await step({
    inputs: { login: 'client-secret', 'client-secret': azure.clientSecret },
  });

  expect(error).toContain('AADSTS7000215');
  expect(error.length).toBeLessThan(2_000);
  expect(outputs.verdict).toBe('error');
});

test.each([
  ['a schema that is made of itself', { $ref: '#' }],
  [
    'a schema that goes round',
    { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
  ],
  ['a schema of lists of itself', { type: 'array', items: { $ref: '#' } }],
])('%s ends', async (_, schema) => {
  blue().model = container(200, 'application/json', `${'['.repeat(2_000)}${']'.repeat(2_000)}`);
  const { outputs } = await run(file('{ schema: answer.json }'), { 'answer.json': JSON.stringify(schema) });

  expect(['passed', 'failed', 'error']).toContain(outputs.verdict);
});

test.each([
  ['lists', '[', ']'],
  ['objects', '{"a":', '}'],
])('100,000 %s in each other, in an answer', async (_, open, close) => {
  const middle = open === '[' ? '' : '1';
  blue().model = container(
    200,
    'application/json',
    `${open.repeat(100_000)}${middle}${close.repeat(100_000)}`,
  );
  const { error, outputs } = await run(file('{ json: { "$..b": 1 }, equals: { value: [1] } }'));

  expect(['failed', 'error']).toContain(outputs.verdict);
  expect(error).toMatch(/^Endpoint|^Deployment/);
});

test.each([
  ['endpoint', 'Resource Manager'],
  ['keys', 'Resource Manager'],
  ['metadata', "The cloud's metadata service"],
] as const)('100,000 lists in each other, in the answer of %s', async (call, service) => {
  const body = `{"properties":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  azure.setFault(call, { kind: 'body', body });
  const { error, outputs } = await step();

  expect(outputs.verdict).toBe('error');
  expect(`${service} ${error}`).not.toContain('Maximum call stack');
});

test('100,000 lists in each other, in files of the workspace', async () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const asked = await run(file('{ equals: { file: deep.json } }'), { 'deep.json': deep });
  const written = await run(`version: 1\ncases: [{ name: rows, request: { json: ${deep} } }]\n`);

  for (const { error, outputs } of [asked, written]) {
    expect(['failed', 'error']).toContain(outputs.verdict);
    expect(error).not.toContain('Maximum call stack');
  }
});

test('keys named __proto__ change nothing', async () => {
  const text =
    '{"__proto__": {"verdict": "passed", "polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}';
  blue().model = container(200, 'application/json', text);
  const same = await run(file('{ equals: { file: same.json } }'), { 'same.json': text });
  const other = await run(file('{ json: { "$.polluted": 1, "$.toString": { exists: true } } }'));
  const named = await run(
    `version: 1\n__proto__: { samples: 3 }\ncases: [{ name: rows, request: { json: 1 } }]\n`,
  );

  expect(same.outputs.verdict).toBe('passed');
  expect(other.outputs.verdict).toBe('failed');
  expect(named.error).toContain('__proto__');
});
