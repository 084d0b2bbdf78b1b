import type { Deployment, Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/calls.ts';
import { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import type { TargetName } from '../request/scoring-request.ts';
import { type Patience, pause } from '../warm-up/back-off.ts';
import type { Chosen } from './choose.ts';
import { shareOf } from './traffic.ts';

/** Provisioning states that pass by themselves. */
const IN_THE_MAKING = /^(?:creating|updating|scaling)$/i;

/** Whether a deployment can be sent requests, or why it cannot. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly state: string; readonly outOfTime: boolean };

/** A deployment that did not get ready. */
export interface Unready {
  readonly target: TargetName;
  readonly name: string;
  /** Its provisioning state; remote text. */
  readonly state: string;
  /** Whether it might still get ready after the warm-up. */
  readonly outOfTime: boolean;
}

/**
 * Waits until Azure has made both deployments.
 * @returns the one that does not get ready; undefined when both do
 * @throws ServiceError
 */
export async function awaitDeployments(
  workspace: Workspace,
  chosen: Chosen,
  patience: Patience,
): Promise<Unready | undefined> {
  for (const target of ['candidate', 'baseline'] as const) {
    const deployment = chosen[target];
    if (deployment === undefined) continue;
    const readiness = await awaitDeployment(workspace, deployment, patience);
    if (readiness.ready) continue;
    const { state, outOfTime } = readiness;
    return { target, name: deployment.name, state, outOfTime };
  }
  return undefined;
}

/**
 * Waits while Azure makes one deployment; asks Resource Manager again with the warm-up's back-off.
 * @throws ServiceError
 */
export async function awaitDeployment(
  workspace: Workspace,
  deployment: Deployment,
  patience: Patience,
): Promise<Readiness> {
  let state = deployment.provisioningState;
  for (let attempt = 1; IN_THE_MAKING.test(state); attempt++) {
    const what = `deployment '${quote(deployment.name, 60)}' is ${quote(state, 40)}`;
    if (!(await pause(attempt, what, undefined, patience))) return { ready: false, state, outOfTime: true };
    state = (await workspace.deployment(deployment.name)).provisioningState;
  }
  // Succeeded, or a state that Azure may add later: scoring shows whether it answers.
  return /^(?:failed|canceled|deleting)$/i.test(state)
    ? { ready: false, state, outOfTime: false }
    : { ready: true };
}

/**
 * Whether every deployment with live traffic has failed, so that waiting is useless. Only for a test that goes
 * wherever traffic goes: a deployment that is tested by name has been checked before.
 */
export async function hasOnlyFailed(
  workspace: Workspace,
  endpoint: Endpoint,
  { candidate }: Chosen,
): Promise<boolean> {
  if (candidate !== undefined) return false;
  try {
    const live = (await workspace.deployments()).filter(({ name }) => shareOf(endpoint, name) > 0);
    return live.length > 0 && live.every(({ provisioningState }) => /^failed$/i.test(provisioningState));
  } catch (error) {
    // An identity may score without the right to list deployments: then the warm-up waits.
    if (error instanceof ServiceError || error instanceof Failure) return false;
    throw error;
  }
}
