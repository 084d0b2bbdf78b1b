import type { Credential } from '../azure/credential.ts';
import type { ErrorContext } from '../azure/errors/error-context.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { Workspace } from '../azure/resource-manager/workspace.ts';
import type { Measured, SendRequest, TargetName } from './measure/measure.ts';
import type { Plan } from './plan/plan.ts';
import { type Exchange, score } from './request/score.ts';
import { requestTo, type Target } from './request/scoring-request.ts';
import type { Prepared } from './request/scoring-uri.ts';
import type { CaseFailure, ThresholdResult } from './result.ts';
import type { DescriptionContext } from './verdict/description.ts';
import type { Addressee, Verdict } from './verdict/status-table.ts';

/** Everything that a smoke test works on. */
export interface SmokeTestContext extends Prepared {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  readonly credential: Credential;
  readonly situation: ErrorContext;
  readonly say: (line: string) => void;
}

/** How a smoke test ended; what it never reached is not there. */
export interface End {
  readonly verdict: Verdict;
  readonly message: string | undefined;
  readonly exchange?: Exchange | undefined;
  readonly measured?: Measured;
  readonly thresholds?: readonly ThresholdResult[];
  readonly failures?: readonly CaseFailure[];
  readonly suspect?: TargetName;
}

export function targetOf(
  { scoringUri, credential, chosen }: SmokeTestContext,
  { timeoutMs }: Plan,
  name: TargetName,
): Target {
  return { scoringUri, credential: credential.secret, deployment: chosen[name]?.name, timeoutMs };
}

export function requestSender(subject: SmokeTestContext, plan: Plan): SendRequest {
  const targets = {
    candidate: targetOf(subject, plan, 'candidate'),
    baseline: targetOf(subject, plan, 'baseline'),
  };
  return async (name, { request, expect }, index) => {
    const scoring = requestTo(targets[name], request, index);
    if (expect.stream === undefined) return { exchange: await score(scoring), stream: undefined };
    const { createEventStreamReader } = await import('./request/event-stream.ts');
    let elapsedMs = 0;
    const reader = createEventStreamReader(() => elapsedMs);
    const exchange = await score({
      ...scoring,
      onChunk: (chunk, afterMs) => {
        elapsedMs = afterMs;
        reader.feed(chunk);
      },
    });
    return { exchange, stream: reader.summary() };
  };
}

export function contextOf(
  subject: SmokeTestContext,
  { timeoutMs }: Plan,
  target: TargetName,
): DescriptionContext {
  const { workspace, endpoint, scoringUri, situation, credential, chosen } = subject;
  const deployment = chosen[target]?.name;
  const asked: Addressee = {
    endpoint: endpoint.address.name,
    host: new URL(scoringUri).host,
    deployment,
    authMode: credential.mode,
    timeoutMs,
  };
  return { workspace, endpoint, scoringUri, situation, asked };
}
