import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { inPieces } from '../process/in-pieces.ts';
import { assembleResult } from './assemble-result.ts';
import { checkReplies } from './check-replies.ts';
import { descriptionContextOf, type SmokeTestContext, targetOf } from './context.ts';
import type { Chosen } from './deployments/choose.ts';
import { awaitDeployments, hasOnlyFailed } from './deployments/provisioning.ts';
import { hasTraffic } from './deployments/traffic.ts';
import type { FirstBad } from './measure/first-bad.ts';
import { ofCandidate, summarizeTimes } from './measure/latencies.ts';
import type { LoopDelay } from './measure/loop-delay.ts';
import { type Measured, measure } from './measure/measure.ts';
import { createPlaces } from './measure/places.ts';
import { createProgress } from './measure/progress.ts';
import { excuseRefusedFiller } from './openapi/refused-filler.ts';
import type { ResolvedCases } from './openapi/swagger-cases.ts';
import { isBaselineAdvisory, type Plan } from './plan/plan.ts';
import type { Exchange, Reply } from './request/exchange.ts';
import type { TargetName } from './request/scoring-request.ts';
import { createSender } from './request/sender.ts';
import type { SmokeTestResult } from './result.ts';
import type { SmokeTestInputs } from './settings.ts';
import { type Conclusion, caseFailures, conclude } from './verdict/conclusion.ts';
import { describeExchange, describeMismatches, expectedStatus } from './verdict/description.ts';
import { describeBusyRunner, isRunnerBusy } from './verdict/runner-share.ts';
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
export async function smokeTest(
  context: SmokeTestContext,
  { plan: written }: SmokeTestInputs,
): Promise<SmokeTestEnd> {
  const plan = withBaselineName(written, context.chosen);
  const startedAt = new Date();
  const beganAt = performance.now();
  const sinceStart = () => performance.now() - beganAt;
  const seed = randomInt(2 ** 31);
  const patience = patienceFor(context, plan);
  let warmed = { ms: 0, requests: 0 };
  const finish = async (conclusion: Conclusion, endedBy?: number): Promise<SmokeTestEnd> => ({
    result: {
      ...(await assembleResult(context, plan, conclusion)),
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
  const places = createPlaces(
    createSender({
      candidate: targetOf(context, plan, 'candidate'),
      baseline: targetOf(context, plan, 'baseline'),
    }),
  );
  const warm = await warmUpCases({ ...plan, cases }, places.send, patience, isHopeless);
  warmed = { ms: sinceStart(), requests: resolved.requests + warm.requests };
  const baselineIsOut = warm.failure?.target === 'baseline' && advisory;
  if (warm.failure !== undefined && !baselineIsOut) {
    const ended = await endOfWarmUp(context, plan, warm.failure);
    const endedBy = warm.failure.case === undefined ? undefined : cases.indexOf(warm.failure.case);
    return finish(excuseRefusedFiller(ended, cases, warm.failure.case), endedBy);
  }
  if (baselineIsOut) context.say(await baselineLeftOut(context, plan, warm.failure));

  const measuredPlan = { ...plan, cases, ...(baselineIsOut ? withoutBaseline(plan) : {}) };
  const measured = await measure(
    measuredPlan,
    { ...places, send: warm.send },
    judgeReply,
    createProgress(context.sayProgress ?? context.say),
  );
  const runner = runnerOf(measured);
  const { samples } = measured;
  const thresholds = await inPieces(judgeThresholds(plan, { samples, seed, delay: runner?.delay }));
  const failures = caseFailures(
    plan,
    measured,
    await describeFirstBad(context, { ...plan, cases }, measured),
  );
  const concluded = conclude(plan, measured, thresholds, failures);
  const checked = await checkReplies(context, plan, measured, concluded);
  const busyRunner = runner && describeBusyRunner(runner.delay, runner.medianMs);
  const onlyBaseline = failures.length > 0 && failures.every(({ target }) => target === 'baseline');
  const suspect = checked.verdict === 'inconclusive' && onlyBaseline ? 'baseline' : 'candidate';
  return finish(
    excuseRefusedFiller({ ...checked, measured, thresholds, failures, suspect, busyRunner }, cases),
  );
}

/** The delay of a runner that was too busy, with the median latency that it was held against. */
function runnerOf({
  samples,
  loopDelay,
}: Measured): { readonly delay: LoopDelay; readonly medianMs: number } | undefined {
  const medianMs = summarizeTimes(samples, 'latencyMs', ofCandidate)?.p50;
  return medianMs !== undefined && isRunnerBusy(loopDelay, medianMs)
    ? { delay: loopDelay, medianMs }
    : undefined;
}

/** A baseline that the plan calls `live` gets the name of the deployment that it is. */
function withBaselineName(plan: Plan, { baseline }: Chosen): Plan {
  const asked = plan.thresholds.baseline;
  if (asked?.from !== 'deployment' || baseline === undefined) return plan;
  const thresholds = { ...plan.thresholds, baseline: { ...asked, deployment: baseline.name } };
  return { ...plan, thresholds };
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
  return `${message ?? ''}\nThis is the baseline; it says nothing about the deployment under test.`;
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
