import type { Deployment, Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/calls.ts';
import { nearestFirst } from '../../text/did-you-mean.ts';
import { Failure } from '../../text/failure.ts';
import type { DeploymentChoice, Plan } from '../plan/plan.ts';
import { describeDeployments, shareOf } from './traffic.ts';

/** The deployments that requests are sent to. */
export interface Chosen {
  /** The deployment under test. Undefined: traffic decides, and Resource Manager is not asked. */
  readonly candidate: Deployment | undefined;
  /** The deployment that the candidate is compared with. */
  readonly baseline: Deployment | undefined;
}

/**
 * Chooses the candidate and the baseline as the plan says.
 * @throws ServiceError; Failure that lists the deployments when a name is unknown, or not exactly one is idle
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
    candidate: chooseCandidate(endpoint, deployments, deployment),
    baseline: baseline === undefined ? undefined : findByName(endpoint, deployments, baseline),
  };
  refuseComparisonWithItself(endpoint, chosen);
  return chosen;
}

/**
 * A deployment that is compared with itself is never slower, so the comparison would prove nothing. Where traffic
 * decides who answers, every reply of the baseline to a request of the candidate's draws the ratio towards 1.
 */
function refuseComparisonWithItself(endpoint: Endpoint, { candidate, baseline }: Chosen): void {
  if (baseline === undefined) return;
  const share = shareOf(endpoint, baseline.name);
  if (candidate === undefined && share > 0) {
    throw new Failure(
      `The baseline '${baseline.name}' has ${share === 100 ? 'all' : `${share} %`} of the live traffic, and the test goes wherever traffic goes: it would be compared with itself. Name the deployment to test.`,
    );
  }
  if (candidate?.name === baseline.name) {
    throw new Failure(
      `The baseline '${baseline.name}' is the deployment under test: it would be compared with itself. Name another one.`,
    );
  }
}

function chooseCandidate(
  endpoint: Endpoint,
  deployments: readonly Deployment[],
  choice: DeploymentChoice,
): Deployment | undefined {
  switch (choice.kind) {
    case 'traffic':
      return undefined;
    case 'named':
      return findByName(endpoint, deployments, choice.name);
    case 'idle':
      return findIdle(endpoint, deployments);
  }
}

function findByName(endpoint: Endpoint, deployments: readonly Deployment[], name: string): Deployment {
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

/** A deployment that gets mirrored requests only is idle: they are copies, and nobody gets its replies. */
function findIdle(endpoint: Endpoint, deployments: readonly Deployment[]): Deployment {
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
