import { expect, test } from 'vitest';
import { reportFile } from '../../support/reports.ts';
import { runMistaken } from '../../support/run-mistaken-file.ts';
import { runFile, SMOKE_TEST_FILE } from '../../support/run-smoke-test-file.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const scenario = await openScenario();
const { azure, step } = scenario;
const LFS = reportFile('20-sample-request-lfs-pointer.json');
const UTF16 = reportFile('21-sample-request-utf16le.json');
const POINTER = 'This is a Git LFS pointer, not the file itself.';

test('a Git LFS pointer is a mistake wherever an input names a file', async () => {
  const inputs = {
    'sample-request': 'lfs.json',
    'expected-response': 'lfs.json',
    'response-schema': 'lfs.json',
    'ca-certificate': 'lfs.json',
  };
  const { error, outputs, exchanges } = await step({ inputs, files: { 'lfs.json': LFS } });

  expect(outputs).toEqual({ verdict: 'error' });
  expect(exchanges).toEqual([]);
  for (const name of Object.keys(inputs)) expect(error).toContain(`- ${name} 'lfs.json': ${POINTER}`);
});

test('a Git LFS pointer is a mistake wherever a smoke-test file names one, or where it is one', async () => {
  const { told } = await runMistaken(scenario, {
    [SMOKE_TEST_FILE]: `version: 1
cases:
  - { name: a, request: { body: lfs.json }, expect: { schema: lfs.json } }
  - { name: b, request: { lines: lfs.json }, expect: { equals: { file: lfs.json } } }
  - { name: c, request: { multipart: { image: lfs.json } } }
`,
    'tests/lfs.json': LFS,
  });
  expect(told.map((line) => line.slice(0, line.indexOf(POINTER)))).toEqual([
    "3:33: body 'lfs.json': ",
    "3:63: schema 'lfs.json': ",
    "4:34: lines 'lfs.json': ",
    "4:72: file 'lfs.json': ",
    "5:47: image 'lfs.json': ",
  ]);

  const itself = await runMistaken(scenario, { [SMOKE_TEST_FILE]: LFS });
  expect(itself.told).toEqual([expect.stringContaining(`1:1: ${POINTER}`)]);
});

test.each([
  ['UTF-16', 'utf16.json', UTF16, 'is UTF-16LE text with a byte order mark, and is sent as it is'],
  [
    'UTF-8 with a byte order mark',
    'bom.json',
    Buffer.from(`\ufeff${SAMPLE}`),
    'begins with a UTF-8 byte order mark',
  ],
])('a sample of %s is sent as it is, and a warning names it', async (_name, path, content, words) => {
  azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => ({ status: 200, body: '[1]' });
  const { outputs, annotations, sent } = await step({
    inputs: { 'sample-request': path },
    files: { [path]: content },
  });

  expect(outputs.verdict).toBe('passed');
  expect(annotations).toMatchObject([{ level: 'warning', message: expect.stringContaining(words) }]);
  expect(annotations[0]?.message).toContain(path);
  expect(sent('scoring')[0]?.bytes).toEqual(content);
});

test('a file that is compared must be UTF-8', async () => {
  const inputs = {
    'sample-request': SAMPLE,
    'expected-response': 'latin1.json',
    'response-schema': 'utf16.json',
  };
  const { error, exchanges } = await step({
    inputs,
    files: { 'latin1.json': Buffer.from('{"city": "Z\xfcrich"}', 'latin1'), 'utf16.json': UTF16 },
  });

  expect(error).toContain("- expected-response 'latin1.json': The file is not UTF-8 text. Save it as UTF-8.");
  expect(error).toContain("- response-schema 'utf16.json': The file is UTF-16LE. Save it as UTF-8");
  expect(exchanges).toEqual([]);
});

test('an empty sample asks nothing of a model', async () => {
  const { error } = await step({ inputs: { 'sample-request': 'empty.json' }, files: { 'empty.json': '\n' } });
  expect(error).toContain("sample-request 'empty.json': The file is empty. A sample request needs a body.");

  const { told } = await runMistaken(scenario, {
    [SMOKE_TEST_FILE]: `version: 1
cases:
  - { name: a, request: { body: empty.json } }
  - { name: b, request: { lines: utf16.json }, expect: { equals: { file: latin1.json } } }
`,
    'tests/empty.json': '',
    'tests/utf16.json': UTF16,
    'tests/latin1.json': Buffer.from('"\xfc"', 'latin1'),
  });
  expect(told).toEqual([
    "3:33: body 'empty.json': The file is empty. A sample request needs a body.",
    "4:34: lines 'utf16.json': The file is UTF-16LE, which has no lines to send. Save it as UTF-8 (in Windows PowerShell: Out-File -Encoding utf8).",
    "4:74: file 'latin1.json': The file is not UTF-8 text. Save it as UTF-8.",
  ]);
});

test('a smoke-test file with a byte order mark is read', async () => {
  const { outputs } = await runFile(
    scenario,
    `\ufeffversion: 1\ncases: [{ name: rows, request: { json: ${SAMPLE} } }]\n`,
  );
  expect(outputs.verdict).toBe('passed');
});
