import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { defuse } from '../secrets/untrusted.ts';
import { descriptionContextOf, type SmokeTestContext, targetOf } from './context.ts';
import { deploymentBehind } from './deployments/answered-by.ts';
import type { Chosen } from './deployments/choose.ts';
import { awaitDeployments, hasOnlyFailed } from './deployments/provisioning.ts';
import { hasTraffic } from './deployments/traffic.ts';
import { summarizeTimes } from './measure/latencies.ts';
import { type FirstBad, type Measured, measure } from './measure/measure.ts';
import { createProgress } from './measure/progress.ts';
import { excuseRefusedFiller } from './openapi/refused-filler.ts';
import type { ResolvedCases } from './openapi/swagger-cases.ts';
import { isBaselineAdvisory, type Plan } from './plan/plan.ts';
import type { Exchange, Reply } from './request/exchange.ts';
import type { TargetName } from './request/scoring-request.ts';
import { createSender } from './request/sender.ts';
import type { Sample, SmokeTestResult } from './result.ts';
import type { SmokeTestInputs } from './settings.ts';
import { type Conclusion, caseFailures, caseResults, conclude } from './verdict/conclusion.ts';
import { describeExchange, describeMismatches, expectedStatus } from './verdict/description.ts';
import { judgeThresholds } from './verdict/thresholds.ts';
import type { Patience } from './warm-up/back-off.ts';
import { warmUpCases } from './warm-up/warm-up-cases.ts';
import { endBeforeWarmUp, endOfWarmUp } from './warm-up/warm-up-end.ts';

/** The result, with the first measured reply: the only one of which the body is kept. */
export interface SmokeTestEnd {
  readonly result: SmokeTestResult;
  readonly firstReply: Reply | undefined;
  /** The deployment whose containers may say why. */
  readonly suspect: TargetName;
}

/**
 * Waits until the deployment replies, measures it, and judges. Everything that the endpoint does becomes a verdict.
 * @throws ServiceError, Failure when a request to Azure itself fails
 */
export async function smokeTest(context: SmokeTestContext, { plan }: SmokeTestInputs): Promise<SmokeTestEnd> {
  const startedAt = new Date();
  const beganAt = performance.now();
  const sinceStart = () => performance.now() - beganAt;
  const seed = randomInt(2 ** 31);
  const patience = patienceFor(context, plan);
  let warmed = { ms: 0, requests: 0 };
  const finish = async (conclusion: Conclusion, endedBy?: number): Promise<SmokeTestEnd> => ({
    result: {
      ...(await resultOf(context, plan, conclusion)),
      message: messageOf(conclusion),
      startedAt,
      seed,
      warmUp: warmed,
      durationMs: sinceStart(),
      endedBy,
    },
    firstReply: conclusion.measured?.firstReply?.reply,
    suspect: conclusion.suspect ?? 'candidate',
  });

  const { workspace, endpoint, chosen } = context;
  // An advisory baseline decides nothing, in whatever state it is.
  const advisory = isBaselineAdvisory(plan);
  const awaited = advisory ? { ...chosen, baseline: undefined } : chosen;
  const unready = await awaitDeployments(workspace, awaited, patience);
  if (unready !== undefined) return finish(endBeforeWarmUp(context, unready));

  const isHopeless = () => hasOnlyFailed(workspace, endpoint, chosen);
  const [resolved, { judgeReply }] = await Promise.all([
    resolveCases(context, plan, patience, isHopeless),
    import(/* webpackMode: "eager" */ './judge/judge-reply.ts'),
  ]);
  warmed = { ms: sinceStart(), requests: resolved.requests };
  if ('failure' in resolved) return finish(await endOfWarmUp(context, plan, resolved.failure));
  const { cases } = resolved;
  const send = createSender({
    candidate: targetOf(context, plan, 'candidate'),
    baseline: targetOf(context, plan, 'baseline'),
  });
  const warm = await warmUpCases({ ...plan, cases }, send, patience, isHopeless);
  warmed = { ms: sinceStart(), requests: resolved.requests + warm.requests };
  const baselineIsOut = warm.failure?.target === 'baseline' && advisory;
  if (warm.failure !== undefined && !baselineIsOut) {
    const ended = await endOfWarmUp(context, plan, warm.failure);
    const endedBy = warm.failure.case === undefined ? undefined : cases.indexOf(warm.failure.case);
    return finish(excuseRefusedFiller(ended, cases, warm.failure.case), endedBy);
  }
  if (baselineIsOut) context.say(await baselineLeftOut(context, plan, warm.failure));

  const measuredPlan = { ...plan, cases, ...(baselineIsOut ? withoutBaseline(plan) : {}) };
  const measured = await measure(measuredPlan, warm.send, judgeReply, createProgress(context.say));
  const thresholds = judgeThresholds(plan, measured.samples, seed);
  const failures = caseFailures(
    plan,
    measured,
    await describeFirstBad(context, { ...plan, cases }, measured),
  );
  const concluded = conclude(plan, measured, thresholds, failures);
  const checked = await checkReplies(context, plan, measured, concluded);
  const onlyBaseline = failures.length > 0 && failures.every(({ target }) => target === 'baseline');
  const suspect = checked.verdict === 'inconclusive' && onlyBaseline ? 'baseline' : 'candidate';
  return finish(excuseRefusedFiller({ ...checked, measured, thresholds, failures, suspect }, cases));
}

function patienceFor(
  { endpoint, chosen, say }: SmokeTestContext,
  { warmUpMs, warmUpThrough }: Plan,
): Patience {
  return {
    deadline: performance.now() + warmUpMs,
    now: () => performance.now(),
    sleep: (ms) => sleep(ms),
    random: Math.random,
    say,
    through: warmUpThrough,
    hasRoute: chosen.candidate !== undefined || hasTraffic(endpoint),
  };
}

function messageOf({ message, verdict, suspect }: Conclusion): string | undefined {
  if (suspect !== 'baseline' || verdict !== 'inconclusive') return message;
  return `${message ?? ''}\nIt is the baseline: this says nothing about the deployment under test.`;
}

/** The cases, with the OpenAPI document's example for those whose request is `swagger`. */
async function resolveCases(
  context: SmokeTestContext,
  plan: Plan,
  patience: Patience,
  isHopeless: () => Promise<boolean>,
): Promise<ResolvedCases> {
  if (!plan.cases.some(({ request }) => request.body.kind === 'swagger')) {
    return { cases: plan.cases, requests: 0 };
  }
  const { resolveSwagger } = await import('./openapi/swagger-cases.ts');
  const about = descriptionContextOf(context, plan, 'candidate');
  return resolveSwagger(plan.cases, {
    endpoint: context.endpoint,
    target: targetOf(context, plan, 'candidate'),
    patience,
    describe: (exchange) => describeExchange(exchange, about),
    isHopeless,
  });
}

/** The description of each first bad request, for a person. */
async function describeFirstBad(
  context: SmokeTestContext,
  plan: Plan,
  { firstBad }: Measured,
): Promise<ReadonlyMap<FirstBad, string>> {
  const described = new Map<FirstBad, string>();
  for (const bad of firstBad) {
    const { exchange, judgement, target, caseIndex } = bad;
    const about = descriptionContextOf(context, plan, target);
    const text =
      judgement.mismatches.length > 0
        ? describeMismatches(judgement, exchange, about.addressee, plan.cases[caseIndex]?.expect.schema?.hint)
        : `${await describeExchange(exchange, about)}${expectedStatus(exchange, plan.cases[caseIndex])}`;
    described.set(bad, text);
  }
  return described;
}

/** Runs the user's own script on each case's first good reply, which may turn a verdict of `passed` into another one. */
async function checkReplies(
  { scoringUri, chosen, endpoint, workspace }: SmokeTestContext,
  { cases, check, timeoutMs }: Plan,
  { goodReplies }: Measured,
  concluded: Pick<Conclusion, 'verdict' | 'message'>,
): Promise<Pick<Conclusion, 'verdict' | 'message'>> {
  if (check === undefined || concluded.verdict !== 'passed') return concluded;
  const { runResponseCheck } = await import('./judge/response-check.ts');
  for (const [index, { name }] of cases.entries()) {
    const reply = goodReplies.get(index);
    if (reply === undefined) continue;
    const failure = await runResponseCheck({
      script: check.script,
      body: reply.body,
      environment: process.env,
      answered: {
        caseName: name,
        scoringUri,
        deployment: await deploymentBehind(reply, chosen, endpoint, workspace),
        statusCode: reply.status,
        latencyMs: reply.latencyMs,
      },
      timeoutMs,
    });
    if (failure === undefined) continue;
    const { verdict, wanted, got } = failure;
    const where = cases.length > 1 ? `Case '${name}': ` : '';
    return { verdict, message: `${where}response-check wanted ${wanted}, got ${defuse(got)}` };
  }
  return concluded;
}

function withoutBaseline({ thresholds }: Plan): Pick<Plan, 'thresholds'> {
  return { thresholds: { ...thresholds, baseline: undefined } };
}

/** A line of the log: the test goes on without its advisory baseline. */
async function baselineLeftOut(
  context: SmokeTestContext,
  plan: Plan,
  { exchange }: { readonly exchange: Exchange },
): Promise<string> {
  const seen = await describeExchange(exchange, descriptionContextOf(context, plan, 'baseline'));
  return `The test goes on without its baseline, which is only advisory: ${seen}`;
}

/** The result, without what only the whole run knows. */
async function resultOf(
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
    concurrency: Math.min(plan.concurrency, plan.samples),
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
