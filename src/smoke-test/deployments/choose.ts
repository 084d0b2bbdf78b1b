import { isSameName } from '../../azure/naming-rules.ts';
import type { Deployment, Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/calls.ts';
import { quote } from '../../secrets/untrusted.ts';
import { nearestFirst } from '../../text/did-you-mean.ts';
import { Failure } from '../../text/failure.ts';
import type { DeploymentChoice, Plan, Thresholds } from '../plan/plan.ts';
import { describeDeployments, liveOf, shareOf } from './traffic.ts';

/** In the place of a baseline's name: whatever serves most. */
const LIVE = 'live';

/** The deployments that requests are sent to. */
export interface Chosen {
  /** The deployment under test. Undefined: traffic decides, and Resource Manager is not asked. */
  readonly candidate: Deployment | undefined;
  /** The deployment that the candidate is compared with. */
  readonly baseline: Deployment | undefined;
  /** All deployments of the endpoint, where Resource Manager was asked. */
  readonly listed?: readonly Deployment[];
  /** What a person should know of the choice. */
  readonly note?: string;
}

/**
 * Chooses the candidate and the baseline as the plan says.
 * @throws ServiceError; Failure that lists the deployments when a name is unknown, or not exactly one is idle
 */
export async function chooseDeployments(
  workspace: Workspace,
  endpoint: Endpoint,
  {
    deployment,
    thresholds,
  }: Pick<Plan, 'deployment'> & { readonly thresholds: Pick<Thresholds, 'baseline'> },
): Promise<Chosen> {
  const asked = thresholds.baseline;
  const baseline = asked?.from === 'deployment' ? asked.deployment : undefined;
  if (deployment.kind === 'traffic' && baseline === undefined)
    return { candidate: undefined, baseline: undefined };
  const deployments = await workspace.deployments();
  const { candidate, note } = chooseCandidate(endpoint, deployments, deployment);
  const chosen = { candidate, baseline: chooseBaseline(endpoint, deployments, baseline, candidate) };
  refuseComparisonWithItself(endpoint, chosen);
  return { ...chosen, listed: deployments, ...(note === undefined ? {} : { note }) };
}

/** @param name of the baseline, or `live`: whatever serves most, other than the candidate */
function chooseBaseline(
  endpoint: Endpoint,
  deployments: readonly Deployment[],
  name: string | undefined,
  candidate: Deployment | undefined,
): Deployment | undefined {
  if (name !== LIVE) return name === undefined ? undefined : findByName(endpoint, deployments, name);
  const others = deployments.filter((each) => each.name !== candidate?.name);
  const live = liveOf(
    endpoint,
    others.map((each) => each.name),
  );
  if (live !== undefined) return others.find((each) => each.name === live);
  const but = candidate === undefined ? '' : ` other than '${candidate.name}'`;
  throw new Failure(
    `baseline: live means the deployment with the most live traffic, and endpoint '${endpoint.address.name}' has none${but}. ${describeDeployments(
      endpoint,
      deployments.map((each) => each.name),
    )} Name the deployment to compare with.`,
  );
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
): Pick<Chosen, 'candidate' | 'note'> {
  switch (choice.kind) {
    case 'traffic':
      return { candidate: undefined };
    case 'named':
      return { candidate: findByName(endpoint, deployments, choice.name) };
    case 'idle':
      return findIdle(endpoint, deployments);
  }
}

function findByName(endpoint: Endpoint, deployments: readonly Deployment[], name: string): Deployment {
  // Azure compares names without case.
  const found = deployments.find((deployment) => isSameName(deployment.name, name));
  if (found !== undefined) return found;
  const names = nearestFirst(
    name,
    deployments.map((deployment) => deployment.name),
  );
  throw new Failure(
    `Endpoint '${endpoint.address.name}' has no deployment '${name}'. ${describeDeployments(endpoint, names)}`,
  );
}

/** States of a deployment, in lower case, that nobody means when one without traffic is to be tested. */
const LOST: ReadonlySet<string> = new Set(['failed', 'deleting']);

/** A deployment that gets mirrored requests only is idle: they are copies, and nobody gets its replies. */
function findIdle(
  endpoint: Endpoint,
  deployments: readonly Deployment[],
): Pick<Chosen, 'candidate' | 'note'> {
  const without = deployments.filter(({ name }) => shareOf(endpoint, name) === 0);
  const [only] = without;
  if (without.length === 1) return { candidate: only };
  const lost = without.filter(({ provisioningState }) => LOST.has(provisioningState.toLowerCase()));
  const left = without.filter((each) => !lost.includes(each));
  if (left.length === 1) {
    const names = lost.map(({ name, provisioningState }) => `'${name}' (${quote(provisioningState, 40)})`);
    const note = `The idle deployment is '${left[0]!.name}': ${names.join(', ')} ${lost.length === 1 ? 'is' : 'are'} left out.`;
    return { candidate: left[0], note };
  }
  const names = deployments.map(({ name }) => name);
  throw new Failure(
    `deployment: idle means the one deployment with 0 % of the live traffic, and endpoint '${endpoint.address.name}' has ${
      only === undefined ? 'none' : `${without.length} of them`
    }. ${describeDeployments(endpoint, names)} Name the one to test.`,
  );
}
