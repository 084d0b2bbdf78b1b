import type { EndpointAddress } from '../resource-id.ts';

/** What an explanation may mention besides the error: inputs, and what was found before the step failed. */
export interface ErrorContext {
  /** The cloud's name, e.g. `AzureCloud`. */
  readonly cloud: string;
  /** E.g. `oidc`. */
  readonly signInMethod?: string;
  /** `auto` took a client secret, and the job could also sign in with OIDC. */
  readonly couldUseOidc?: boolean;
  readonly tenantId?: string;
  readonly clientId?: string;
  /** Object ID of the service principal, from the access token's `oid`. */
  readonly objectId?: string;
  /** Claims of the ID token that was presented to Entra. */
  readonly assertion?: { readonly subject: string; readonly issuer: string; readonly audience: string };
  readonly endpoint?: EndpointAddress;
  /** The request goes to a server without Azure before it. */
  readonly isServer?: boolean;
  /** Host of the proxy through which the failing call went, without user and password. */
  readonly proxyHost?: string;
  /** `host:port` to which scoring requests connect instead of to the scoring URI's. */
  readonly connectTo?: string;
}
