import { quote } from '../../secrets/untrusted.ts';
import { formatDuration, formatWait } from '../../text/format.ts';
import { words } from '../../text/words.ts';
import { descriptionContextOf, type SmokeTestContext } from '../context.ts';
import type { Unready } from '../deployments/provisioning.ts';
import type { Plan } from '../plan/plan.ts';
import { badVerdictOn, type Conclusion } from '../verdict/conclusion.ts';
import { describeExchange, expectedStatus } from '../verdict/description.ts';
import { rowOf } from '../verdict/status-table.ts';
import type { WarmUpFailure } from './warm-up-cases.ts';

/** The conclusion when Azure has not made a deployment, so that no request was sent. */
export function endBeforeWarmUp(
  { endpoint }: SmokeTestContext,
  { target, name, state, outOfTime }: Unready,
): Conclusion {
  const who = `Deployment '${name}' of endpoint '${endpoint.address.name}'`;
  return outOfTime
    ? {
        suspect: target,
        verdict: 'inconclusive',
        message: `${who} is still ${quote(state, 40)} at the end of the warm-up. Wait longer with ${words.input('warm-up')}.`,
      }
    : {
        suspect: target,
        verdict: badVerdictOn(target),
        message: `${who} has the provisioning state ${quote(state, 40)}: it will never answer. Its logs say why.`,
      };
}

/** The conclusion when no usable reply came, so that nothing was measured. */
export async function endOfWarmUp(
  context: SmokeTestContext,
  plan: Plan,
  failure: WarmUpFailure,
): Promise<Conclusion> {
  const { exchange, how, target } = failure;
  const described = await describeExchange(exchange, descriptionContextOf(context, plan, target));
  const seen = `${described}${expectedStatus(exchange, failure.case)}`;
  const name = plan.cases.length > 1 ? failure.case?.name : undefined;
  if (how === 'hopeless') {
    const message = `Every deployment of endpoint '${context.endpoint.address.name}' that has traffic has failed in Azure: it will never answer. Its logs say why. The first answer: ${seen}`;
    return { verdict: 'failed', message, exchange };
  }
  if (how === 'out-of-time') {
    const { warmUpMs } = plan;
    // Whole seconds are shown as they were written: `0 s` and not `0.0 s`.
    const limit = warmUpMs % 1_000 === 0 ? formatDuration(warmUpMs) : formatWait(warmUpMs);
    const message = `No usable answer${name === undefined ? '' : ` to case '${name}'`} within the warm-up of ${limit}. The last: ${seen}`;
    return { verdict: rowOf(exchange).lasting ?? 'inconclusive', message, exchange, suspect: target };
  }
  const verdict = rowOf(exchange).warmUp === 'failed' ? badVerdictOn(target) : 'error';
  const message = `${name === undefined ? '' : `Case '${name}', warming up: `}${seen}`;
  return { verdict, message, exchange, suspect: target };
}
