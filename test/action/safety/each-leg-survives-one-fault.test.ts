import { expect, it } from 'vitest';
import type { Fault, Leg } from '../../local-azure/index.ts';
import { openScenario, SAMPLE } from '../scenario.ts';

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

/** `onScoring`: whether the warm-up takes it for something that passes by itself. */
const FAULTS: readonly (readonly [what: string, fault: Fault, onScoring: boolean])[] = [
  ['a connection that is reset', { kind: 'reset', times: 1 }, true],
  ['an answer that is cut', { kind: 'truncated', times: 1 }, true],
  ['500', once(500), false],
  ['502', once(502), false],
  ['503', once(503), true],
  ['504', once(504), false],
  ['429 without Retry-After', once(429), true],
  ['429 with Retry-After', once(429, { 'Retry-After': '1' }), true],
];

it.each(FAULTS)('%s', async (_, fault, onScoring) => {
  const legs: readonly Leg[] = LEGS.filter((leg) => leg !== 'scoring' || onScoring);
  for (const leg of legs) azure.setFault(leg, fault);
  const { error, log, outputs, sent } = await step({ inputs: BROKEN });

  expect(outputs).toMatchObject({ verdict: 'failed', deployment: 'broken', 'status-code': '424' });
  expect(error).toContain("The scoring script's run() failed.");
  expect(log).toContain("AttributeError: 'NoneType' object has no attribute 'predict'");
  // The logs of two containers are asked for.
  const usual = (leg: Leg) => (leg === 'logs' ? 2 : 1);
  expect(legs.map((leg) => [leg, sent(leg).length])).toEqual(legs.map((leg) => [leg, usual(leg) + 1]));

  azure.setFault('token', fault);
  const token = await step({ inputs: TOKEN });

  expect(token.outputs.verdict).toBe('passed');
  expect(token.sent('token')).toHaveLength(2);
});

it('one attempt that hangs', { timeout: 120_000 }, async () => {
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
