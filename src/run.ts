import { findCloud } from './azure/clouds.ts';
import {
  authModeOf,
  type Credential,
  isoSeconds,
  requireValidity,
  resolveCredential,
} from './azure/credential.ts';
import type { ErrorContext } from './azure/errors/error-context.ts';
import type { Endpoint } from './azure/resource-manager/answers.ts';
import type { Workspace } from './azure/resource-manager/workspace.ts';
import { type Azure, signIn } from './azure/sign-in/sign-in.ts';
import type { Host } from './hosts/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { ServiceError } from './network/service-error.ts';
import { publishCredential, publishEndpoint } from './outputs.ts';
import { load } from './process/lazy-load.ts';
import { quote } from './secrets/untrusted.ts';
import type { SmokeTestContext } from './smoke-test/context.ts';
import type { Prepared } from './smoke-test/request/scoring-uri.ts';
import { type Outcome, SKIPPED, type SmokeTestResult } from './smoke-test/result.ts';
import type { Verdict } from './smoke-test/verdict/status-table.ts';

/**
 * The step: it signs in, finds the endpoint, resolves its credential and emits both, and asks the model.
 * Whatever goes wrong becomes one annotation; what was found before stays emitted.
 */
export async function run(host: Host, inputs: Inputs): Promise<Verdict> {
  let azure: Azure | undefined;
  try {
    // What the network brings first and what must be loaded for it do not wait for each other.
    const cloud = findCloud(inputs.cloud);
    const signingIn = signIn({ settings: inputs.login, cloudChoice: inputs.cloud, cloud }, (line) =>
      host.info(line),
    );
    const loading = loadModules();
    for (const early of [cloud, signingIn, loading]) early.catch(() => undefined);
    azure = await signingIn;
    const { openWorkspace, describeTraffic, summaryOf } = await loading;

    const workspace = openWorkspace(azure, inputs.endpoint);
    const endpoint = await findEndpoint(workspace, inputs);
    publishEndpoint(host, endpoint);
    host.info(
      `Endpoint '${endpoint.address.name}' in ${quote(endpoint.location, 60)}: auth mode ${authModeOf(endpoint)}, ${quote(describeTraffic(endpoint.traffic))}`,
    );

    const preparing = prepare(workspace, endpoint, inputs);
    preparing.catch(() => undefined);
    const credential = await resolveCredential(azure, workspace, endpoint, inputs.key);
    publishCredential(host, credential, inputs.outputCredential);
    host.info(describe(credential));
    requireValidity(credential, inputs.minimumValidityMs, new Date());

    const prepared = await preparing;
    const { outcome, result } = await test(host, inputs, prepared, {
      workspace,
      endpoint,
      credential,
      situation: situationOf(inputs, azure),
    });
    if (inputs.summary) host.writeSummary(summaryOf(endpoint, credential, outcome, new Date(), result));
    return outcome.verdict;
  } catch (error) {
    await fail(host, inputs, error, situationOf(inputs, azure));
    return 'error';
  }
}

async function loadModules() {
  const [workspace, summary] = await Promise.all([
    load(() => import('./azure/resource-manager/workspace.ts')),
    load(() => import('./report/summary/summary.ts')),
    load(() => import('./report/console.ts')),
  ]);
  return { ...workspace, ...summary };
}

async function findEndpoint(workspace: Workspace, { endpoint }: Inputs): Promise<Endpoint> {
  try {
    return await workspace.endpoint();
  } catch (error) {
    if (!(error instanceof ServiceError) || error.response?.status !== 404) throw error;
    const { endpointNotFound } = await import(
      /* webpackMode: "eager" */ './azure/errors/endpoint-not-found.ts'
    );
    throw await endpointNotFound(workspace, endpoint, error);
  }
}

/** Finds what forbids the test, and which deployments it asks, while the credential is on its way. */
async function prepare(workspace: Workspace, endpoint: Endpoint, { smokeTest }: Inputs): Promise<Prepared> {
  const { prepareSmokeTest, requireScoringUri } = await import(
    /* webpackMode: "eager" */ './smoke-test/request/scoring-uri.ts'
  );
  if (smokeTest !== undefined) return prepareSmokeTest(workspace, endpoint, smokeTest);
  const scoringUri = requireScoringUri(endpoint);
  return { scoringUri, chosen: { candidate: undefined, baseline: undefined } };
}

async function test(
  host: Host,
  { smokeTest }: Inputs,
  prepared: Prepared,
  found: Omit<SmokeTestContext, 'say' | keyof Prepared>,
): Promise<{ readonly outcome: Outcome; readonly result?: SmokeTestResult }> {
  if (smokeTest === undefined) {
    host.info('No smoke test was asked for.');
    return { outcome: SKIPPED };
  }
  const { gate } = await import('./report/console.ts');
  return gate(host, { ...found, ...prepared }, smokeTest);
}

function describe(credential: Credential): string {
  if (credential.mode === 'key')
    return `Credential: the ${credential.which} key, masked. Keys do not expire.`;
  const { expiresOn } = credential;
  const expiry =
    expiresOn === undefined ? 'Azure does not say when it expires' : `expires ${isoSeconds(expiresOn)}`;
  return `Credential: ${credential.mode === 'aml_token' ? 'an endpoint token' : 'an Entra token'}, masked; ${expiry}.`;
}

async function fail(host: Host, inputs: Inputs, error: unknown, situation: ErrorContext): Promise<void> {
  const [{ explain }, { failureSummary }] = await Promise.all([
    import('./azure/errors/explain.ts'),
    import('./report/summary/summary.ts'),
  ]);
  const message = explain(error, situation);
  host.error(message);
  if (inputs.summary) host.writeSummary(failureSummary(inputs.endpoint.name, message));
}

function situationOf({ cloud, login, endpoint }: Inputs, azure: Azure | undefined): ErrorContext {
  const { clientId, tenantId } = login;
  return {
    cloud: azure?.cloud.name ?? (cloud.kind === 'known' ? cloud.name : cloud.url),
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    endpoint,
    ...azure?.errorContext(),
  };
}
