import type { Credential } from '../azure/credential.ts';
import type { ErrorContext } from '../azure/errors/error-context.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { Workspace } from '../azure/resource-manager/calls.ts';
import { formatConnectTo } from '../network/connect-to.ts';
import { asksOnce, type Plan } from './plan/plan.ts';
import type { Prepared } from './prepare.ts';
import type { Target, TargetName } from './request/scoring-request.ts';
import type { DescriptionContext } from './verdict/description.ts';

/** What a smoke test needs of a credential. */
export type SentCredential = Pick<Credential, 'secret'> & { readonly mode: Credential['mode'] | '' };

/** Everything that a smoke test works on. */
export interface SmokeTestContext extends Prepared {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  /** A server without Azure before it: {@link endpoint} says only where it is. */
  readonly isServer?: boolean;
  /** The one that the step began with; undefined for a server that wants none. */
  readonly credential: SentCredential | undefined;
  /** The one to send now: a token that is about to expire is asked for anew. */
  readonly currentCredential: () => Promise<SentCredential | undefined>;
  readonly errorContext: ErrorContext;
  /** Writes one line of the log. */
  readonly say: (line: string) => void;
  /** Says how far the test is. */
  readonly sayProgress?: (line: string) => void;
}

/** Where the requests to one of the two deployments go. */
export function targetOf(
  { scoringUri, credential, currentCredential, chosen, isServer = false }: SmokeTestContext,
  plan: Plan,
  name: TargetName,
): Target {
  let secret = credential?.secret;
  return {
    scoringUri,
    get credential() {
      return secret;
    },
    async renewCredential() {
      secret = (await currentCredential())?.secret;
    },
    deployment: chosen[name]?.name,
    timeoutMs: plan.timeoutMs,
    connectTo: plan.connectTo,
    isAskedOnce: asksOnce(plan),
    isServer,
  };
}

/** What the description of an exchange with one of the two deployments may mention. */
export function descriptionContextOf(
  { workspace, endpoint, scoringUri, errorContext, credential, chosen, isServer = false }: SmokeTestContext,
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
      authMode: credential?.mode ?? '',
      isServer,
      timeoutMs,
    },
  };
}
