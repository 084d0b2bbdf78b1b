import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defuse } from '../secrets/untrusted.ts';
import { contextOf, type End, requestSender, type SmokeTestContext, targetOf } from './context.ts';
import { summarizeTimes } from './measure/latencies.ts';
import { type FirstBad, type Measured, measure, type TargetName } from './measure/measure.ts';
import { createProgress } from './measure/progress.ts';
import type { ResolvedCases } from './openapi/openapi-cases.ts';
import type { Plan } from './plan/plan.ts';
import type { Reply } from './request/score.ts';
import type { SmokeTestResult } from './result.ts';
import type { SmokeTestInputs } from './settings.ts';
import { caseFailures, caseResults, conclude } from './verdict/conclusion.ts';
import { describeExchange, describeMismatches, wantedStatus } from './verdict/description.ts';
import { judgeThresholds } from './verdict/thresholds.ts';
import type { Patience } from './warm-up/warm-up.ts';
import { warmUpCases } from './warm-up/warm-up-cases.ts';
import { awaitDeployments, endOfWarmUp, hasOnlyFailed } from './warm-up/warm-up-end.ts';

/** The result, and the first measured answer, which alone is kept whole. */
export interface SmokeTestEnd {
  readonly result: SmokeTestResult;
  readonly firstReply: Reply | undefined;
  /** Whose containers may say why. */
  readonly suspect: TargetName;
}

/**
 * Waits until the deployment answers, measures it, and judges. Whatever the endpoint does becomes a verdict.
 * @throws ServiceError, Failure when Azure itself cannot be asked
 */
export async function smokeTest(subject: SmokeTestContext, { plan }: SmokeTestInputs): Promise<SmokeTestEnd> {
  const startedAt = new Date();
  const beganAt = performance.now();
  const sinceStart = () => performance.now() - beganAt;
  const seed = randomInt(2 ** 31);
  const patience = patienceFor(plan, subject.say);
  let warmed = { ms: 0, requests: 0 };
  const finish = (end: End): SmokeTestEnd => ({
    result: {
      ...assemble(subject, plan, end),
      message: messageOf(end),
      startedAt,
      seed,
      warmUp: warmed,
      durationMs: sinceStart(),
    },
    firstReply: end.measured?.firstReply?.answer,
    suspect: end.suspect ?? 'candidate',
  });

  const unready = await awaitDeployments(subject, patience);
  if (unready !== undefined) return finish(unready);

  const [resolved, { mismatches }] = await Promise.all([
    resolveCases(subject, plan, patience),
    import(/* webpackMode: "eager" */ './judge/expectations.ts'),
  ]);
  warmed = { ms: sinceStart(), requests: resolved.requests };
  if ('ended' in resolved) return finish(await endOfWarmUp(subject, plan, resolved.ended));
  const { cases } = resolved;
  const ask = requestSender(subject, plan);
  const warm = await warmUpCases({ ...plan, cases }, ask, patience, () => hasOnlyFailed(subject));
  warmed = { ms: sinceStart(), requests: resolved.requests + warm.requests };
  if (warm.ended !== undefined) return finish(await endOfWarmUp(subject, plan, warm.ended));

  const measured = await measure({ ...plan, cases }, warm.ask, mismatches, createProgress(subject.say));
  const thresholds = judgeThresholds(plan, measured.samples, seed);
  const failures = caseFailures(plan, measured, await describeBad(subject, plan, measured));
  const concluded = conclude(plan, measured, thresholds, failures);
  const checked = await checkFirstAnswer(subject, plan, measured, concluded);
  const onlyBaseline = failures.length > 0 && failures.every(({ target }) => target === 'baseline');
  const suspect = checked.verdict === 'inconclusive' && onlyBaseline ? 'baseline' : 'candidate';
  return finish({ ...checked, measured, thresholds, failures, suspect });
}

function patienceFor({ warmUpMs }: Plan, say: (line: string) => void): Patience {
  return {
    deadline: performance.now() + warmUpMs,
    now: () => performance.now(),
    sleep: (ms) => sleep(ms),
    random: Math.random,
    say,
  };
}

function messageOf({ message, verdict, suspect }: End): string | undefined {
  if (suspect !== 'baseline' || verdict !== 'inconclusive') return message;
  return `${message ?? ''}\nIt is the baseline: this says nothing about the deployment under test.`;
}

/** The cases with the OpenAPI document's example in its place. */
async function resolveCases(
  subject: SmokeTestContext,
  plan: Plan,
  patience: Patience,
): Promise<ResolvedCases> {
  if (!plan.cases.some(({ request }) => request.body.kind === 'swagger')) {
    return { cases: plan.cases, requests: 0 };
  }
  const { resolveSwagger } = await import('./openapi/openapi-cases.ts');
  const context = contextOf(subject, plan, 'candidate');
  return resolveSwagger(plan.cases, {
    endpoint: subject.endpoint,
    target: targetOf(subject, plan, 'candidate'),
    patience,
    describe: (exchange) => describeExchange(exchange, context),
    isHopeless: () => hasOnlyFailed(subject),
  });
}

async function describeBad(
  subject: SmokeTestContext,
  plan: Plan,
  { firstBad }: Measured,
): Promise<ReadonlyMap<FirstBad, string>> {
  const seen = new Map<FirstBad, string>();
  for (const bad of firstBad) {
    const context = contextOf(subject, plan, bad.target);
    const description =
      bad.examined.mismatches.length > 0
        ? describeMismatches(bad.examined, bad.exchange, context.asked)
        : `${await describeExchange(bad.exchange, context)}${wantedStatus(bad.exchange, plan.cases[bad.caseIndex])}`;
    seen.set(bad, description);
  }
  return seen;
}

/** The user's own script has the last word on a verdict that would be good. */
async function checkFirstAnswer(
  { scoringUri }: SmokeTestContext,
  { check, timeoutMs }: Plan,
  { firstReply: firstAnswer }: Measured,
  concluded: Pick<End, 'verdict' | 'message'>,
): Promise<Pick<End, 'verdict' | 'message'>> {
  if (check === undefined || firstAnswer === undefined || concluded.verdict !== 'passed') return concluded;
  const { runResponseCheck } = await import('./judge/response-check.ts');
  const { answer } = firstAnswer;
  const failure = await runResponseCheck({
    script: check.script,
    body: answer.body,
    environment: process.env,
    answered: {
      scoringUri,
      deployment: answer.headers['azureml-model-deployment'],
      statusCode: answer.status,
      latencyMs: answer.latencyMs,
    },
    timeoutMs,
  });
  if (failure === undefined) return concluded;
  const { verdict, wanted, got } = failure;
  return { verdict, message: `response-check wanted ${wanted}, got ${defuse(got)}` };
}

/** Everything but what only the whole run knows. */
function assemble(
  { chosen }: SmokeTestContext,
  plan: Plan,
  { verdict, exchange, suspect, measured, thresholds = [], failures = [] }: End,
): Omit<SmokeTestResult, 'message' | 'startedAt' | 'seed' | 'warmUp' | 'durationMs'> {
  const measurements = measured?.samples ?? [];
  const latencyOf = (name: TargetName) =>
    summarizeTimes(
      measurements.filter(({ target }) => target === name),
      'latencyMs',
    );
  // What ended the test or failed first says more than a good answer before it.
  const bad = measured?.firstBad.find(({ target }) => target === 'candidate')?.exchange;
  const ended = suspect === 'baseline' ? undefined : exchange;
  const decisive = verdict === 'passed' ? undefined : (bad ?? ended);
  const answer = decisive?.kind === 'reply' ? decisive : measured?.firstReply?.answer;
  return {
    verdict,
    deployment: answer?.headers['azureml-model-deployment'] ?? chosen.candidate?.name,
    baselineDeployment: chosen.baseline?.name,
    samplesPerCase: plan.samples,
    // More workers than requests have nothing to do.
    concurrency: Math.min(plan.concurrency, plan.samples),
    connectMs: measured?.connectMs ?? exchange?.connectMs,
    cases: caseResults(plan, measurements, failures),
    thresholds,
    samples: measurements,
    latency: latencyOf('candidate'),
    baselineLatency: latencyOf('baseline'),
    statusCode: answer?.status,
  };
}
