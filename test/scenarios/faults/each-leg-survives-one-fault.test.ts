import { expect, test } from 'vitest';
import type { Fault, Leg } from '../../local-azure/index.ts';
import { refusedOnce } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE, type Seen } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

/** The legs of a step on a deployment whose container's logs are asked for: it fails, but never for the fault. */
const LEGS = [
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
const usual = (leg: Leg) => (leg === 'logs' ? 2 : 1);

test.each(FAULTS)('%s', async (_, fault) => {
  for (const leg of LEGS) azure.setFault(leg, fault);
  const seen = await step({ inputs: BROKEN });

  expectSurvived(seen);
  expect(LEGS.map((leg) => [leg, seen.sent(leg).length])).toEqual(LEGS.map((leg) => [leg, usual(leg) + 1]));

  azure.setFault('token', fault);
  const token = await step({ inputs: TOKEN });

  expect(token.outputs.verdict).toBe('passed');
  expect(token.sent('token')).toHaveLength(2);
});

test('a connection that is refused', async () => {
  const execArgv = refusedOnce();
  const seen = await step({ inputs: BROKEN, execArgv });
  const token = await step({ inputs: TOKEN, execArgv });

  expectSurvived(seen);
  expect(seen.log).toMatch(/^Not ready: ECONNREFUSED\. Next try in .+ left\.$/m);
  expect(token.outputs.verdict).toBe('passed');
  // What is refused never arrives.
  expect(LEGS.map((leg) => [leg, seen.sent(leg).length])).toEqual(LEGS.map((leg) => [leg, usual(leg)]));
  for (const { log, exchanges } of [seen, token]) {
    const paths = new Set(exchanges.map(({ url }) => url.slice(new URL(url).origin.length)));
    expect(new Set(log.match(/(?<=^Refused once: ).+$/gm))).toEqual(paths);
  }
});

test('one attempt that hangs', { timeout: 120_000 }, async () => {
  const legs = [...LEGS, 'token'] as const;
  for (const leg of legs) azure.setFault(leg, { kind: 'hang', times: 1 });
  // Each hang holds up whichever step comes first, and the steps do so at the same time.
  const seen = await Promise.all(
    [TOKEN, TOKEN, BROKEN, BROKEN, BROKEN].map((inputs) => step({ inputs: { ...inputs, timeout: '4s' } })),
  );

  const verdicts = seen.map(({ outputs }) => outputs.verdict);
  expect(verdicts).toEqual(['passed', 'passed', 'failed', 'failed', 'failed']);
  for (const { error } of seen.slice(2)) expect(error).toContain("The scoring script's run() failed.");
  const count = (leg: Leg) => azure.exchanges.filter((exchange) => exchange.leg === leg).length;
  expect(Object.fromEntries(legs.map((leg) => [leg, count(leg)]))).toEqual({
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
