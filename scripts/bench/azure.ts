import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT, pinnedNode } from '../../test/runner/node.ts';

export const SAMPLE_REQUEST = join(PROJECT_ROOT, 'test/fixtures/samples/01-sklearn-data-matrix.json');

/** The line that the local Azure prints when it stands. */
export interface LocalAzureLine {
  readonly metadataUrl: string;
  readonly caFile: string;
  readonly tenantId: string;
  readonly clientId: string;
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly oidc: { readonly requestUrl: string; readonly requestToken: string };
  readonly endpoints: readonly { readonly name: string; readonly scoringUri: string }[];
}

/** @param args the script's path in the project, and its options */
export async function withLocalAzure<Result>(
  args: readonly string[],
  work: (azure: LocalAzureLine) => Promise<Result>,
): Promise<Result> {
  const [script = '', ...options] = args;
  const child = spawn(pinnedNode(), [join(PROJECT_ROOT, script), ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const lines = createInterface({ input: child.stdout });
    const line = await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      void ended.then(() => reject(new Error('the local Azure did not start')));
    });
    return await work(JSON.parse(line) as LocalAzureLine);
  } finally {
    child.stdin.end();
    await ended;
  }
}

/** What the runner gives a step, its files in `folder`. */
export function stepEnvironment(
  azure: LocalAzureLine,
  folder: string,
  inputs: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const file = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  const all: Readonly<Record<string, string>> = {
    workspace: azure.workspace,
    'resource-group': azure.resourceGroup,
    'subscription-id': azure.subscriptionId,
    'client-id': azure.clientId,
    'tenant-id': azure.tenantId,
    cloud: azure.metadataUrl,
    ...inputs,
  };
  return {
    PATH: process.env.PATH,
    // Everyone trusts the local certificate in the same way, so that it costs all the same.
    NODE_EXTRA_CA_CERTS: azure.caFile,
    ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
    GITHUB_OUTPUT: file('output'),
    GITHUB_STEP_SUMMARY: file('summary'),
    RUNNER_TEMP: folder,
    ...Object.fromEntries(Object.entries(all).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
  };
}
