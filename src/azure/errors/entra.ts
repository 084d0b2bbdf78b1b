import { quote } from '../../secrets/untrusted.ts';
import { arrayIn, stringIn } from '../../text/json.ts';
import { capitalized, words } from '../../text/words.ts';
import type { ErrorContext } from './error-context.ts';
import { explainFederation, FEDERATION_CODES } from './federation.ts';
import {
  bodyOf,
  find,
  guid,
  type Lines,
  named,
  optional,
  type Refusal,
  reason,
  whoWasAsked,
  withValue,
} from './refusal.ts';

interface EntraError {
  readonly code: number;
  /** Remote text, without trace ID and timestamp. */
  readonly message: string;
  readonly context: ErrorContext;
}

/** What to use in the place of a client secret. */
function secretFree({ couldUseOidc }: ErrorContext): string {
  return couldUseOidc
    ? `${words.setting('login', 'auto')} took the client secret because one is given. This job could also sign in with OIDC, which needs no secret: leave ${words.input('client-secret')}, ${words.input('creds')} and AZURE_CLIENT_SECRET empty, or write ${words.setting('login', 'oidc')}.`
    : `A federated credential needs no secret and never expires: use ${words.setting('login', 'oidc')} with ${words.idToken.need}.`;
}

/** By the number after `AADSTS`. The first line of each continues `Entra refused the sign-in (AADSTSn): `. */
const ROWS: Readonly<Record<number, (error: EntraError) => Lines>> = {
  50059: ({ context }) => [
    `it does not know which tenant to ask${context.tenantId ? ` (${named(context.tenantId)})` : ''}.`,
    `Set ${words.theInputs(['tenant-id'])} to the tenant's GUID.`,
  ],
  53003: ({ context }) => [
    `a Conditional Access policy blocks application${optional(context.clientId)}.`,
    `Policies for workload identities can block by location: the addresses of ${words.hostedMachine}s change and are in no named location.`,
    `Ask the administrator of the tenant for an exception, or use ${words.ownMachine} whose address the policy allows.`,
  ],
  90002: unknownTenant,
  900023: unknownTenant,
  500011: ({ message, context }) => [
    `tenant${optional(context.tenantId)} has no service${optional(find(/resource principal named (\S+) was not found/, message))}.`,
    `The cloud may be the wrong one. Check ${words.theInputs(['cloud', 'tenant-id'], (name) => withValue(name, context))}.`,
  ],
  700016: ({ context }) => [
    `tenant${optional(context.tenantId)} has no application with client ID${optional(context.clientId)}.`,
    `Check ${words.theInputs(['client-id', 'tenant-id'])}. The client ID is the application's, not its object ID.`,
  ],
  700024: ({ message, context }) => {
    const times = find(
      /(Current time: \S+, assertion valid from \S+, expiry time of assertion [^\s.]+(?:\.\d+Z)?)/,
      message,
    );
    return [
      'the ID token is not valid at this time.',
      ...(times === undefined ? [] : [`Seen: ${quote(times)}.`]),
      context.signInMethod === 'workload-identity'
        ? `The file that AZURE_FEDERATED_TOKEN_FILE names is out of date, or the clock of the ${words.machine} is wrong.`
        : words.idToken.age,
    ];
  },
  7000112: ({ context }) => [
    `application${optional(context.clientId)} is disabled in tenant${optional(context.tenantId)}.`,
    'Enable it in the Azure portal: Enterprise applications, Properties, Enabled for users to sign in.',
  ],
  7000215: ({ context }) => [
    `the client secret of application${optional(context.clientId)} is wrong.`,
    `${capitalized(words.theInputs(['client-secret']))} must hold the secret's value, not its ID. The value is shown only once, when the secret is made.`,
    secretFree(context),
  ],
  7000222: ({ context }) => [
    `the client secret of application${optional(context.clientId)} has expired.`,
    `Make a new one: az ad app credential reset --append --id ${guid(context.clientId) ?? '<client-id>'}`,
    secretFree(context),
  ],
  7000229: ({ context }) => [
    `application${optional(context.clientId)} has no service principal in tenant${optional(context.tenantId)}.`,
    `Create it: az ad sp create --id ${guid(context.clientId) ?? '<client-id>'}`,
  ],
};

function unknownTenant({ message, context }: EntraError): Lines {
  const tenant = context.tenantId ?? find(/(?:Tenant|identifier) '([^']+)'/, message);
  return [
    `the cloud ${named(context.cloud)} has no tenant${optional(tenant)}.`,
    `Check ${words.theInputs(['tenant-id', 'cloud'])}. A tenant belongs to one cloud.`,
  ];
}

/** What Entra refused, why, and what to do. */
export function explainEntra(refusal: Refusal): Lines {
  const { response, message, context, codes } = refusal;
  const code = entraCode(refusal);
  if (code === undefined) {
    return [
      `${whoWasAsked(refusal)} answered the sign-in with HTTP ${response.status}: ${reason(refusal)}`,
      `Check ${words.theInputs(['tenant-id', 'client-id', 'cloud'])}.`,
    ];
  }
  const lines = FEDERATION_CODES.includes(code)
    ? explainFederation(code, message, context)
    : refused(code, ROWS[code]?.({ code, message: withoutTail(message), context }) ?? unknown(message, code));
  const ofUnknownReason = ROWS[code] === undefined && codes.includes('invalid_client');
  const instead = context.couldUseOidc && ofUnknownReason ? [secretFree(context)] : [];
  return [...lines, ...instead, ...trace(refusal)];
}

function refused(code: number, [why = '', ...advice]: Lines): Lines {
  return [`Entra refused the sign-in (AADSTS${code}): ${why}`, ...advice];
}

function unknown(message: string, code: number): Lines {
  return [firstSentence(message), `https://login.microsoftonline.com/error?code=${code} explains the code.`];
}

/** The first code that has a row, or the first of all. */
function entraCode({ response, message }: Refusal): number | undefined {
  const stated = arrayIn(bodyOf(response).error_codes).filter((code) => typeof code === 'number');
  const named = [...message.matchAll(/AADSTS(\d{4,9})/g)].map(([, digits]) => Number(digits));
  const codes = [...stated, ...named];
  return codes.find((code) => code in ROWS || FEDERATION_CODES.includes(code)) ?? codes[0];
}

function withoutTail(message: string): string {
  const tail = message.search(/(?:Trace ID|Correlation ID|Timestamp):/);
  // White space before it is cut by itself: in a pattern it would be tried from each of its characters.
  return tail === -1 ? message : message.slice(0, tail).trimEnd();
}

function firstSentence(message: string): string {
  const plain = withoutTail(message).replace(/^.*?AADSTS\d+:\s*/s, '');
  return quote(find(/^(.+?\.)(?:\s|$)/s, plain) ?? plain);
}

function trace({ response, message }: Refusal): Lines {
  const { trace_id, correlation_id } = bodyOf(response);
  const traceId = guid(stringIn(trace_id)) ?? guid(find(/Trace ID: ([0-9a-f-]{36})/i, message));
  const correlationId =
    guid(stringIn(correlation_id)) ?? guid(find(/Correlation ID: ([0-9a-f-]{36})/i, message));
  const ids = [
    ...(traceId === undefined ? [] : [`Trace ID ${traceId}`]),
    ...(correlationId === undefined ? [] : [`correlation ID ${correlationId}`]),
  ];
  return ids.length === 0 ? [] : [`${ids.join(', ')} for support.`];
}
