import { expect, test } from 'vitest';
import { onceWarned } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

const SWITCHES = {
  RUNNER_DEBUG: '1',
  ACTIONS_STEP_DEBUG: 'true',
  AZURE_LOG_LEVEL: 'verbose',
  AZURE_HTTP_USER_AGENT: 'tests',
  DEBUG: '*',
  NODE_DEBUG: 'http,https,tls,net,child_process,stream,timer',
  NODE_OPTIONS: '--trace-warnings --trace-deprecation --trace-uncaught --stack-trace-limit=50',
};

// That stderr is empty and that nothing leaks, in the debug log too, is checked after every step.
test.each(['churn-key', 'churn-token', 'churn-aad'])('nothing shows when %s passes', async (endpoint) => {
  const { outputs } = await step({
    inputs: {
      endpoint,
      'sample-request': SAMPLE,
      'client-secret': azure.clientSecret,
      'show-response': 'true',
    },
    env: SWITCHES,
  });

  expect(outputs.verdict).toBe('passed');
});

test('nothing shows when the model fails, and its containers are asked why', async () => {
  const { outputs, sent } = await step({
    inputs: { 'sample-request': SAMPLE, deployment: 'broken', 'report-directory': 'reports' },
    env: SWITCHES,
  });

  expect(outputs.verdict).toBe('failed');
  expect(sent('logs').length).toBeGreaterThan(0);
});

test.each([
  ['sign-in', { kind: 'status', status: 401, body: '{"error":"invalid_client"}' }],
  ['keys', { kind: 'reset' }],
] as const)('nothing shows when %s fails', async (call, fault) => {
  azure.setFault(call, fault);
  const { outputs } = await step({ env: SWITCHES });

  expect(outputs.verdict).toBe('error');
});

test('a warning of Node itself goes to the debug log', async () => {
  const { debugLog, outputs } = await step({
    execArgv: onceWarned('a warning of some module'),
    env: { ...SWITCHES, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  });

  expect(outputs.verdict).toBe('skipped');
  expect(debugLog).toContain('a warning of some module');
});

test.each([{ AZURE_LOG_LEVEL: 'verbose' }, { DEBUG: '*' }, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }])(
  'nothing shows with %o alone, without the debug log',
  async (env) => {
    const { outputs } = await step({ inputs: { 'sample-request': SAMPLE }, env });

    expect(outputs.verdict).toBe('passed');
  },
);
