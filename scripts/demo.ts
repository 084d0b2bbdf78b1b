import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalAzure } from '../test/local-azure/index.ts';
import { PROJECT_ROOT } from '../test/runner/node.ts';
import { runStep, type StepResult } from '../test/runner/step.ts';

// Runs the built action against the local Azure as the GitHub runner would, and prints what a person would see.
interface Act {
  readonly title: string;
  readonly endpoint: string;
  /** Files of test/fixtures/samples that stand in the workspace. */
  readonly samples: readonly string[];
  readonly inputs: Readonly<Record<string, string>>;
  readonly smokeTestFile?: string;
}

/** Stays when the demo has ended; git ignores it. */
const REPORT_DIRECTORY = join(PROJECT_ROOT, 'reports', 'demo');

const SUMMARY = join(REPORT_DIRECTORY, 'summary.md');

const SMOKE_TEST_FILE = `version: 1
deployment: green            # has no traffic yet
warm-up: 30s
samples: 40
cases:
  - name: two rows
    request: { body: 01-sklearn-data-matrix.json }
    expect:
      json: { "$[0]": { between: [11000, 12000] }, "$[*]": { type: number } }
  - name: half plus two
    request: { body: 17-tfserving-instances.json }
    expect:
      equals: { value: { predictions: [2.5, 3.0, 4.5] }, relative: 0.01 }
thresholds:
  success-rate: 1.0
  p95: 800ms
  baseline: { deployment: blue, p50: 3x }
`;

const SAMPLES = join(PROJECT_ROOT, 'test/fixtures/samples');

const ACTS: readonly Act[] = [
  {
    title: 'An endpoint with keys, and a scikit-learn model',
    endpoint: 'churn-key',
    samples: ['01-sklearn-data-matrix.json'],
    inputs: { 'sample-request': '01-sklearn-data-matrix.json' },
  },
  {
    title: 'An endpoint with Azure ML tokens, and an MLflow model',
    endpoint: 'churn-token',
    samples: ['03-mlflow-split-sklearn.json'],
    inputs: { 'sample-request': '03-mlflow-split-sklearn.json' },
  },
  {
    title: 'An endpoint with Microsoft Entra tokens, and a TensorFlow Serving model',
    endpoint: 'churn-aad',
    samples: ['17-tfserving-instances.json'],
    inputs: { 'sample-request': '17-tfserving-instances.json' },
  },
  {
    title: 'A deployment whose scoring script raises: the gate is red',
    endpoint: 'churn-key',
    samples: ['01-sklearn-data-matrix.json'],
    inputs: { 'sample-request': '01-sklearn-data-matrix.json', deployment: 'broken' },
  },
  {
    title: 'A gate before the traffic shift: two cases, thresholds, and the live deployment as the baseline',
    endpoint: 'churn-key',
    samples: ['01-sklearn-data-matrix.json', '17-tfserving-instances.json'],
    inputs: {
      'smoke-test': 'smoke-test.yml',
      'report-directory': REPORT_DIRECTORY,
      'output-credential': 'false',
    },
    smokeTestFile: SMOKE_TEST_FILE,
  },
];

const azure = await startLocalAzure();
try {
  for (const [index, act] of ACTS.entries()) {
    heading(`${index + 1}. ${act.title}`);
    const result = await play(act);
    show(result);
    if ('report-directory' in act.inputs) writeFileSync(SUMMARY, result.summary);
    await result.dispose();
  }
  console.log(
    `\nWhat the last step left behind:\n  ${join(REPORT_DIRECTORY, 'report.html')}  its report, for a browser\n  ${SUMMARY}   its job summary, as Markdown\n  ${join(REPORT_DIRECTORY, 'junit.xml')}    for CI systems, and report.json beside it for programs`,
  );
  await azure.settled();
  for (const violation of azure.violations) throw new Error(violation);
} finally {
  await azure.close();
}

function play({ endpoint, samples, inputs, smokeTestFile }: Act): Promise<StepResult> {
  const workflow: Readonly<Record<string, string>> = {
    endpoint,
    workspace: azure.workspace,
    'resource-group': azure.resourceGroup,
    ...inputs,
  };
  console.log('- uses: OWNER/azureml-endpoint-auth@v1\n  with:');
  for (const [name, value] of Object.entries(workflow)) console.log(`    ${name}: ${value}`);
  if (smokeTestFile !== undefined) section('smoke-test.yml', smokeTestFile.trimEnd());
  return runStep({
    // Where the local Azure is; in a public cloud none of these is needed but the identity.
    inputs: { ...workflow, cloud: azure.metadataUrl, 'ca-certificate': azure.caFile },
    env: {
      AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
      AZURE_TENANT_ID: azure.tenantId,
      AZURE_CLIENT_ID: azure.clientId,
      ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
    },
    files: {
      ...Object.fromEntries(samples.map((sample) => [sample, readFileSync(join(SAMPLES, sample))])),
      ...(smokeTestFile === undefined ? {} : { 'smoke-test.yml': smokeTestFile }),
    },
  });
}

function show(result: StepResult): void {
  section('log', result.log.trimEnd());
  section(
    'annotations',
    result.annotations
      .map(({ level, message, properties }) => `${level}: ${properties.title ?? ''}\n${message}`)
      .join('\n') || 'none',
  );
  section('outputs', Object.entries(result.outputs).map(shown).join('\n'));
  section('summary', result.summary.trimEnd());
  console.log(`\nThe step ${result.exitCode === 0 ? 'is green' : 'is red'} (exit code ${result.exitCode}).`);
}

/** Outputs are not printed by the runner; a workflow that prints the credential sees its mask. */
function shown([name, value]: readonly [string, string]): string {
  return `${name} = ${name === 'credential' ? '***' : value}`;
}

function heading(text: string): void {
  console.log(`\n${'='.repeat(100)}\n${text}\n${'='.repeat(100)}`);
}

function section(name: string, text: string): void {
  console.log(`\n--- ${name} ${'-'.repeat(Math.max(0, 95 - name.length))}\n${text}`);
}
