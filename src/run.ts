import { type Cloud, type CloudChoice, findCloud } from './azure/clouds.ts';
import {
  authModeOf,
  type Credential,
  keepCurrent,
  requireValidity,
  resolveCredential,
} from './azure/credential.ts';
import type { ErrorContext } from './azure/errors/error-context.ts';
import type { Endpoint } from './azure/resource-manager/answers.ts';
import type { Workspace } from './azure/resource-manager/calls.ts';
import { type Azure, signIn } from './azure/sign-in/sign-in.ts';
import { withSubscription } from './azure/sign-in/subscription.ts';
import type { Host } from './hosts/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { ServiceError } from './network/service-error.ts';
import { publishChosen, publishCredential, publishEndpoint, publishRoles } from './outputs.ts';
import { load } from './process/lazy-load.ts';
import { RUNS_UNDICI } from './process/node-version.ts';
import { tellCredential, tellEndpoint } from './report/console.ts';
import type { Outcome, Reports } from './report/reports.ts';
import { testAndReport } from './run-test.ts';
import { quote } from './secrets/untrusted.ts';
import { asksOnce } from './smoke-test/plan/plan.ts';
import type { Prepared } from './smoke-test/prepare.ts';

/**
 * The step: it signs in, finds the endpoint, resolves its credential and emits both, tests the model and reports.
 * Whatever goes wrong becomes one annotation; what was emitted before stays so.
 */
export async function run(host: Host, given: Inputs, reports: Reports): Promise<Outcome> {
  let inputs = given;
  let azure: Azure | undefined;
  reports.know({ endpoint: { address: inputs.endpoint }, deployment: deploymentIn(inputs) });
  try {
    const signingIn = awaitedLater(signInWith(host, inputs));
    const loading = awaitedLater(loadModules(inputs));
    azure = await signingIn;
    const { openWorkspace, summaryOf } = await loading;

    const say = (line: string): void => host.info(line);
    inputs = { ...inputs, endpoint: await withSubscription(inputs.endpoint, azure, say) };
    const workspace = openWorkspace(azure, inputs.endpoint);
    const endpoint = await findEndpoint(workspace, inputs);
    reports.know({ endpoint });
    publishEndpoint(host, endpoint);
    reports.know({ authMode: authModeOf(endpoint) });
    tellEndpoint(host, endpoint);

    const preparing = awaitedLater(prepare(workspace, endpoint, inputs));
    const resolve = resolveCredential.bind(undefined, azure, workspace, endpoint, inputs.key);
    const credential = await resolve();
    publishCredential(host, credential, inputs.outputCredential);
    tellCredential(host, credential);
    requireValidity(credential, inputs.minimumValidityMs, new Date());

    const currentCredential = keepCurrent(credential, resolve);
    const errorContext = errorContextOf(inputs, azure);
    const subject = { workspace, endpoint, credential, currentCredential, errorContext };
    const prepared = await preparing;
    tellChosen(host, endpoint, prepared, inputs);
    const result = await testAndReport(host, { ...prepared, ...subject }, inputs.smokeTest, reports);
    const verdict = result?.verdict ?? 'skipped';
    // A bad verdict stays as it is, whatever becomes of the credential.
    const isGood = verdict === 'passed' || verdict === 'skipped';
    const last =
      isGood && isForLater(inputs) ? await currentCredential(inputs.minimumValidityMs) : credential;
    if (isGood) publishLast(host, inputs, last, credential);
    if (inputs.summary) host.writeSummary(summaryOf(endpoint, last, result, new Date()));
    return { verdict, result };
  } catch (error) {
    const message = await tellFailure(host, inputs, error, errorContextOf(inputs, azure));
    return { verdict: 'error', message };
  }
}

/** What the list of deployments tells, where it was read. */
function tellChosen(host: Host, endpoint: Endpoint, { chosen }: Prepared, { smokeTest }: Inputs): void {
  const { candidate, listed, note } = chosen;
  if (note !== undefined) host.info(note);
  if (listed === undefined) return;
  publishRoles(
    host,
    endpoint,
    listed.map(({ name }) => name),
  );
  if (smokeTest === undefined && candidate !== undefined) publishChosen(host, candidate.name);
}

function deploymentIn({ smokeTest }: Inputs): string | undefined {
  const choice = smokeTest?.plan.deployment;
  return choice?.kind === 'named' ? choice.name : undefined;
}

function signInWith(host: Host, { login, cloud: cloudChoice }: Inputs): Promise<Azure> {
  const cloud = awaitedLater(findCloud(cloudChoice).then((found) => tellCloud(host, cloudChoice, found)));
  return signIn({ settings: login, cloudChoice, cloud, say: (line) => host.info(line) });
}

/** Which hosts get the credentials of the sign-in: a metadata document decided it. */
function tellCloud(host: Host, choice: CloudChoice, cloud: Cloud): Cloud {
  if (choice.kind === 'metadata') {
    const { name, authority, resourceManager } = cloud;
    host.info(
      `Cloud '${quote(name, 60)}': the authority is ${authority}, Resource Manager ${resourceManager}.`,
    );
  }
  return cloud;
}

/** What a step needs once it has signed in. It is loaded while the first requests are under way. */
async function loadModules({ smokeTest }: Inputs) {
  const [workspace, summary] = await Promise.all([
    load(() => import('./azure/resource-manager/calls.ts')),
    load(() => import('./report/summary/summary.ts')),
    load(() => import('./smoke-test/smoke-test.ts')),
  ]);
  if (RUNS_UNDICI && smokeTest !== undefined && !asksOnce(smokeTest.plan))
    awaitedLater(load(() => import('./smoke-test/request/pooled-transport.ts')));
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
async function prepare(
  workspace: Workspace,
  endpoint: Endpoint,
  { smokeTest, findsIdle }: Inputs,
): Promise<Prepared> {
  const { prepareSmokeTest } = await import(/* webpackMode: "eager" */ './smoke-test/prepare.ts');
  return prepareSmokeTest(workspace, endpoint, smokeTest, findsIdle);
}

/** Whether anything after this step depends on the credential. */
function isForLater({ outputCredential, minimumValidityMs }: Inputs): boolean {
  return outputCredential || minimumValidityMs > 0;
}

/** What later steps get is good for as long as was asked for when this step ends, however long it took. */
function publishLast(host: Host, inputs: Inputs, last: Credential, first: Credential): void {
  if (last !== first) {
    publishCredential(host, last, inputs.outputCredential);
    tellCredential(host, last);
  }
  requireValidity(last, inputs.minimumValidityMs, new Date());
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
