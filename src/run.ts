import { findCloud } from './azure/clouds.ts';
import { authModeOf, requireValidity, resolveCredential } from './azure/credential.ts';
import type { ErrorContext } from './azure/errors/error-context.ts';
import type { Endpoint } from './azure/resource-manager/answers.ts';
import type { Workspace } from './azure/resource-manager/calls.ts';
import { type Azure, signIn } from './azure/sign-in/sign-in.ts';
import type { Host } from './hosts/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { ServiceError } from './network/service-error.ts';
import { publishCredential, publishEndpoint, publishResult } from './outputs.ts';
import { load } from './process/lazy-load.ts';
import {
  showResponse,
  tellCredential,
  tellEndpoint,
  tellResult,
  warnOfByteOrderMarks,
  warnOfUnsentLines,
} from './report/console.ts';
import type { Outcome, Reports } from './report/reports.ts';
import { writeResponseFile } from './report/response-file.ts';
import type { SmokeTestContext } from './smoke-test/context.ts';
import type { Prepared } from './smoke-test/prepare.ts';
import type { SmokeTestResult } from './smoke-test/result.ts';
import type { SmokeTestInputs } from './smoke-test/settings.ts';

type TestSubject = Omit<SmokeTestContext, 'say'>;

/**
 * The step: it signs in, finds the endpoint, resolves its credential and emits both, tests the model and reports.
 * Whatever goes wrong becomes one annotation; what was emitted before stays so.
 */
export async function run(host: Host, inputs: Inputs, reports: Reports): Promise<Outcome> {
  let azure: Azure | undefined;
  reports.know({ endpoint: { address: inputs.endpoint }, deployment: deploymentIn(inputs) });
  try {
    const signingIn = awaitedLater(signInWith(host, inputs));
    const loading = awaitedLater(loadModules());
    azure = await signingIn;
    const { openWorkspace, summaryOf } = await loading;

    const workspace = openWorkspace(azure, inputs.endpoint);
    const endpoint = await findEndpoint(workspace, inputs);
    reports.know({ endpoint });
    publishEndpoint(host, endpoint);
    reports.know({ authMode: authModeOf(endpoint) });
    tellEndpoint(host, endpoint);

    const preparing = awaitedLater(prepare(workspace, endpoint, inputs));
    const credential = await resolveCredential(azure, workspace, endpoint, inputs.key);
    publishCredential(host, credential, inputs.outputCredential);
    tellCredential(host, credential);
    requireValidity(credential, inputs.minimumValidityMs, new Date());

    const errorContext = errorContextOf(inputs, azure);
    const context = { ...(await preparing), workspace, endpoint, credential, errorContext };
    const result = await testAndReport(host, context, inputs.smokeTest);
    if (inputs.summary) host.writeSummary(summaryOf(endpoint, credential, result, new Date()));
    return { verdict: result?.verdict ?? 'skipped', result };
  } catch (error) {
    const message = await tellFailure(host, inputs, error, errorContextOf(inputs, azure));
    return { verdict: 'error', message };
  }
}

function deploymentIn({ smokeTest }: Inputs): string | undefined {
  const choice = smokeTest?.plan.deployment;
  return choice?.kind === 'named' ? choice.name : undefined;
}

function signInWith(host: Host, { login, cloud: cloudChoice }: Inputs): Promise<Azure> {
  const cloud = awaitedLater(findCloud(cloudChoice));
  return signIn({ settings: login, cloudChoice, cloud }, (line) => host.info(line));
}

/** What every step needs once it has signed in. It is loaded while the first requests are under way. */
async function loadModules() {
  const [workspace, summary] = await Promise.all([
    load(() => import('./azure/resource-manager/calls.ts')),
    load(() => import('./report/summary/summary.ts')),
    load(() => import('./smoke-test/smoke-test.ts')),
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
  const { prepareSmokeTest } = await import(/* webpackMode: "eager" */ './smoke-test/prepare.ts');
  return prepareSmokeTest(workspace, endpoint, smokeTest);
}

/** Tests the endpoint, then tells everyone: outputs, log and annotation, and what its containers say. */
async function testAndReport(
  host: Host,
  subject: TestSubject,
  inputs: SmokeTestInputs | undefined,
): Promise<SmokeTestResult | undefined> {
  if (inputs === undefined) {
    host.info('No smoke test was asked for.');
    return undefined;
  }
  const { smokeTest } = await import('./smoke-test/smoke-test.ts');
  warnOfUnsentLines(host, inputs.plan);
  warnOfByteOrderMarks(host, inputs.plan);
  const end = await smokeTest({ ...subject, say: (line) => host.info(line) }, inputs);
  const { result, firstReply } = end;

  publishResult(host, result, await writeResponseFile(host, firstReply));
  if (inputs.showResponse) showResponse(host, firstReply);
  tellResult(host, subject.endpoint.address.name, result);
  if (result.verdict !== 'passed') {
    const { showContainerLogs } = await import('./report/container-logs.ts');
    await showContainerLogs(host, subject, end, inputs.logsOnFailure);
  }
  return result;
}

async function tellFailure(
  host: Host,
  inputs: Inputs,
  error: unknown,
  errorContext: ErrorContext,
): Promise<string> {
  const [{ explain }, { failureSummary }] = await Promise.all([
    import('./azure/errors/explain.ts'),
    import('./report/summary/summary.ts'),
  ]);
  const message = explain(error, errorContext);
  host.error(message);
  if (inputs.summary) host.writeSummary(failureSummary(inputs.endpoint.name, message));
  return message;
}

function errorContextOf({ cloud, login, endpoint }: Inputs, azure: Azure | undefined): ErrorContext {
  const { clientId, tenantId } = login;
  return {
    cloud: azure?.cloud.name ?? (cloud.kind === 'known' ? cloud.name : cloud.url),
    ...(clientId === undefined ? {} : { clientId }),
    ...(tenantId === undefined ? {} : { tenantId }),
    endpoint,
    ...azure?.errorContext(),
  };
}

/** Until a promise is awaited, its rejection would end the process as a stray error. */
function awaitedLater<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
