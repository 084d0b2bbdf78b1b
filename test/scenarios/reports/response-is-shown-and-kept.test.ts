import { expect, test } from 'vitest';
import { container, type ScoringRequest } from '../../local-azure/index.ts';
import { openScenario, SAMPLE, type Seen } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE };
const blue = () => azure.endpoints.get('churn-key')!.deployments.get('blue')!;

function responseFile({ outputs, changedFiles }: Seen): Buffer | undefined {
  const path = outputs['response-file'] ?? '';
  const found = Object.entries(changedFiles).find(([name]) => path.endsWith(`/${name}`));
  return found && Buffer.from(found[1]);
}

test('the response is kept byte for byte', async () => {
  const bytes = Buffer.from([0xff, 0xd8, 0x00, 0x0a, 0x0d, 0xfe, 0x80]);
  blue().model = () => ({ status: 200, headers: { 'Content-Type': 'image/jpeg' }, body: bytes });
  const seen = await step({ inputs: INPUTS });

  expect(responseFile(seen)?.equals(bytes)).toBe(true);
  expect(seen.log).not.toContain('Response:');
});

test('a credential in the response is redacted', async () => {
  blue().model = ({ headers }: ScoringRequest) => {
    const body = JSON.stringify({ seen: headers.authorization, rows: [1] });
    return { status: 200, headers: { 'Content-Type': 'application/json' }, body };
  };
  const seen = await step({ inputs: { ...INPUTS, 'show-response': 'true' } });

  expect(seen.outputs.verdict).toBe('passed');
  const { seen: echoed, rows } = JSON.parse(String(responseFile(seen)));
  expect(echoed).toContain('***');
  expect(rows).toEqual([1]);
  expect(seen.log).toContain('***');
});

test('the response stands in a group of the log when that is wanted, and is harmless there', async () => {
  blue().model = container(200, 'text/plain', 'one\n::error::planted\n##[endgroup]\nfour');
  const { stdout, annotations, outputs } = await step({ inputs: { ...INPUTS, 'show-response': 'true' } });

  expect(annotations).toEqual([]);
  expect(outputs.verdict).toBe('passed');
  expect(stdout).toMatch(/::group::Response: \d+ bytes, text\/plain\none\n/);
  expect(stdout).toContain('\nfour\n::endgroup::\n');
});

test('the response of a deployment that failed is shown and kept, too', async () => {
  blue().model = container(500, 'application/json', '{"message":"no such column"}');
  const seen = await step({ inputs: { ...INPUTS, 'show-response': 'true' } });

  expect(String(responseFile(seen))).toBe('{"message":"no such column"}');
  expect(seen.stdout).toContain('::group::Response: 28 bytes, application/json\n');
});

test('the log says that there is no response', async () => {
  azure.setFault('scoring', { kind: 'reset' });
  const { log, outputs } = await step({ inputs: { ...INPUTS, 'show-response': 'true', 'warm-up': '0s' } });

  expect(log).toContain('There is no response to show.');
  expect(outputs['response-file'] ?? '').toBe('');
});
