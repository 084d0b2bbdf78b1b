import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startLocalAzure } from '../test/local-azure/index.ts';
import { PROJECT_ROOT } from '../test/runner/node.ts';
import { runStep, type StepResult } from '../test/runner/step.ts';

// Runs the built action against the local Azure as the GitHub runner would, and prints what a person would see.
interface Act {
  readonly title: string;
  readonly endpoint: string;
  readonly sample: string;
  readonly inputs?: Readonly<Record<string, string>>;
}

const ACTS: readonly Act[] = [
  {
    title: 'An endpoint with keys, and a scikit-learn model',
    endpoint: 'churn-key',
    sample: '01-sklearn-data-matrix.json',
  },
  {
    title: 'An endpoint with Azure ML tokens, and an MLflow model',
    endpoint: 'churn-token',
    sample: '03-mlflow-split-sklearn.json',
  },
  {
    title: 'An endpoint with Microsoft Entra tokens, and a TensorFlow Serving model',
    endpoint: 'churn-aad',
    sample: '17-tfserving-instances.json',
  },
  {
    title: 'A deployment whose scoring script raises: the gate is red',
    endpoint: 'churn-key',
    sample: '01-sklearn-data-matrix.json',
    inputs: { deployment: 'broken' },
  },
];

const azure = await startLocalAzure();
try {
  for (const [index, act] of ACTS.entries()) {
    heading(`${index + 1}. ${act.title}`);
    const result = await play(act);
    show(result);
    await result.dispose();
  }
  await azure.settled();
  for (const violation of azure.violations) throw new Error(violation);
} finally {
  await azure.close();
}

function play({ endpoint, sample, inputs }: Act): Promise<StepResult> {
  const workflow: Readonly<Record<string, string>> = {
    endpoint,
    workspace: azure.workspace,
    'resource-group': azure.resourceGroup,
    'sample-request': sample,
    ...inputs,
  };
  console.log('- uses: OWNER/azureml-endpoint-auth@v1\n  with:');
  for (const [name, value] of Object.entries(workflow)) console.log(`    ${name}: ${value}`);
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
    files: { [sample]: readFileSync(join(PROJECT_ROOT, 'test/fixtures/samples', sample)) },
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
