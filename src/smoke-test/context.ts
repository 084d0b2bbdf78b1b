import type { Credential, CurrentCredential } from '../azure/credential.ts';
import type { ErrorContext } from '../azure/errors/error-context.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { Workspace } from '../azure/resource-manager/calls.ts';
import { formatConnectTo } from '../network/connect-to.ts';
import { asksOnce, type Plan } from './plan/plan.ts';
import type { Prepared } from './prepare.ts';
import type { Target, TargetName } from './request/scoring-request.ts';
import type { DescriptionContext } from './verdict/description.ts';

/** Everything that a smoke test works on. */
export interface SmokeTestContext extends Prepared {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  /** The one that the step began with. */
  readonly credential: Credential;
  /** The one to send now: a token that is about to expire is asked for anew. */
  readonly currentCredential: CurrentCredential;
  readonly errorContext: ErrorContext;
  /** Writes one line of the log. */
  readonly say: (line: string) => void;
}

/** Where the requests to one of the two deployments go. */
export function targetOf(
  { scoringUri, credential, currentCredential, chosen }: SmokeTestContext,
  plan: Plan,
  name: TargetName,
): Target {
  let { secret } = credential;
  return {
    scoringUri,
    get credential() {
      return secret;
    },
    async renewCredential() {
      ({ secret } = await currentCredential());
    },
    deployment: chosen[name]?.name,
    timeoutMs: plan.timeoutMs,
    connectTo: plan.connectTo,
    isAskedOnce: asksOnce(plan),
  };
}

/** What the description of an exchange with one of the two deployments may mention. */
export function descriptionContextOf(
  { workspace, endpoint, scoringUri, errorContext, credential, chosen }: SmokeTestContext,
  { timeoutMs, connectTo }: Plan,
  target: TargetName,
): DescriptionContext {
  return {
    workspace,
    endpoint,
    scoringUri,
    errorContext: {
      ...errorContext,
      ...(connectTo === undefined ? {} : { connectTo: formatConnectTo(connectTo) }),
    },
    addressee: {
      endpoint: endpoint.address.name,
      host: new URL(scoringUri).host,
      deployment: chosen[target]?.name,
      authMode: credential.mode,
      timeoutMs,
    },
  };
}
