import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  goodModel,
  json,
  type LocalAzure,
  type Model,
  startLocalAzure,
} from '../../test/local-azure/index.ts';
import { runChild } from '../../test/runner/child.ts';
import { PROJECT_ROOT } from '../../test/runner/node.ts';
import { runStep } from '../../test/runner/step.ts';

/** What a person sees of a gate that is red: on GitHub, and at a terminal of their own. */
export interface RedGate {
  /** Markdown. */
  readonly summary: string;
  /** HTML. */
  readonly report: string;
  /** With the terminal's escape sequences, the command in its first line. */
  readonly terminal: string;
}

const SMOKE_TEST_FILE = `version: 1
deployment: green
samples: 20
cases:
  - name: two rows
    request: { body: two-rows.json }
    expect:
      json: { "$[0]": { between: [11000, 12000] } }
  - name: half plus two
    request: { body: half-plus-two.json }
    expect:
      equals: { value: { predictions: [2.5, 3.0, 4.5] }, relative: 0.01 }
thresholds:
  p95: 200ms
  baseline: { deployment: blue, p50: 1.2x }
`;

const LOGS = {
  InferenceServer: [
    '2026-03-03 20:19:02,398 W [78] root - half-plus-two.onnx: input 0 was cast from float to int',
    '2026-03-03 20:19:02,582 I [78] azmlinfsrv - POST /score 200 181.962ms 37',
    '2026-03-03 20:19:02,811 I [78] azmlinfsrv - POST /score 200 193.118ms 37',
  ],
  StorageInitializer: [
    '2026-03-03 20:17:12 INFO Downloading model churn:8',
    '2026-03-03 20:17:31 INFO Downloading model half-plus-two:3',
    '2026-03-03 20:17:40 INFO Done',
  ],
};

const PROGRAM = join(PROJECT_ROOT, 'build/packages/command-line/index.js');

const SAMPLES = join(PROJECT_ROOT, 'test/fixtures/samples');

const FILES = {
  'smoke-test.yml': SMOKE_TEST_FILE,
  'two-rows.json': readFileSync(join(SAMPLES, '01-sklearn-data-matrix.json'), 'utf8'),
  'half-plus-two.json': readFileSync(join(SAMPLES, '17-tfserving-instances.json'), 'utf8'),
};

/** Runs the built step twice: the deployment under test is slower than the live one, and wrong in one case. */
export async function redGate(): Promise<RedGate> {
  if (!existsSync(PROGRAM)) throw new Error('There is no command line to run: npm run package makes it.');
  const azure = await startLocalAzure();
  try {
    const { deployments, traffic } = azure.endpoints.get('churn-key')!;
    deployments.delete('broken');
    delete traffic.broken;
    deployments.get('green')!.logs = LOGS;
    deployments.get('blue')!.model = taking(
      (turn) => 76 + 6 * (turn % 7) + (turn % 19 === 0 ? 70 : 0),
      goodModel,
    );
    deployments.get('green')!.model = taking(
      (turn) => 104 + 12 * (turn % 11) + (turn % 17 === 0 ? 120 : 0),
      wrong,
    );
    const gate = { ...(await onGitHub(azure)), terminal: await atTerminal(azure) };
    await azure.settled();
    return gate;
  } finally {
    await azure.close();
  }
}

/** Answers after a time that depends on how many were asked for before. */
function taking(waitMs: (turn: number) => number, model: Model): Model {
  let turn = 0;
  return async (request) => {
    await sleep(waitMs(turn++), undefined, { signal: request.signal });
    return model(request);
  };
}

/** One of its predictions is wrong. */
const wrong: Model = (request) =>
  request.body.includes('"instances"') ? json(200, { predictions: [2, 3, 4.5] }) : goodModel(request);

async function onGitHub(azure: LocalAzure): Promise<Omit<RedGate, 'terminal'>> {
  const step = await runStep({
    inputs: {
      endpoint: 'churn-key',
      workspace: azure.workspace,
      'resource-group': azure.resourceGroup,
      'smoke-test': 'smoke-test.yml',
      'report-directory': 'reports',
      cloud: azure.metadataUrl,
      'ca-certificate': azure.caFile,
    },
    env: {
      AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_CLIENT_ID: azure.clientId,
      ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
    },
    files: FILES,
  });
  const report = step.changedFiles['workspace/reports/report.html'];
  await step.dispose();
  if (report === undefined) throw new Error(`The step wrote no report:\n${step.log}`);
  return { summary: step.summary, report: Buffer.from(report).toString('utf8') };
}

async function atTerminal(azure: LocalAzure): Promise<string> {
  const args = `test smoke-test.yml -e churn-key -w ${azure.workspace} -g ${azure.resourceGroup} --logs-on-failure 3`;
  const folder = mkdtempSync(join(tmpdir(), 'red-gate-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  try {
    const { stdout } = await runChild({
      // It gives the program a terminal.
      executable: 'script',
      args: ['-qec', `stty cols 110; '${process.execPath}' '${PROGRAM}' ${args} `, '/dev/null'],
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: folder,
        LANG: 'C.UTF-8',
        TERM: 'xterm-256color',
        // Where the local Azure is; in a public cloud neither of the first two is needed.
        ARM_CLOUD_METADATA_URL: azure.metadataUrl,
        NODE_EXTRA_CA_CERTS: azure.caFile,
        AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
        AZURE_TENANT_ID: azure.tenantId,
        AZURE_CLIENT_ID: azure.clientId,
        AZURE_CLIENT_SECRET: azure.clientSecret,
      },
      timeoutMs: 60_000,
    });
    return `$ azureml-endpoint ${args}\n${stdout}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
