import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { Workspace } from '../azure/resource-manager/calls.ts';
import { type Chosen, chooseDeployments } from './deployments/choose.ts';
import { refuseConnectToInClear, refuseInsecureHttp, requireScoringUri } from './request/scoring-uri.ts';
import type { SmokeTestInputs } from './settings.ts';

/** What is known before anything is sent to the endpoint. */
export interface Prepared {
  readonly scoringUri: string;
  readonly chosen: Chosen;
}

/**
 * Checks that requests may be sent to this endpoint, and chooses the deployments to send them to. It needs no
 * credential, so it runs while the credential is fetched.
 * @param settings undefined without a smoke test: only the scoring URI is checked, as it is an output
 * @param findsIdle without a smoke test: the idle deployment is asked for as an output
 * @throws ServiceError, Failure
 */
export async function prepareSmokeTest(
  workspace: Workspace,
  endpoint: Endpoint,
  settings: SmokeTestInputs | undefined,
  findsIdle = false,
): Promise<Prepared> {
  const scoringUri = requireScoringUri(endpoint);
  if (settings !== undefined && !settings.allowInsecureHttp) refuseInsecureHttp(scoringUri);
  if (settings?.connectToIsOfFile) refuseConnectToInClear(scoringUri);
  const asked = settings?.plan ?? withoutTest(findsIdle);
  return { scoringUri, chosen: await chooseDeployments(workspace, endpoint, asked) };
}

function withoutTest(findsIdle: boolean): Parameters<typeof chooseDeployments>[2] {
  return { deployment: { kind: findsIdle ? 'idle' : 'traffic' }, thresholds: { baseline: undefined } };
}
