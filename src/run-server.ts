import type { ErrorContext } from './azure/errors/error-context.ts';
import type { Endpoint } from './azure/resource-manager/answers.ts';
import type { Workspace } from './azure/resource-manager/calls.ts';
import type { Host } from './hosts/host.ts';
import type { ServerInputs } from './inputs/inputs.ts';
import type { Server } from './inputs/server.ts';
import type { Outcome, Reports } from './report/reports.ts';
import { type TestSubject, testAndReport } from './run-test.ts';
import { Failure } from './text/failure.ts';

/**
 * The step without Azure: it tests a server, such as a container on this machine, and reports. Nobody signs in, and
 * the outputs about an endpoint stay empty.
 */
export async function runServer(host: Host, inputs: ServerInputs, reports: Reports): Promise<Outcome> {
  const { server, smokeTest, summary } = inputs;
  const endpoint = endpointOf(server);
  reports.know({ endpoint: { address: { name: server.name }, scoringUri: server.url } });
  const errorContext: ErrorContext = { cloud: '', isServer: true };
  host.info(
    `Testing the server ${server.name}: there is no sign-in, and ${server.credential === undefined ? 'no credential is sent' : 'the credential that was given is sent, masked'}.`,
  );
  try {
    const result = await testAndReport(host, subjectOf(server, endpoint, errorContext), smokeTest, reports);
    if (result === undefined) throw new Error('a server is always tested');
    if (summary) {
      const { serverSummary } = await import('./report/summary/summary.ts');
      host.writeSummary(serverSummary(server.url, server.name, result));
    }
    return { verdict: result.verdict, result };
  } catch (error) {
    const [{ explain }, { failureSummary }] = await Promise.all([
      import('./azure/errors/explain.ts'),
      import('./report/summary/summary.ts'),
    ]);
    const message = explain(error, errorContext);
    host.error(message);
    if (summary) host.writeSummary(failureSummary(server.name, message));
    return { verdict: 'error', message };
  }
}

function subjectOf({ url, credential }: Server, endpoint: Endpoint, errorContext: ErrorContext): TestSubject {
  const sent = credential === undefined ? undefined : { mode: '' as const, secret: credential };
  return {
    workspace: NO_WORKSPACE,
    endpoint,
    isServer: true,
    scoringUri: url,
    chosen: { candidate: undefined, baseline: undefined },
    credential: sent,
    currentCredential: async () => sent,
    errorContext,
  };
}

/** All that is known of the server: where it is, and where its inference server has its OpenAPI document. */
function endpointOf({ url, name }: Server): Endpoint {
  return {
    address: { name, workspace: '', resourceGroup: '', subscriptionId: '' },
    id: '',
    authMode: '',
    scoringUri: url,
    swaggerUri: new URL('/swagger.json', url).href,
    location: '',
    provisioningState: '',
    traffic: {},
  };
}

async function nothing(): Promise<never> {
  throw new Failure('There is no workspace of Azure behind this server.');
}

/** Nobody knows anything of the server but itself. */
const NO_WORKSPACE: Workspace = {
  endpoint: nothing,
  endpointNames: nothing,
  keys: nothing,
  token: nothing,
  deployments: nothing,
  deployment: nothing,
  logs: nothing,
};
