import { expect, test } from 'vitest';
import type { Call, Fault } from '../../local-azure/index.ts';
import { notFoundOnce, refusedOnce } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE, type Seen } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

/** The calls of a step on a deployment whose container's logs are asked for: it fails, but never for the fault. */
const CALLS = [
  'metadata',
  'id-token',
  'sign-in',
  'endpoint',
  'keys',
  'deployments',
  'logs',
  'scoring',
] as const;
const BROKEN = { 'sample-request': SAMPLE, deployment: 'broken' };
const TOKEN = { endpoint: 'churn-token', 'sample-request': SAMPLE };

const once = (status: number, headers: Readonly<Record<string, string>> = {}): Fault => ({
  kind: 'status',
  status,
  headers,
  body: 'upstream connect error',
  times: 1,
});

const EMPTY: Fault = { kind: 'body', body: '', times: 1 };

const FAULTS: readonly (readonly [what: string, fault: Fault])[] = [
  ['a connection that is reset', { kind: 'reset', times: 1 }],
  ['an answer that is cut', { kind: 'truncated', times: 1 }],
  ['500', once(500)],
  ['502', once(502)],
  ['503', once(503)],
  ['504', once(504)],
  ['429 without Retry-After', once(429)],
  ['429 with Retry-After', once(429, { 'Retry-After': '1' })],
];

function expectSurvived({ error, log, outputs }: Seen): void {
  expect(outputs).toMatchObject({ verdict: 'failed', deployment: 'broken', 'status-code': '424' });
  expect(error).toContain("The scoring script's run() failed.");
  expect(log).toContain("AttributeError: 'NoneType' object has no attribute 'predict'");
}

/** The logs of two containers are asked for. */
const usual = (call: Call) => (call === 'logs' ? 2 : 1);

test.each(FAULTS)('%s', async (_, fault) => {
  for (const call of CALLS) azure.setFault(call, fault);
  const seen = await step({ inputs: BROKEN });

  expectSurvived(seen);
  expect(CALLS.map((call) => [call, seen.sent(call).length])).toEqual(
    CALLS.map((call) => [call, usual(call) + 1]),
  );

  azure.setFault('token', fault);
  const token = await step({ inputs: TOKEN });

  expect(token.outputs.verdict).toBe('passed');
  expect(token.sent('token')).toHaveLength(2);

  const { headers } = fault as { readonly headers?: Readonly<Record<string, string>> };
  const waitMs = Number(headers?.['Retry-After'] ?? 0) * 1_000;
  // Timers keep to the millisecond.
  for (const [first, second] of [...CALLS.map((call) => seen.sent(call)), token.sent('token')])
    expect((second?.startedAt ?? 0) - (first?.startedAt ?? 0)).toBeGreaterThan(waitMs - 10);
});

test('a good answer without a body, of every service of Azure', async () => {
  const services = CALLS.filter((call) => call !== 'scoring');
  for (const call of [...services, 'token'] as const) azure.setFault(call, EMPTY);
  const seen = await step({ inputs: BROKEN });
  expectSurvived(seen);
  expect(services.map((call) => [call, seen.sent(call).length])).toEqual(
    services.map((call) => [call, usual(call) + 1]),
  );
  const token = await step({ inputs: TOKEN });
  expect(token.outputs.verdict).toBe('passed');
  expect(token.sent('token')).toHaveLength(2);
});

test('a name server that is too busy', async () => {
  const execArgv = notFoundOnce('EAI_AGAIN', /./);
  const seen = await step({ inputs: BROKEN, execArgv });
  const token = await step({ inputs: TOKEN, execArgv });

  expectSurvived(seen);
  expect(seen.log).toMatch(/^Not ready: EAI_AGAIN\. Next try in .+ left\.$/m);
  expect(token.outputs.verdict).toBe('passed');
});

test('a connection that is refused', async () => {
  const execArgv = refusedOnce();
  const seen = await step({ inputs: BROKEN, execArgv });
  const token = await step({ inputs: TOKEN, execArgv });

  expectSurvived(seen);
  expect(seen.log).toMatch(/^Not ready: ECONNREFUSED\. Next try in .+ left\.$/m);
  expect(token.outputs.verdict).toBe('passed');
  // What is refused never arrives.
  expect(CALLS.map((call) => [call, seen.sent(call).length])).toEqual(
    CALLS.map((call) => [call, usual(call)]),
  );
  for (const { log, exchanges } of [seen, token]) {
    const paths = new Set(exchanges.map(({ url }) => url.slice(new URL(url).origin.length)));
    expect(new Set(log.match(/(?<=^Refused once: ).+$/gm))).toEqual(paths);
  }
});

test('one attempt that hangs', { timeout: 120_000 }, async () => {
  const calls = [...CALLS, 'token'] as const;
  for (const call of calls) azure.setFault(call, { kind: 'hang', times: 1 });
  // Each hang holds up whichever step comes first, and the steps do so at the same time.
  const seen = await Promise.all(
    [TOKEN, TOKEN, BROKEN, BROKEN, BROKEN].map((inputs) => step({ inputs: { ...inputs, timeout: '4s' } })),
  );

  const verdicts = seen.map(({ outputs }) => outputs.verdict);
  expect(verdicts).toEqual(['passed', 'passed', 'failed', 'failed', 'failed']);
  for (const { error } of seen.slice(2)) expect(error).toContain("The scoring script's run() failed.");
  const count = (call: Call) => azure.exchanges.filter((exchange) => exchange.call === call).length;
  expect(Object.fromEntries(calls.map((call) => [call, count(call)]))).toEqual({
    metadata: 6,
    'id-token': 6,
    'sign-in': 6,
    endpoint: 6,
    keys: 4,
    token: 3,
    deployments: 4,
    logs: 7,
    scoring: 6,
  });
});
