import { expect, test } from 'vitest';
import { json } from '../../../local-azure/index.ts';
import { byTurn, waiting } from '../../../support/models.ts';
import { runFile, serve } from '../../../support/run-smoke-test-file.ts';
import { openScenario } from '../../../support/scenario.ts';

const scenario = await openScenario();

test('the log has a line every few seconds, never one for each request', async () => {
  const slow = waiting(200);
  serve(
    scenario,
    'blue',
    byTurn((turn, request) => (turn % 10 === 0 ? json(500, {}) : slow(request))),
  );
  const text = `version: 1
samples: 50
cases: [{ name: rows, request: { json: { data: [[1]] } } }]
thresholds: { success-rate: 50% }
`;
  const { outputs, log, report } = await runFile(scenario, text);

  expect(outputs.verdict).toBe('passed');
  expect(report.measurements).toHaveLength(50);
  const lines = log.split('\n');
  const progress = lines.filter((line) =>
    /^\d+ of 50 requests done, p50 \d+ ms lately, \d+ did not pass\.$/.test(line),
  );
  expect(progress.length).toBeGreaterThanOrEqual(1);
  expect(lines.length).toBeLessThan(15);
  const done = progress.map((line) => Number.parseInt(line, 10));
  expect(done).toEqual(done.toSorted((a, b) => a - b));
});
