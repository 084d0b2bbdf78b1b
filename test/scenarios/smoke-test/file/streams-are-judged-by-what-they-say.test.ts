import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Order, obedientModel } from '../../../support/models.ts';
import { type FileRun, mismatchesOf, runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

interface Row {
  readonly name: string;
  readonly answer: Order;
  /** What is expected of the stream, in YAML. */
  readonly expect: string;
  /** Of the only mismatch: where, and what came; undefined when the case passes. */
  readonly mismatch?: readonly [at: string, got: string | RegExp];
}

const EVENTS = 'text/event-stream';
const LINES = 'application/x-ndjson';

const event = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;
const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
const delta = (parts: object, index = 0) => ({ choices: [{ index, delta: parts }] });
const token = (text: string, special = false) => ({ token: { text, special }, generated_text: null });
const stream = (type: string, ...pieces: readonly string[]): Order => ({ answer: '', type, pieces });

const CHAT = stream(
  EVENTS,
  event({ choices: [], prompt_filter_results: [] }),
  event(delta({ role: 'assistant', content: '' })),
  event(delta({ content: 'Good ' })),
  event(delta({ content: 'Another answer' }, 1)),
  event(delta({ content: 'morning' })),
  event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }),
  'data: [DONE]\n\n',
);
const TOKENS = stream(EVENTS, event(token('<s>', true)), event(token('Hi')), event(token(' you')));
const ANSWERS = stream(LINES, line({ response: 'one ' }), line({ done: 3 }), line({ response: 'two' }));
const SLOW_CHAT = {
  ...stream(EVENTS, event(delta({ role: 'assistant' })), event(delta({ content: 'Hi' }))),
  waitMs: 1_000,
};
const REASONING = stream(EVENTS, event(delta({ reasoning: 'Hm' })), event(delta({ content: 'Hi' })));

const ROWS: readonly Row[] = [
  { name: 'the text of a chat', answer: CHAT, expect: '{ text: Good morning, ends-with: "[DONE]" }' },
  {
    name: 'another text of a chat',
    answer: CHAT,
    expect: '{ text: { not: { matches: morning } } }',
    mismatch: ['stream text', '"Good morning"'],
  },
  {
    name: 'the text of completions',
    answer: stream(EVENTS, event({ choices: [{ text: 'a' }] }), event({ choices: [{ text: 'b' }] })),
    expect: '{ text: ab }',
  },
  { name: 'the text of tokens', answer: TOKENS, expect: '{ text: Hi you }' },
  {
    name: 'another text of tokens',
    answer: TOKENS,
    expect: '{ text: { length: 3 } }',
    mismatch: ['stream text', '"Hi you" (length 6)'],
  },
  {
    name: 'the text at a path of JSON lines',
    answer: ANSWERS,
    expect: '{ content: $.response, text: one two, min-events: 3 }',
  },
  {
    name: 'another text at a path of JSON lines',
    answer: ANSWERS,
    expect: '{ content: $.response, text: { matches: three } }',
    mismatch: ['stream text', '"one two"'],
  },
  {
    name: 'a text in a form that is not known',
    answer: ANSWERS,
    expect: '{ text: one two }',
    mismatch: ['stream text', 'events in an unknown form; say where their text is, such as content: $.text'],
  },
  { name: 'a short pause', answer: SLOW_CHAT, expect: '{ max-gap: 25s }' },
  {
    name: 'a long pause',
    answer: SLOW_CHAT,
    expect: '{ max-gap: 20ms }',
    mismatch: ['stream max-gap', /^\d+(?:\.\d)? ms$/],
  },
  { name: 'a high rate', answer: SLOW_CHAT, expect: '{ events-per-second: 0.04 }' },
  {
    name: 'a low rate',
    answer: SLOW_CHAT,
    expect: '{ events-per-second: 2000 }',
    mismatch: ['stream events-per-second', /^\d+(?:\.\d+)? a second$/],
  },
  {
    name: 'one event',
    answer: stream(LINES, line({ response: 'one' })),
    expect: '{ events-per-second: 1 }',
    mismatch: ['stream events-per-second', 'only one event, which has no rate'],
  },
  { name: 'a first event with content in time', answer: SLOW_CHAT, expect: '{ first-event: 25s }' },
  {
    name: 'a role in time, and a late first event with content',
    answer: SLOW_CHAT,
    // The role comes after 1 s, the content after 2 s at least.
    expect: '{ first-event: 1900ms }',
    mismatch: ['stream first-event', /^\d{4,}(?:\.\d)? ms$/],
  },
  { name: 'reasoning before content', answer: REASONING, expect: '{ first-event: 25s, text: Hi }' },
  {
    name: 'no event with content at the path',
    answer: ANSWERS,
    expect: '{ content: $.text, first-event: 25s }',
    mismatch: ['stream first-event', 'no event with content'],
  },
  {
    name: 'an error among JSON lines, whatever follows it',
    answer: stream(LINES, line({ response: 'a' }), line({ error: 'out of memory' }), line({ response: 'b' })),
    expect: '{ min-events: 1 }',
    mismatch: ['stream', 'an error: out of memory'],
  },
  {
    name: 'an error object among JSON lines',
    answer: stream(LINES, line({ response: 'a' }), line({ object: 'error', message: 'too long', code: 400 })),
    expect: '{ min-events: 1 }',
    mismatch: ['stream', 'an error: too long'],
  },
  {
    name: 'a whole last line without a line break',
    answer: stream(LINES, line({ response: 'a' }), '{"response":"b"}'),
    expect: '{ content: $.response, text: ab, ends-with: \'{"response":"b"}\', min-events: 2 }',
  },
  {
    name: 'half of a last line',
    answer: stream(LINES, line({ response: 'a' }), '{"response":"b'),
    expect: '{ min-events: 1 }',
    mismatch: ['stream', '{"response":"b'],
  },
];

describe('a stream', () => {
  let run: FileRun;
  beforeAll(async () => {
    serve(scenario, 'blue', obedientModel);
    const cases = ROWS.flatMap(({ name, answer, expect: wanted }) => [
      `  - name: "${name}"`,
      `    request: { json: ${JSON.stringify(answer)} }`,
      `    expect: { stream: ${wanted} }`,
    ]);
    run = await runFile(scenario, `version: 1\ncases:\n${cases.join('\n')}\n`);
  });

  test.each(ROWS.filter(({ mismatch }) => mismatch === undefined))('passes with $name', ({ name }) => {
    expect(mismatchesOf(run, name)).toBeUndefined();
    expect(run.report.cases.find((each) => each.name === name)).toMatchObject({ measured: 1, passed: 1 });
  });

  test.each(ROWS.filter(({ mismatch }) => mismatch !== undefined))(
    'fails with $name',
    ({ name, mismatch }) => {
      const [at, got] = mismatch ?? [];
      expect(mismatchesOf(run, name)).toEqual([
        { at, wanted: expect.any(String), got: got instanceof RegExp ? expect.stringMatching(got) : got },
      ]);
    },
  );

  test('is timed to its first event with content, not to the role before it', () => {
    const at = ROWS.findIndex(({ answer }) => answer === SLOW_CHAT);
    const measured = run.report.measurements.find((each) => each.case === at);
    expect(measured?.['first-event-ms']).toBeGreaterThan(1_900);
  });
});

test('a threshold on first events is about those with content', async () => {
  serve(scenario, 'blue', obedientModel);
  const { report } = await runFile(
    scenario,
    `version: 1
cases:
  - name: chat
    request: { json: ${JSON.stringify(SLOW_CHAT)} }
    expect: { stream: { text: Hi } }
thresholds: { first-event-p95: 1900ms }
`,
  );

  expect(report.verdict).toBe('failed');
  expect(report.cases).toMatchObject([{ passed: 1 }]);
  expect(report.thresholds).toMatchObject([{}, { name: 'first-event-p95', met: false }]);
});

test('JSON lines that are compressed are read', async () => {
  const body = gzipSync(['{"response":"a"}\n', '{"response":"b"}'].join(''));
  serve(scenario, 'blue', () => ({
    status: 200,
    headers: { 'Content-Type': LINES, 'Content-Encoding': 'gzip' },
    body,
  }));
  const fileOf = (expectation: string) =>
    `version: 1\ncases: [{ name: a, request: { json: 1 }, expect: { stream: ${expectation} } }]\n`;
  const good = await runFile(
    scenario,
    fileOf('{ content: $.response, text: ab, min-events: 2, first-event: 25s }'),
  );
  const bad = await runFile(scenario, fileOf('{ content: $.response, text: abc }'));

  expect(good.outputs.verdict).toBe('passed');
  expect(mismatchesOf(bad, 'a')).toEqual([{ at: 'stream text', wanted: '"abc"', got: '"ab"' }]);
});
