import type { Call } from './deadlines.ts';

/** What a service of Azure (or GitHub's ID-token service) sent. All of it is untrusted text. */
export interface ServiceResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * A request to one service failed: it refused (`response`), or could not be reached
 * (`cause`: DeadlineError, SyntaxError, MetadataError, RestError or a system error with a `code`).
 * Its own message holds no remote text; `explain` makes the message that a person reads.
 */
export class ServiceError extends Error {
  override name = 'ServiceError';
  readonly call: Call;
  /** Host name, with its port when it has one. */
  readonly host: string;
  readonly response: ServiceResponse | undefined;
  /** Host of the proxy through which the call went, without user and password. */
  readonly proxyHost: string | undefined;
  constructor(call: Call, host: string, response?: ServiceResponse, cause?: unknown, proxyHost?: string) {
    super(`${call} at ${host} failed`, { cause });
    this.call = call;
    this.host = host;
    this.response = response;
    this.proxyHost = proxyHost;
  }
}
