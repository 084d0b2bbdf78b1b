import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answers.ts';
import type { Answer } from './wire.ts';

export interface EntraError {
  readonly status: number;
  readonly error: string;
  readonly code: number;
  readonly text: string;
  /** Entra's older texts put trace and time on lines of their own. */
  readonly multiline?: boolean;
  readonly more?: Readonly<Record<string, unknown>>;
}

export function entraError(
  origin: string,
  { status, error, code, text, multiline, more }: EntraError,
): Answer {
  const [trace_id, correlation_id] = [randomUUID(), randomUUID()];
  const timestamp = `${new Date().toISOString().slice(0, 19).replace('T', ' ')}Z`;
  const details = [`Trace ID: ${trace_id}`, `Correlation ID: ${correlation_id}`, `Timestamp: ${timestamp}`];
  return jsonAnswer(
    status,
    {
      error,
      error_description: [`AADSTS${code}: ${text}`, ...details].join(multiline === true ? '\r\n' : ' '),
      error_codes: [code],
      timestamp,
      trace_id,
      correlation_id,
      error_uri: `${origin}/error?code=${code}`,
      ...more,
    },
    { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache', 'x-ms-request-id': trace_id },
  );
}

const FEDERATION = 'https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
const CHECK = `Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${FEDERATION}`;
const WRONG_TENANT =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.';

/** Entra's refusals, each with the status, `error` and words that public issues show. */
export const ERRORS = {
  unknownInstance: (endpoint: string | null) =>
    invalid('invalid_instance', 50049, `Unknown or invalid instance. Discovery endpoint: ${endpoint ?? ''}`),
  malformedTenant: (tenant: string) =>
    invalid(
      'invalid_request',
      900023,
      `Specified tenant identifier '${tenant}' is neither a valid DNS name, nor a valid external domain.`,
    ),
  unknownTenant: (tenant: string) =>
    invalid(
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    ),
  wrongMethod: () =>
    invalid('invalid_request', 900561, 'The endpoint only accepts POST requests. Received a GET request.'),
  missingParameter: (name: string) =>
    invalid('invalid_request', 900144, `The request body must contain the following parameter: '${name}'.`),
  unsupportedGrant: (grant: string) =>
    invalid('unsupported_grant_type', 70003, `The app requested an unsupported grant type '${grant}'.`),
  unknownClient: (clientId: string, tenant: string) =>
    invalid(
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${tenant}'. ${WRONG_TENANT} You may have sent your authentication request to the wrong tenant.`,
    ),
  missingCredential: () =>
    denied(
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    ),
  invalidSecret: (clientId: string) =>
    denied(
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    ),
  expiredSecret: (clientId: string) =>
    denied(
      7000222,
      `The provided client secret keys for app '${clientId}' are expired. Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for added security: https://aka.ms/certCreds.`,
    ),
  malformedAssertion: () => invalid('invalid_request', 50027, 'JWT token is invalid or malformed.'),
  noRecord: (issuer: string, subject: string, audience: string): EntraError => ({
    ...invalid(
      'invalid_request',
      70021,
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'. https://docs.microsoft.com/en-us/azure/active-directory/develop/workload-identity-federation`,
    ),
    multiline: true,
  }),
  noRecordForIssuer: (issuer: string) =>
    denied(
      700211,
      `No matching federated identity record found for presented assertion issuer '${issuer}'. ${CHECK}`,
    ),
  noRecordForAudience: (audience: string) =>
    denied(
      700212,
      `No matching federated identity record found for presented assertion audience '${audience}'. ${CHECK}`,
    ),
  noRecordForSubject: (subject: string) =>
    denied(
      700213,
      `No matching federated identity record found for presented assertion subject '${subject}'. ${CHECK}`,
    ),
  noRecordInThisCase: (subject: string) =>
    denied(
      7002138,
      `No matching federated identity record found for presented assertion subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${CHECK}`,
    ),
  invalidSignature: () =>
    denied(
      700027,
      'The certificate with identifier used to sign the client assertion is not registered on application. [Reason - The key was not found.]',
    ),
  outsideValidity: (nowSeconds: number, notBefore: number, expiry: number) =>
    denied(
      700024,
      `Client assertion is not within its valid time range. Current time: ${ticks(nowSeconds)}, assertion valid from ${ticks(notBefore)}, expiry time of assertion ${ticks(expiry)}. Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
    ),
  invalidScope: (scope: string) =>
    invalid(
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    ),
  unknownResource: (resource: string, tenant: string) =>
    invalid(
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${tenant}. ${WRONG_TENANT} You might have sent your authentication request to the wrong tenant.`,
    ),
  conditionalAccess: (): EntraError => ({
    ...invalid(
      'invalid_grant',
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    ),
    more: { suberror: 'message_only' },
  }),
};

function invalid(error: string, code: number, text: string): EntraError {
  return { status: 400, error, code, text };
}

function denied(code: number, text: string): EntraError {
  return { status: 401, error: 'invalid_client', code, text };
}

/** A time with the seven decimals that .NET prints. */
function ticks(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('Z', '0000Z');
}
