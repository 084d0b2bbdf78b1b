import type { Credential } from '../azure/credential.ts';
import type { Situation } from '../azure/errors/failure.ts';
import type { Endpoint, Workspace } from '../azure/resource-manager/workspace.ts';
import type { Ask, Measured, TargetName } from './measure/measure.ts';
import type { Plan } from './plan/plan.ts';
import { type Exchange, score } from './request/score.ts';
import { requestTo, type Target } from './request/scoring-request.ts';
import type { Prepared } from './request/scoring-uri.ts';
import type { CaseFailure, ThresholdResult } from './result.ts';
import type { DescriptionContext } from './verdict/description.ts';
import type { Asked, Verdict } from './verdict/status-table.ts';

/** Everything that a smoke test works on. */
export interface Subject extends Prepared {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  readonly credential: Credential;
  readonly situation: Situation;
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
  { scoringUri, credential, chosen }: Subject,
  { timeoutMs }: Plan,
  name: TargetName,
): Target {
  return { scoringUri, credential: credential.secret, deployment: chosen[name]?.name, timeoutMs };
}

export function askerFor(subject: Subject, plan: Plan): Ask {
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

export function contextOf(subject: Subject, { timeoutMs }: Plan, target: TargetName): DescriptionContext {
  const { workspace, endpoint, scoringUri, situation, credential, chosen } = subject;
  const deployment = chosen[target]?.name;
  const asked: Asked = {
    endpoint: endpoint.address.name,
    host: new URL(scoringUri).host,
    deployment,
    authMode: credential.mode,
    timeoutMs,
  };
  return { workspace, endpoint, scoringUri, situation, asked };
}
