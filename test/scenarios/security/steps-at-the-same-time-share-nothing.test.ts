import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { json } from '../../local-azure/index.ts';
import { openScenario } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const shared = await mkdtemp(path.join(tmpdir(), 'same-job-'));
afterAll(() => rm(shared, { recursive: true, force: true }));
const ENDPOINTS = ['churn-key', 'churn-token', 'churn-aad'];

test.each([2, 8])('%i steps on one machine share nothing', async (count) => {
  for (const name of ENDPOINTS) {
    for (const deployment of azure.endpoints.get(name)!.deployments.values()) {
      deployment.maxConcurrentRequestsPerInstance = 100;
      deployment.model = ({ body, deployment: by, endpoint }) =>
        json(200, { ...(JSON.parse(body.toString()) as object), by, endpoint });
    }
  }
  const steps = Array.from({ length: count }, (_, number) => {
    const endpoint = ENDPOINTS[number % ENDPOINTS.length]!;
    const deployment = number % 2 === 0 ? 'blue' : 'green';
    return { number, endpoint, deployment };
  });
  const seen = await Promise.all(
    steps.map(({ number, endpoint, deployment }) =>
      step({
        inputs: {
          endpoint,
          deployment,
          key: number % 2 === 0 ? 'primary' : 'secondary',
          'sample-request': JSON.stringify({ number }),
          'expected-response': 'expected.json',
          'report-directory': path.join(shared, `${count}-${number}`),
        },
        files: { 'expected.json': JSON.stringify({ number, by: deployment, endpoint }) },
        env: { RUNNER_TEMP: shared, TMPDIR: shared },
      }),
    ),
  );

  for (const [number, { outputs, summary }] of seen.entries()) {
    const { endpoint, deployment } = steps[number]!;
    expect(outputs).toMatchObject({ verdict: 'passed', deployment, 'status-code': '200' });
    expect(outputs['scoring-uri']).toContain(`/${endpoint}/`);
    if (endpoint === 'churn-key') {
      const { primary, secondary } = azure.endpoints.get(endpoint)!.keys;
      expect(outputs.credential).toBe(number % 2 === 0 ? primary : secondary);
    }
    expect(summary).toContain(`Azure ML endpoint ${endpoint}: passed`);
    const answer = JSON.parse(await readFile(outputs['response-file'] ?? '', 'utf8'));
    expect(answer).toEqual({ number, by: deployment, endpoint });
    const report = JSON.parse(await readFile(outputs['report-file'] ?? '', 'utf8'));
    expect(report).toMatchObject({ verdict: 'passed', deployment });
  }
  expect(new Set(seen.map(({ outputs }) => outputs['response-file'])).size).toBe(count);
  expect(azure.exchanges.filter(({ call }) => call === 'scoring')).toHaveLength(count);
});
