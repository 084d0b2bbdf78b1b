import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { expect, test } from 'vitest';
import { SAMPLE_MODELS } from '../../local-azure/index.ts';
import { openScenario, type Seen } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const SAMPLES = new URL('../../fixtures/samples/', import.meta.url);
const NAMES = readdirSync(SAMPLES).filter((name) => /^\d\d-/.test(name));
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

const read = (name: string) => readFileSync(new URL(name, SAMPLES));
const TWO_NUMBERS = [expect.any(Number), expect.any(Number)];

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.json': 'application/json',
  '.jpg': 'image/jpeg',
  '.csv': 'text/csv',
  '.txt': 'text/plain; charset=utf-8',
};

/** What each answers, by the number of its file. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '01': [expect.closeTo(11055.977, 2), expect.closeTo(4503.08, 2)],
  '02': [expect.closeTo(11055.977, 2), expect.closeTo(4503.08, 2)],
  '03': TWO_NUMBERS,
  '04': TWO_NUMBERS,
  '07': TWO_NUMBERS,
  '09': ['virginica', 'setosa'],
  '10': ['virginica', 'setosa'],
  '13': { output: 7 },
  '14': { predictions: Array(5).fill(expect.any(Number)) },
  '16': [expect.closeTo(0.27, 6), expect.closeTo(-2.03, 6), expect.closeTo(-2.75, 6)],
  '17': { predictions: [2.5, 3, 4.5] },
  '19': expect.objectContaining({ outputs: [expect.objectContaining({ name: 'OUTPUT', data: ['fox'] })] }),
  '20': { width: expect.any(Number), height: expect.any(Number) },
  '21': expect.arrayContaining([expect.any(Number)]),
  '22': { output: 'The Los Angeles Dodgers won the World Series in 2020.' },
  '25': { generated_text: ' play the guitar.' },
  '26': { answer: 'You ask: What is Galaxy?' },
  '29': [{ text: expect.stringMatching(/^en: .*audio\.mp3$/) }],
  '32': { summary: expect.stringMatching(/^Los Angeles \(CNN\)/) },
  '34': { category: 'www.youtube.com', evidence: 'Url' },
  '36': { predictions: TWO_NUMBERS },
  '37': TWO_NUMBERS,
  '38': Array(5).fill([expect.closeTo(11055.977, 2), expect.closeTo(4503.08, 2)]),
};

function answerOf({ outputs, changedFiles }: Seen): unknown {
  const path = outputs['response-file'] ?? '';
  const found = Object.entries(changedFiles).find(([name]) => path.endsWith(`/${name}`));
  return JSON.parse(Buffer.from(found?.[1] ?? []).toString());
}

test.each(NAMES)('the model for %s answers it', async (name) => {
  const number = name.slice(0, 2);
  blue().model = SAMPLE_MODELS[number]!;
  const file = read(name);
  const seen = await step({
    inputs: { 'sample-request': `requests/${name}` },
    files: { [`requests/${name}`]: file },
  });

  expect(seen.outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  const [request] = seen.sent('scoring');
  expect(request?.bytes.equals(file)).toBe(true);
  expect(request?.headers).toMatchObject({
    'content-type': CONTENT_TYPES[extname(name)],
    'content-length': String(file.length),
  });
  expect(seen.log).not.toContain(file.toString('latin1').slice(0, 20));
  expect(answerOf(seen)).toEqual(ANSWERS[number]);
});

test('the routes, forms and lines of their servers work', async () => {
  const routes: Readonly<Record<string, string>> = {
    '/v1/models/half_plus_two:predict': '17',
    '/v2/models/bidaf-ensemble/infer': '19',
    '/predictions/densenet161': '20',
    '/generate': '25',
    '/invocations': '36',
    '/score': '38',
  };
  blue().model = (request) => SAMPLE_MODELS[routes[request.path] ?? '']!(request);
  const file = `version: 1
samples: 5
cases:
  - { name: TensorFlow Serving, request: { path: /v1/models/half_plus_two:predict, body: ${NAMES.find((name) => name.startsWith('17'))} }, expect: { json: { "$.predictions[2]": 4.5 } } }
  - { name: Triton, request: { path: /v2/models/bidaf-ensemble/infer, body: ${NAMES.find((name) => name.startsWith('19'))} }, expect: { json: { "$.outputs[0].data[0]": fox } } }
  - { name: TorchServe, request: { path: /predictions/densenet161, multipart: { image: 20-multipart-image.jpg, top: { text: "5" } } }, expect: { json: { "$.width": { min: 100 } } } }
  - { name: text generation, request: { path: /generate, body: 25-hf-tgi-generate.json }, expect: { json: { "$.generated_text": { matches: guitar } } } }
  - { name: MLflow, request: { path: /invocations, body: 36-csv-pixels.csv }, expect: { json: { "$.predictions": { length: 2 } } } }
  - { name: profiler, request: { lines: 38-payload-jsonl-profiler.txt }, expect: { json: { "$[*]": { between: [4000, 12000] } } } }
`;
  const files = Object.fromEntries(NAMES.map((name) => [name, read(name)]));
  const { outputs, error, sent } = await step({
    inputs: { 'smoke-test': 'smoke-test.yml' },
    files: { ...files, 'smoke-test.yml': file },
  });

  expect(error).toBe('');
  expect(outputs.verdict).toBe('passed');
  // Each case has one request to warm up.
  expect(sent('scoring')).toHaveLength(6 * (1 + 5));
});
