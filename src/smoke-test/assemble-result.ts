import type { SmokeTestContext } from './context.ts';
import { deploymentBehind } from './deployments/answered-by.ts';
import type { Chosen } from './deployments/choose.ts';
import { countOf, ofBaseline, ofCandidate, summarizeTimes, type Which } from './measure/latencies.ts';
import type { Measured } from './measure/measure.ts';
import { type Plan, samplesOf } from './plan/plan.ts';
import type { Sample, SmokeTestResult } from './result.ts';
import { type Conclusion, caseResults } from './verdict/conclusion.ts';

/** The result, without what only the whole run knows. */
export async function assembleResult(
  { chosen, endpoint, workspace }: SmokeTestContext,
  plan: Plan,
  { verdict, exchange, suspect, measured, thresholds = [], failures = [], busyRunner }: Conclusion,
): Promise<Omit<SmokeTestResult, 'message' | 'startedAt' | 'seed' | 'warmUp' | 'durationMs'>> {
  const samples = measured?.samples ?? [];
  // A bad verdict is reported with the reply that ended the test or failed first, not with a good one before it.
  const bad = measured?.firstBad.find(({ target }) => target === 'candidate')?.exchange;
  const ended = suspect === 'baseline' ? undefined : exchange;
  const decisive = verdict === 'passed' ? undefined : (bad ?? ended);
  const reply = decisive?.kind === 'reply' ? decisive : measured?.firstReply?.reply;
  return {
    verdict,
    deployment: await deploymentBehind(reply, chosen, endpoint, workspace),
    busyRunner,
    warnings: [...fewerAtOnce(plan, measured), ...unnamedReplies(chosen, samples)],
    baselineDeployment: chosen.baseline?.name,
    samplesPerCase: plan.samples,
    openLoop: openLoopOf(plan, samples),
    loopDelayMs: measured?.loopDelay?.mean,
    concurrency: concurrencyOf(plan),
    connectMs: measured?.connectMs ?? exchange?.connectMs,
    cases: caseResults(plan, samples, failures),
    thresholds,
    samples,
    latency: summarizeTimes(samples, 'latencyMs', ofCandidate),
    baselineLatency: summarizeTimes(samples, 'latencyMs', ofBaseline),
    statusCode: reply?.status,
  };
}

/** With fewer requests than workers, some workers have nothing to do. */
function concurrencyOf(plan: Plan): number {
  return Math.min(plan.concurrency, Math.max(...plan.cases.map((each) => samplesOf(plan, each))));
}

function openLoopOf({ rate }: Plan, samples: readonly Sample[]): SmokeTestResult['openLoop'] {
  if (rate === undefined) return undefined;
  const waits = samples.map(({ waitedMs }) => waitedMs).filter((ms) => ms !== undefined);
  return { ...rate, waited: waits.length, longestWaitMs: waits.reduce((most, ms) => Math.max(most, ms), 0) };
}

/** A warning when the answers were so long that not as many requests could be under way as were asked for. */
function fewerAtOnce(plan: Plan, measured: Measured | undefined): readonly string[] {
  if (measured === undefined || measured.stoppedBy !== undefined) return [];
  const { mostUnderWay, leastPlaces } = measured;
  const why = `The answers are so long that only ${mostUnderWay} requests ran at once`;
  const held = 'at most 256 MiB of answers are kept in memory.';
  if (plan.rate !== undefined)
    return mostUnderWay >= leastPlaces && leastPlaces < plan.concurrency
      ? [`${why}, and others had to wait: ${held}`]
      : [];
  const asked = concurrencyOf(plan);
  return mostUnderWay >= asked ? [] : [`${why} instead of ${asked}: ${held}`];
}

/** A warning when usable replies do not say that they are of the deployment that was asked for. */
function unnamedReplies({ candidate }: Chosen, samples: readonly Sample[]): readonly string[] {
  const isAnswered: Which = (each) => ofCandidate(each) && each.outcome !== 'unanswered';
  const answered = countOf(samples, isAnswered);
  const unnamed = countOf(samples, (each) => each.deployment === undefined && isAnswered(each));
  if (candidate === undefined || unnamed === 0) return [];
  return [
    `${unnamed === answered ? 'No answer says' : `${unnamed} of ${answered} answers do not say`} which deployment gave it: the header azureml-model-deployment is missing. Deployment '${candidate.name}' was asked for, but nothing proves that it answered. A gateway in front of the endpoint may drop the header.`,
  ];
}
