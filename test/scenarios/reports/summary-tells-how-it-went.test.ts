import { expect, test } from 'vitest';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { step } = await openScenario();

test('the summary of a step that passed has what was found and measured', async () => {
  const { summary, outputs } = await step({ inputs: { 'sample-request': SAMPLE } });

  expect(summary.replace(/[\d.]+ ms/, 'N ms').split('\n')).toEqual([
    '### ✅ Azure ML endpoint churn-key: passed',
    '',
    '| | |',
    '|---|---|',
    '| Endpoint | churn-key in workspace ws-churn |',
    `| Scoring URI | <code>${outputs['scoring-uri']?.replaceAll(':', '&#58;')}</code> |`,
    '| Auth mode | key, the primary key; keys do not expire |',
    '| Traffic | blue (100 %), green (0 %), broken (0 %) |',
    '| Smoke test | ✅ passed: deployment blue, status 200, N ms |',
    '',
  ]);
});

test('the summary of a deployment that failed says why', async () => {
  const { summary } = await step({ inputs: { 'sample-request': SAMPLE, deployment: 'broken' } });

  expect(summary).toContain('### ❌ Azure ML endpoint churn-key: failed\n');
  expect(summary).toMatch(/\| Smoke test \| ❌ failed: deployment broken, status 424, [\d.]+ ms \|/);
  expect(summary).toMatch(
    /^> \[!CAUTION\]\n> Deployment 'broken' .*An unexpected error occurred in scoring script\./m,
  );
  expect(summary).toContain('<details><summary>The end of the log of container InferenceServer</summary>');
});

test('the summary of a step that came to no test says why', async () => {
  const { summary } = await step({ inputs: { endpoint: 'churn-tokne' } });

  expect(summary).toContain('### ❌ Azure ML endpoint churn-tokne: error\n');
  expect(summary).toContain("Workspace 'ws-churn' has no online endpoint 'churn-tokne'.");
});

test('a summary that is not wanted is not written, however the step ends', async () => {
  const passed = await step({ inputs: { 'sample-request': SAMPLE, summary: 'false' } });
  const failed = await step({ inputs: { endpoint: 'churn-tokne', summary: 'false' } });

  expect([passed.rawSummary, failed.rawSummary]).toEqual(['', '']);
});
