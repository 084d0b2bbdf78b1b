import { expect, test } from 'vitest';
import { endpointIdOf } from '../../support/azure.ts';
import { openScenario, SAMPLE } from '../../support/scenario.ts';

const { azure, step } = await openScenario();

test('the endpoint is found by name, its primary key is emitted, and it is tested', async () => {
  const { log, outputs, masks, summary, changedFiles } = await step({ inputs: { 'sample-request': SAMPLE } });

  const {
    'latency-ms': latencyMs,
    'latency-p95-ms': latencyP95Ms,
    'response-file': responseFile = '',
    ...others
  } = outputs;
  expect(Number(latencyMs)).toBeGreaterThan(0);
  expect(latencyP95Ms).toBe(latencyMs);
  const [answer] = Object.entries(changedFiles).filter(([name]) => responseFile.endsWith(`/${name}`));
  expect(JSON.parse(Buffer.from(answer?.[1] ?? []).toString())).toHaveLength(2);
  const id = endpointIdOf(azure, 'churn-key');
  const { keys } = azure.endpoints.get('churn-key') ?? {};
  expect(others).toEqual({
    'endpoint-id': id,
    'live-deployment': 'blue',
    // Two deployments have no traffic.
    'idle-deployment': '',
    location: 'westeurope',
    traffic: '{"blue":100,"green":0,"broken":0}',
    'scoring-uri': `${azure.scoringHost}/api/v1/endpoint/churn-key/score`,
    'swagger-uri': `${azure.scoringHost}/api/v1/endpoint/churn-key/swagger.json`,
    'auth-mode': 'key',
    credential: keys?.primary,
    'expiry-time-utc': '',
    'refresh-after-time-utc': '',
    'expires-on': '',
    deployment: 'blue',
    'status-code': '200',
    verdict: 'passed',
  });
  expect(masks).toEqual(expect.arrayContaining([keys?.primary, keys?.secondary]));
  expect(log.split('\n').map((line) => line.replace(/[\d.]+ ms/, 'N ms'))).toEqual([
    "Signing in with oidc: GitHub's ID-token service is there, and client and tenant are known.",
    expect.stringMatching(
      /^Cloud 'LocalAzure': the authority is https:\/\/localhost:\d+, Resource Manager https:\/\/localhost:\d+\.$/,
    ),
    "Endpoint 'churn-key' in westeurope: auth mode key, blue (100 %), green (0 %), broken (0 %)",
    'Credential: the primary key, masked. Keys do not expire.',
    "Smoke test passed: Deployment 'blue' answered 200 in N ms.",
  ]);
  expect(summary).toContain('Azure ML endpoint churn-key: passed');
});
