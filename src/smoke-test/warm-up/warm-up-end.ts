import { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { formatDuration } from '../../text/format.ts';
import { contextOf, type End, type SmokeTestContext } from '../context.ts';
import { awaitDeployment, shareOf } from '../deployments/choose.ts';
import type { TargetName } from '../measure/measure.ts';
import type { Plan } from '../plan/plan.ts';
import { describeExchange, wantedStatus } from '../verdict/description.ts';
import { rowOf, type Verdict } from '../verdict/status-table.ts';
import { formatWait, type Patience } from './warm-up.ts';
import type { Warmed } from './warm-up-cases.ts';

/** The exchange with which the warm-up ended before anything was measured. */
export type Ended = NonNullable<Warmed['ended']>;

/** Waits for what Azure is still making. */
export async function awaitDeployments(
  { workspace, endpoint, chosen }: SmokeTestContext,
  patience: Patience,
): Promise<End | undefined> {
  for (const suspect of ['candidate', 'baseline'] as const) {
    const deployment = chosen[suspect];
    if (deployment === undefined) continue;
    const readiness = await awaitDeployment(workspace, deployment, patience);
    if (readiness.ready) continue;
    const who = `Deployment '${deployment.name}' of endpoint '${endpoint.address.name}'`;
    return readiness.outOfTime
      ? {
          suspect,
          verdict: 'inconclusive',
          message: `${who} is still ${quote(readiness.state, 40)} at the end of the warm-up. Wait longer with 'warm-up'.`,
        }
      : {
          suspect,
          verdict: failedBy(suspect),
          message: `${who} has the provisioning state ${quote(readiness.state, 40)}: it will never answer. Its logs say why.`,
        };
  }
  return undefined;
}

/**
 * Where traffic decides, Resource Manager is asked only when the first answer is not usable: whether every
 * deployment with traffic has failed, which no waiting mends.
 */
export async function hasOnlyFailed({ workspace, endpoint, chosen }: SmokeTestContext): Promise<boolean> {
  if (chosen.candidate !== undefined) return false;
  try {
    const live = (await workspace.deployments()).filter(({ name }) => shareOf(endpoint, name) > 0);
    return live.length > 0 && live.every(({ provisioningState }) => /^failed$/i.test(provisioningState));
  } catch (error) {
    // Who may not list deployments waits; scoring itself needs no such right.
    if (error instanceof ServiceError || error instanceof Failure) return false;
    throw error;
  }
}

export async function endOfWarmUp(subject: SmokeTestContext, plan: Plan, ended: Ended): Promise<End> {
  const { exchange, how, target } = ended;
  const described = await describeExchange(exchange, contextOf(subject, plan, target));
  const seen = `${described}${wantedStatus(exchange, ended.case)}`;
  const name = plan.cases.length > 1 ? ended.case?.name : undefined;
  const { warmUp: meaning } = rowOf(exchange);
  if (how === 'hopeless') {
    const message = `Every deployment of endpoint '${subject.endpoint.address.name}' that has traffic has failed in Azure: it will never answer. Its logs say why. The first answer: ${seen}`;
    return { verdict: 'failed', message, exchange };
  }
  if (how === 'out-of-time') {
    const { warmUpMs } = plan;
    // As it is written: `0 s`, and not `0.0 s`.
    const limit = warmUpMs % 1_000 === 0 ? formatDuration(warmUpMs) : formatWait(warmUpMs);
    const message = `No usable answer${name === undefined ? '' : ` to case '${name}'`} within the warm-up of ${limit}. The last: ${seen}`;
    return { verdict: 'inconclusive', message, exchange, suspect: target };
  }
  const verdict = meaning === 'failed' ? failedBy(target) : 'error';
  const message = `${name === undefined ? '' : `Case '${name}', warming up: `}${seen}`;
  return { verdict, message, exchange, suspect: target };
}

/** A baseline that fails says nothing about the candidate. */
function failedBy(target: TargetName): Verdict {
  return target === 'candidate' ? 'failed' : 'inconclusive';
}
