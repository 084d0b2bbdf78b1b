import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import {
  chatStream,
  container,
  createDeployment,
  goodModel,
  inferenceServer,
  startLocalAzure,
  swaggerDocument,
} from '../local-azure/index.ts';
import { PROJECT_ROOT } from '../runner/node.ts';
import { createSearcher, haystackOf } from '../runner/sightings.ts';
import { startProxy } from '../support/proxy.ts';
import { goProgram, openWorkflows, type ProgramCall, type WorkflowOptions } from './act.ts';
import { type ProgramEnd, runProgram } from './process.ts';

// The recipes of the docs, run as GitHub would run them by act, on the local Azure. `az`, `gh` and the actions of
// others are stand-ins, which act.ts names.

const azure = await startLocalAzure();
const workflows = await openWorkflows(shiftTraffic);
addEndpoints();
afterEach(() => {
  azure.reset();
  addEndpoints();
});
afterAll(async () => {
  workflows.close();
  await azure.close();
});

const RECIPES = globSync('docs/recipes/*.yml', { cwd: PROJECT_ROOT }).map((path) => path.split('/').at(-1)!);
const RAN = new Set<string>();

function addEndpoints(): void {
  const twins = () => new Map(['blue', 'green'].map((name) => [name, createDeployment(name)]));
  const traffic = { blue: 100, green: 0 };
  for (const name of ['churn', 'churn-us']) azure.addEndpoint(name, { traffic, deployments: twins() });
  const described = swaggerDocument('3', {
    input: { type: 'object', example: { input_data: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]] } },
    output: { type: 'array', items: { type: 'number' }, example: [1.5] },
  });
  const logged = createDeployment('blue', { model: inferenceServer(() => [2.5], described) });
  azure.addEndpoint('churn-mlflow', { traffic: { blue: 100 }, deployments: new Map([['blue', logged]]) });
  // With a certificate, as an endpoint on Kubernetes should have one.
  const k8s = azure.endpoints.get('churn-k8s')!;
  k8s.scoringUri = k8s.scoringUri!.replace(azure.scoringHttpHost, azure.scoringHost);
  const chat = createDeployment('blue', { model: chatStream({ words: ['Hello', ' there', '.'] }) });
  azure.addEndpoint('assistant', { traffic: { blue: 100 }, deployments: new Map([['blue', chat]]) });
}

const churn = () => azure.endpoints.get('churn')!;

/** What `az ml online-endpoint update --traffic` does in Azure. */
function shiftTraffic({ program, args }: ProgramCall): void {
  const shares = args[args.indexOf('--traffic') + 1];
  if (program !== 'az' || !args.includes('update') || shares === undefined) return;
  churn().traffic = Object.fromEntries(
    shares.split(' ').map((share) => [share.split('=')[0], Number(share.split('=')[1])]),
  );
}

const PASSED = /Job succeeded/;
const FAILED = /Job failed/;

/** Runs a recipe, and holds its log against every secret of the local Azure. */
async function run(recipe: string, options: Partial<WorkflowOptions> = {}): Promise<ProgramEnd> {
  RAN.add(recipe);
  const end = await workflows.run(recipe, {
    variables: {
      AZURE_CLIENT_ID: azure.clientId,
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
    },
    files: { 'certs/private-ca.pem': azure.caPem },
    ...options,
    environment: {
      ARM_CLOUD_METADATA_URL: azure.metadataUrl,
      NODE_EXTRA_CA_CERTS: azure.caFile,
      SSL_CERT_FILE: azure.caFile,
      ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
      ...options.environment,
    },
  });
  await azure.settled();
  const seen = haystackOf(withoutMaskCommands(`${end.stdout}\n${end.stderr}`));
  const found = azure
    .secrets()
    .flatMap(({ name, value }) => createSearcher(value)(seen).map(({ form }) => `${name} as ${form}`));
  expect(found).toEqual([]);
  return end;
}

/** act shows the commands that it obeys, which GitHub does not. */
function withoutMaskCommands(log: string): string {
  return log.replace(/^.*::add-mask::.*$/gm, '');
}

test.each(RECIPES)('%s is a workflow that actionlint finds nothing wrong with', async (recipe) => {
  const text = readFileSync(join(PROJECT_ROOT, 'docs/recipes', recipe), 'utf8');
  // It looks for called workflows where a repository has them.
  const calls = /^ +uses: \.\//m.test(text) ? ['-ignore', 'could not read reusable workflow file'] : [];
  const { exitCode, stdout } = await runProgram(goProgram('actionlint'), ['-no-color', ...calls, '-'], {
    stdin: text,
  });
  expect(stdout).toBe('');
  expect(exitCode).toBe(0);
});

// The programs in the place of others are scripts of a shell that Windows has not.
describe.skipIf(process.platform === 'win32')('act runs', () => {
  test('batch.yml scores every line of a file', async () => {
    const { stdout } = await run('batch.yml');
    expect(stdout).toMatch(PASSED);
    expect(azure.exchanges.filter(({ call }) => call === 'scoring')).toHaveLength(2);
  });

  test('blue-green.yml gives the idle deployment the traffic when it is good, idle and live', async () => {
    const { stdout } = await run('blue-green.yml');
    expect(stdout).toMatch(PASSED);
    expect(churn().traffic).toEqual({ green: 100, blue: 0 });
  });

  test('blue-green.yml shifts nothing when the idle deployment is bad', async () => {
    churn().deployments.get('green')!.model = container(200, 'application/json', '["no"]');
    const before = workflows.calls.length;
    const { stdout } = await run('blue-green.yml');
    expect(stdout).toMatch(FAILED);
    expect(churn().traffic).toEqual({ blue: 100, green: 0 });
    expect(workflows.calls.slice(before)).toEqual([]);
  });

  test('blue-green.yml takes the traffic back when it is bad once it is live', async () => {
    churn().deployments.get('green')!.model = (request) =>
      churn().traffic.green === 100
        ? container(200, 'application/json', '["no"]')(request)
        : goodModel(request);
    const before = workflows.calls.length;
    const { stdout } = await run('blue-green.yml');
    expect(stdout).toMatch(FAILED);
    const shifts = workflows.calls.slice(before).filter(({ args }) => args.includes('update'));
    expect(shifts.map(({ args }) => args.at(-1))).toEqual(['green=100 blue=0', 'blue=100 green=0']);
    expect(churn().traffic).toEqual({ blue: 100, green: 0 });
  });

  test('canary.yml compares with the report of the run before, from the second run on', async () => {
    const first = await run('canary.yml');
    expect(first.stdout).toMatch(PASSED);
    expect(first.stdout).not.toContain('baseline');
    const second = await run('canary.yml');
    expect(second.stdout).toMatch(PASSED);
    expect(second.stdout).toContain('Threshold baseline.p95');
  });

  test('matrix.yml tests each endpoint, and keeps a report of each', async () => {
    const { stdout } = await run('matrix.yml');
    expect(stdout).toMatch(PASSED);
    expect(stdout).not.toMatch(FAILED);
    const reports = readdirSync(join(workflows.kept, 'artifacts')).sort();
    expect(reports).toEqual(['smoke-test-churn', 'smoke-test-churn-us']);
  });

  test('matrix.yml is red when one of them is', async () => {
    const { deployments } = azure.endpoints.get('churn-us')!;
    deployments.get('blue')!.model = container(200, 'application/json', '["no"]');
    // act may end the other job then, although fail-fast is off.
    expect((await run('matrix.yml')).stdout).toMatch(FAILED);
  });

  test('reusable-caller.yml gets the verdict of the workflow that it calls', async () => {
    RAN.add('reusable.yml');
    const { stdout } = await run('reusable-caller.yml');
    expect(stdout).toContain('The gate passed.');
  });

  test.each(['chat-stream.yml', 'golden-set.yml', 'kubernetes.yml', 'mlflow.yml'])(
    '%s passes',
    async (recipe) => {
      const { stdout } = await run(recipe);
      expect(stdout).toMatch(PASSED);
      expect(stdout).toContain('Smoke test passed');
    },
  );

  test('golden-set.yml fails when too many lines are wrong, and names them', async () => {
    churn().deployments.get('blue')!.model = container(200, 'application/json', '[4503.08]');
    const { stdout } = await run('golden-set.yml');
    expect(stdout).toMatch(FAILED);
    expect(stdout).toContain('golden.jsonl:1');
  });

  test('self-hosted.yml goes through the proxy, and trusts the authority of the repository', async () => {
    const proxy = await startProxy();
    const { stdout } = await run('self-hosted.yml', {
      // The input alone makes the authority known.
      environment: { NODE_EXTRA_CA_CERTS: '' },
      variables: {
        AZURE_CLIENT_ID: azure.clientId,
        AZURE_TENANT_ID: azure.tenantId,
        AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
        HTTPS_PROXY: proxy.url,
      },
    });
    expect(stdout).toMatch(PASSED);
    expect(proxy.asked.length).toBeGreaterThan(2);
  });

  test('pull-request-comment.yml says in a comment how it went', async () => {
    const { stdout } = await run('pull-request-comment.yml', { event: 'pull_request' });
    expect(stdout).toMatch(PASSED);
    const { args, read } = workflows.calls.findLast(({ program }) => program === 'gh')!;
    expect(args).toEqual(['pr', 'comment', '7', '--body-file', '-']);
    expect(read).toMatch(/^\*\*Smoke test of `green`: passed\*\*, p95 [\d.]+ ms/);
  });

  test('every recipe was run', () => {
    expect(RECIPES.filter((recipe) => !RAN.has(recipe))).toEqual([]);
  });
});
