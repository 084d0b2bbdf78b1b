import { afterAll, afterEach, expect } from 'vitest';
import {
  type Call,
  type Exchange,
  type LocalAzure,
  type NamedSecret,
  startLocalAzure,
} from '../local-azure/index.ts';
import { valuesOf } from '../runner/file-commands.ts';
import { findLeaks } from '../runner/leaks.ts';
import { runStep, type StepResult } from '../runner/step.ts';

/** A request body that every deployment of the local Azure answers, but for `broken`. */
export const SAMPLE = '{"data": [[1,2,3,4,5,6,7,8,9,10], [10,9,8,7,6,5,4,3,2,1]]}';

/** The inputs of a step that need an Azure, taken away. */
export const NO_AZURE = {
  endpoint: undefined,
  workspace: undefined,
  'resource-group': undefined,
  'subscription-id': undefined,
  'client-id': undefined,
  'tenant-id': undefined,
  cloud: undefined,
};

/** Nothing listens there. */
export const CLOSED_HOST = 'localhost:1';

/** Names of the tokens that each step is given anew. */
const OF_ONE_STEP = /^(?:access token for |token of |ID token$)/;

export interface StepRequest {
  /** Besides the defaults, or in their place; `undefined` takes one away. */
  readonly inputs?: Readonly<Record<string, string | undefined>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** A folder to run in, for what is no plain file; default: a fresh one. */
  readonly workspace?: string;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
  /** What must not show besides the local Azure's own secrets. */
  readonly secrets?: readonly NamedSecret[];
  /** Whether the output `credential` is written again, because the first one expires too soon. */
  readonly renewsCredential?: true;
}

/** What a person and the local Azure saw of one step. */
export interface Seen extends StepResult {
  /** Message of the one error annotation; empty when the step passed. */
  readonly error: string;
  /** The error annotation's title. */
  readonly title: string | undefined;
  /** What the step sent, in the order of its arrival. */
  readonly exchanges: readonly Exchange[];
  sent(call: Call): readonly Exchange[];
}

export interface Scenario {
  readonly azure: LocalAzure;
  /** Runs the built action, and checks what holds for every step. */
  step(request?: StepRequest): Promise<Seen>;
}

/** Starts a local Azure for one test file. It is back at its start before each of the file's tests. */
export async function openScenario(): Promise<Scenario> {
  const azure = await startLocalAzure();
  afterEach(() => azure.reset());
  afterAll(() => azure.close());
  return { azure, step: (request = {}) => step(azure, request) };
}

async function step(azure: LocalAzure, request: StepRequest): Promise<Seen> {
  const before = azure.exchanges.length;
  const issuedBefore = tokensOf(azure).length;
  const inputs = given({
    endpoint: 'churn-key',
    workspace: azure.workspace,
    'resource-group': azure.resourceGroup,
    'subscription-id': azure.subscriptionId,
    'client-id': azure.clientId,
    'tenant-id': azure.tenantId,
    cloud: azure.metadataUrl,
    'ca-certificate': azure.caFile,
    ...request.inputs,
  });
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
    ...request.env,
  };
  const result = await runStep({
    inputs,
    env,
    files: request.files ?? {},
    ...(request.workspace === undefined ? {} : { workspace: request.workspace }),
    ...(request.execArgv === undefined ? {} : { execArgv: request.execArgv }),
  });
  await result.dispose();
  await azure.settled();
  const exchanges = azure.exchanges.slice(before);
  const clientSecret = inputs['client-secret'] ?? '';
  const secrets = [
    ...azure.secrets().filter(({ name }) => !OF_ONE_STEP.test(name)),
    // What an earlier step was given, this one cannot know.
    ...tokensOf(azure).slice(issuedBefore),
    ...(request.secrets ?? []),
    ...(clientSecret === '' ? [] : [{ name: 'client-secret input', value: clientSecret }]),
  ];
  expectSound(request.renewsCredential ? withLastCredential(result) : result, secrets);
  expect(azure.violations).toEqual([]);
  const error = result.annotations.find(({ level }) => level === 'error');
  return {
    ...result,
    error: error?.message ?? '',
    title: error?.properties.title,
    exchanges,
    sent: (call) => exchanges.filter((exchange) => exchange.call === call),
  };
}

function tokensOf(azure: LocalAzure): readonly NamedSecret[] {
  return azure.secrets().filter(({ name }) => OF_ONE_STEP.test(name));
}

/** Without the values of the output `credential` that a later one has replaced. */
function withLastCredential(result: StepResult): StepResult {
  const replaced = valuesOf(result.rawFiles.output, 'credential').slice(0, -1);
  expect(replaced).not.toEqual([]);
  const output = replaced.reduce((rest, value) => rest.replace(value, ''), result.rawFiles.output);
  return { ...result, rawFiles: { ...result.rawFiles, output } };
}

/** What holds for every step, however it ends. */
function expectSound(result: StepResult, secrets: readonly NamedSecret[]): void {
  const { outputs, annotations, log, debugLog, summary, exitCode, conclusion } = result;
  const errors = annotations.filter(({ level }) => level === 'error');
  const good = outputs.verdict === 'passed' || outputs.verdict === 'skipped';

  expect(result.stderr).toBe('');
  expect(['passed', 'failed', 'inconclusive', 'error', 'skipped']).toContain(outputs.verdict);
  expect({ exitCode, conclusion }).toEqual(
    good ? { exitCode: 0, conclusion: 'success' } : { exitCode: 1, conclusion: 'failure' },
  );
  expect(errors.map(({ message }) => message)).toHaveLength(good ? 0 : 1);
  expect(result.failedCommands).toEqual([]);
  expect(result.failedFileCommands).toEqual([]);

  // Which also says whether anything is printed before its mask.
  expect(findLeaks(result, secrets, 'credential' in outputs ? ['credential'] : [])).toEqual([]);
  expect(result.outputsDroppedDownstream).toEqual('credential' in outputs ? ['credential'] : []);

  const shown = [log, debugLog, summary, ...errors.map(({ message }) => message), ...Object.values(outputs)];
  for (const text of shown) expect(text).not.toMatch(/\n\s+at .+:\d+/);
  expect(log).not.toContain('Unexpected input');
}

function given(values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
