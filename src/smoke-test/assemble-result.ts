import type { SmokeTestContext } from './context.ts';
import { deploymentBehind } from './deployments/answered-by.ts';
import type { Chosen } from './deployments/choose.ts';
import { summarizeTimes } from './measure/latencies.ts';
import { type Plan, samplesOf } from './plan/plan.ts';
import type { TargetName } from './request/scoring-request.ts';
import type { Sample, SmokeTestResult } from './result.ts';
import { type Conclusion, caseResults } from './verdict/conclusion.ts';

/** The result, without what only the whole run knows. */
export async function assembleResult(
  { chosen, endpoint, workspace }: SmokeTestContext,
  plan: Plan,
  { verdict, exchange, suspect, measured, thresholds = [], failures = [] }: Conclusion,
): Promise<Omit<SmokeTestResult, 'message' | 'startedAt' | 'seed' | 'warmUp' | 'durationMs'>> {
  const samples = measured?.samples ?? [];
  const latencyOf = (name: TargetName) =>
    summarizeTimes(
      samples.filter(({ target }) => target === name),
      'latencyMs',
    );
  // A bad verdict is reported with the reply that ended the test or failed first, not with a good one before it.
  const bad = measured?.firstBad.find(({ target }) => target === 'candidate')?.exchange;
  const ended = suspect === 'baseline' ? undefined : exchange;
  const decisive = verdict === 'passed' ? undefined : (bad ?? ended);
  const reply = decisive?.kind === 'reply' ? decisive : measured?.firstReply?.reply;
  return {
    verdict,
    deployment: await deploymentBehind(reply, chosen, endpoint, workspace),
    warnings: unnamedReplies(chosen, samples),
    baselineDeployment: chosen.baseline?.name,
    samplesPerCase: plan.samples,
    // With fewer requests than workers, some workers have nothing to do.
    concurrency: Math.min(plan.concurrency, Math.max(...plan.cases.map((each) => samplesOf(plan, each)))),
    connectMs: measured?.connectMs ?? exchange?.connectMs,
    cases: caseResults(plan, samples, failures),
    thresholds,
    samples,
    latency: latencyOf('candidate'),
    baselineLatency: latencyOf('baseline'),
    statusCode: reply?.status,
  };
}

/** A warning when usable replies do not say that they are of the deployment that was asked for. */
function unnamedReplies({ candidate }: Chosen, samples: readonly Sample[]): readonly string[] {
  const answered = samples.filter(
    ({ target, outcome }) => target === 'candidate' && outcome !== 'unanswered',
  );
  const unnamed = answered.filter(({ deployment }) => deployment === undefined).length;
  if (candidate === undefined || unnamed === 0) return [];
  return [
    `${unnamed === answered.length ? 'No answer says' : `${unnamed} of ${answered.length} answers do not say`} which deployment gave it: the header azureml-model-deployment is missing. Deployment '${candidate.name}' was asked for, and it is not proven that it answered. A gateway before the endpoint may drop the header.`,
  ];
}
