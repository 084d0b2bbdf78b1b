import type { Leg } from '../../network/deadlines.ts';
import type { EndpointAddress } from '../resource-id.ts';

/** What a service answered. All of it is untrusted text. */
export interface Answer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A leg of the way failed: the service refused (`answer`), or could not be asked at all
 * (`cause`: DeadlineError, SyntaxError, MetadataError, RestError or a system error with a `code`).
 * Its own message names no remote text; `explain` makes the message that a person reads.
 */
export class LegError extends Error {
  override name = 'LegError';
  readonly leg: Leg;
  /** Host name, with its port when it has one. */
  readonly host: string;
  readonly answer: Answer | undefined;
  /** Host of the proxy through which the leg went, without user and password. */
  readonly proxyHost: string | undefined;
  constructor(leg: Leg, host: string, answer?: Answer, cause?: unknown, proxyHost?: string) {
    super(`${leg} at ${host} failed`, { cause });
    this.leg = leg;
    this.host = host;
    this.answer = answer;
    this.proxyHost = proxyHost;
  }
}

/** A failure whose message already says what failed, with which value, and what to do. */
export class Failure extends Error {
  override name = 'Failure';
}

/** What `explain` may say of the step besides the error: inputs, and what was found before it failed. */
export interface Situation {
  /** The cloud's name, e.g. `AzureCloud`. */
  readonly cloud: string;
  readonly login?: string;
  readonly tenantId?: string;
  readonly clientId?: string;
  /** Object id of the service principal, from the access token's `oid`. */
  readonly objectId?: string;
  /** Claims of the ID token that was presented to Entra. */
  readonly assertion?: { readonly subject: string; readonly issuer: string; readonly audience: string };
  readonly endpoint?: EndpointAddress;
  /** Host of the proxy through which the failing leg went, without user and password. */
  readonly proxyHost?: string;
}
