import type { Deployment, Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/workspace.ts';
import { quote } from '../../secrets/untrusted.ts';
import { nearestFirst } from '../../text/did-you-mean.ts';
import { Failure } from '../../text/failure.ts';
import type { DeploymentChoice, Plan } from '../plan/plan.ts';
import { type Patience, pause } from '../warm-up/warm-up.ts';

/** States that pass by themselves. */
const IN_THE_MAKING = /^(?:creating|updating|scaling)$/i;

/** The deployments that a test asks, found before anything is sent. */
export interface Chosen {
  /** Undefined: traffic decides, and Resource Manager is not asked. */
  readonly candidate: Deployment | undefined;
  readonly baseline: Deployment | undefined;
}

/**
 * The deployments that the plan names.
 * @throws ServiceError; Failure that lists the deployments when there is none of a name, or no single idle one
 */
export async function chooseDeployments(
  workspace: Workspace,
  endpoint: Endpoint,
  { deployment, thresholds }: Plan,
): Promise<Chosen> {
  const baseline = thresholds.baseline?.deployment;
  if (deployment.kind === 'traffic' && baseline === undefined)
    return { candidate: undefined, baseline: undefined };
  const deployments = await workspace.deployments();
  const chosen = {
    candidate: choose(endpoint, deployments, deployment),
    baseline: baseline === undefined ? undefined : named(endpoint, deployments, baseline),
  };
  requireTwo(endpoint, chosen);
  return chosen;
}

/** Who is compared with itself is never slower. */
function requireTwo(endpoint: Endpoint, { candidate, baseline }: Chosen): void {
  if (baseline === undefined) return;
  if (candidate === undefined && shareOf(endpoint, baseline.name) === 100) {
    throw new Failure(
      `The baseline '${baseline.name}' has all of the live traffic, and the test goes wherever traffic goes: it would be compared with itself. Name the deployment to test.`,
    );
  }
  if (candidate?.name === baseline.name) {
    throw new Failure(
      `The baseline '${baseline.name}' is the deployment under test: it would be compared with itself. Name another one.`,
    );
  }
}

function choose(
  endpoint: Endpoint,
  deployments: readonly Deployment[],
  choice: DeploymentChoice,
): Deployment | undefined {
  switch (choice.kind) {
    case 'traffic':
      return undefined;
    case 'named':
      return named(endpoint, deployments, choice.name);
    case 'idle':
      return idle(endpoint, deployments);
  }
}

function named(endpoint: Endpoint, deployments: readonly Deployment[], name: string): Deployment {
  // Azure compares names without case.
  const found = deployments.find((deployment) => deployment.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = nearestFirst(
    name,
    deployments.map((deployment) => deployment.name),
  );
  throw new Failure(
    `Endpoint '${endpoint.address.name}' has no deployment '${name}'. ${describeDeployments(endpoint, names)}`,
  );
}

/** Mirrored requests are copies: who gets them serves nobody. */
function idle(endpoint: Endpoint, deployments: readonly Deployment[]): Deployment {
  const without = deployments.filter(({ name }) => shareOf(endpoint, name) === 0);
  const [only] = without;
  if (only !== undefined && without.length === 1) return only;
  const names = deployments.map(({ name }) => name);
  throw new Failure(
    `deployment: idle means the one deployment with 0 % of the live traffic, and endpoint '${endpoint.address.name}' has ${
      only === undefined ? 'none' : `${without.length} of them`
    }. ${describeDeployments(endpoint, names)} Name the one to test.`,
  );
}

/** Percentage of the live traffic; Azure compares names without case. */
export function shareOf({ traffic }: Endpoint, name: string): number {
  const wanted = name.toLowerCase();
  return Object.entries(traffic).find(([deployment]) => deployment.toLowerCase() === wanted)?.[1] ?? 0;
}

/** `It has: blue (100 %), green (0 %).` */
export function describeDeployments(endpoint: Endpoint, names: readonly string[]): string {
  if (names.length === 0) return 'It has none at all.';
  return `It has: ${names.map((name) => `${quote(name, 60)} (${shareOf(endpoint, name)} %)`).join(', ')}.`;
}

/** Whether a deployment can be asked, or why it never will be. */
export type Readiness =
  | { readonly ready: true }
  | { readonly ready: false; readonly state: string; readonly outOfTime: boolean };

/**
 * Waits while Azure makes the deployment; asks Resource Manager again with the warm-up's back-off.
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
  // Succeeded, or a state that Azure may add: then scoring shows whether it answers.
  return /^(?:failed|canceled|deleting)$/i.test(state)
    ? { ready: false, state, outOfTime: false }
    : { ready: true };
}
