import type { Call } from '../../network/deadlines.ts';
import type { ServiceError, ServiceResponse } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { GUID } from '../../text/guid.ts';
import { arrayIn, type JsonObject, objectIn, parseJson, stringIn } from '../../text/json.ts';
import { words } from '../../text/words.ts';
import type { ErrorContext } from './error-context.ts';

/** The lines of a message: the first says what failed, the others what to do. */
export type Lines = readonly string[];

/** A service's refusal. `codes` and `message` are remote text: quote them. */
export interface Refusal {
  readonly call: Call;
  readonly host: string;
  readonly response: ServiceResponse;
  readonly context: ErrorContext;
  /** The error's code and, for Azure Machine Learning's own errors, its inner ones; the outermost first. */
  readonly codes: readonly string[];
  /** Empty when the response has none. */
  readonly message: string;
}

/** One known refusal: how to recognise it (all of the conditions that are given hold), and what to say of it. */
export interface Row {
  readonly status?: readonly number[];
  /** One of the refusal's codes, inner ones included. */
  readonly code?: string;
  readonly says?: RegExp;
  readonly lines: (refusal: Refusal) => Lines;
}

/** The first row whose conditions hold for a refusal. */
export function findRow(rows: readonly Row[], refusal: Refusal): Row | undefined {
  return rows.find(
    ({ status, code, says }) =>
      (status?.includes(refusal.response.status) ?? true) &&
      (code === undefined || refusal.codes.includes(code)) &&
      (says?.test(refusal.message) ?? true),
  );
}

/** Longest message that is searched, in characters. Real ones have some thousand, and patterns may take quadratic time. */
const LONGEST_MESSAGE = 16_384;

/** Longest error body that is parsed, in characters: parsed, a list of nothing but `{}` takes a hundred times its size. */
const LONGEST_BODY = 2 ** 20;

/** How many entries of a list of inner errors are read. */
const MOST_INNER_ERRORS = 100;

const RESOURCE_MANAGER = 'Resource Manager';

/** The service that each call goes to, and what is requested where several calls go to the same service. */
const SERVICES: Readonly<Record<Call, { readonly service: string; readonly requested?: string }>> = {
  metadata: { service: "The cloud's metadata service" },
  'ID token': { service: words.idToken.service },
  'sign-in': { service: 'Entra' },
  'managed identity probe': { service: 'The managed identity service' },
  endpoint: { service: RESOURCE_MANAGER, requested: 'the endpoint' },
  endpoints: { service: RESOURCE_MANAGER, requested: "the workspace's endpoints" },
  keys: { service: RESOURCE_MANAGER, requested: "the endpoint's keys" },
  token: { service: RESOURCE_MANAGER, requested: "the endpoint's token" },
  deployments: { service: RESOURCE_MANAGER, requested: "the endpoint's deployments" },
  logs: { service: RESOURCE_MANAGER, requested: "a container's log" },
  scoring: { service: 'The endpoint' },
};

function serviceName(call: Call, context: ErrorContext): string {
  if (call === 'scoring' && context.isServer) return 'The server';
  if (call === 'scoring' && context.endpoint !== undefined) return `Endpoint ${named(context.endpoint.name)}`;
  return SERVICES[asksManagedIdentity(call, context) ? 'managed identity probe' : call].service;
}

/** Whether the call goes to the managed identity service of the machine. */
export function asksManagedIdentity(call: Call, { signInMethod }: ErrorContext): boolean {
  return call === 'managed identity probe' || (call === 'sign-in' && signInMethod === 'managed-identity');
}

/**
 * The service and what was requested of it, to begin a sentence with:
 * `Resource Manager (management.azure.com), asked for the endpoint's keys,`.
 */
export function whoWasAsked({ call, host, context }: Pick<Refusal, 'call' | 'host' | 'context'>): string {
  const { requested } = SERVICES[call];
  return `${serviceAt(call, host, context)}${requested === undefined ? '' : `, asked for ${requested},`}`;
}

/** `Resource Manager (management.azure.com)` */
export function serviceAt(call: Call, host: string, context: ErrorContext): string {
  return `${serviceName(call, context)} (${quote(host, 200)})`;
}

/** `Resource Manager (management.azure.com), asked for the endpoint, answered HTTP 418: I am a teapot` */
export function answered(refusal: Refusal): string {
  return `${whoWasAsked(refusal)} answered HTTP ${refusal.response.status}: ${reason(refusal)}`;
}

/** The refusal's own words, to end a sentence with. */
export function reason(refusal: Refusal): string {
  return quoted(refusal) || 'it gave no reason';
}

/** Reads an error body of Resource Manager, Azure Machine Learning, Entra or IMDS. */
export function readRefusal(error: ServiceError, response: ServiceResponse, context: ErrorContext): Refusal {
  const body = bodyOf(response);
  const { call, host } = error;
  const inner = objectIn(body.error);
  // Entra and IMDS: { error: code, error_description }; the others: { error: { code, message } }.
  const code = stringIn(body.error) ?? stringIn(inner.code) ?? stringIn(body.code);
  const message = stringIn(body.error_description) ?? stringIn(inner.message) ?? stringIn(body.message) ?? '';
  const codes = [code, ...innerCodes(inner)].filter((each) => each !== undefined);
  return { call, host, response, context, codes, message: message.slice(0, LONGEST_MESSAGE) };
}

/** The JSON object that a refusal has as its body; an empty one for any other body. */
export function bodyOf({ body }: ServiceResponse): JsonObject {
  return body.length > LONGEST_BODY ? {} : objectIn(parseJson(body));
}

/** Azure Machine Learning nests the code that says most: in `innerError`s, in `additionalInfo`, or in `details`. */
function innerCodes(error: JsonObject): readonly (string | undefined)[] {
  const codes: (string | undefined)[] = [];
  let inner = objectIn(error.innerError);
  for (let depth = 0; depth < 8; depth++) {
    codes.push(stringIn(inner.code));
    inner = objectIn(inner.innerError);
  }
  for (const info of arrayIn(error.additionalInfo).slice(0, MOST_INNER_ERRORS))
    codes.push(stringIn(objectIn(objectIn(objectIn(info).info).value).code));
  for (const detail of arrayIn(error.details).slice(0, MOST_INNER_ERRORS))
    codes.push(stringIn(objectIn(detail).code));
  return codes;
}

/** A value in a sentence: `'churn'`. */
export function named(value: string): string {
  return `'${quote(value, 300)}'`;
}

/** How many names a message lists. */
const LISTED_NAMES = 20;

/** `a, b, c`, and how many more there are. Of remote names only those that are listed are made harmless. */
export function listed(names: readonly string[], show: (name: string) => string): string {
  const more = names.length - LISTED_NAMES;
  const list = names.slice(0, LISTED_NAMES).map(show).join(', ');
  return more > 0 ? `${list} and ${more} more` : list;
}

/** ` 'churn'`, or nothing when the value is not known: for `workspace${optional(name)}`. */
export function optional(value: string | undefined): string {
  return value === undefined || value === '' ? '' : ` ${named(value)}`;
}

/** The value when it is a GUID: only then may remote text go into a command that a person pastes. */
export function guid(value: string | undefined): string | undefined {
  return value !== undefined && GUID.test(value) ? value : undefined;
}

/** What the first group of a pattern matches. Of remote text it must be validated or quoted. */
export function find(pattern: RegExp, source: string): string | undefined {
  return pattern.exec(source)?.[1];
}

/** The code and message of a refusal in one quotation, or its plain text. */
export function quoted({ response, codes, message }: Refusal): string {
  const code = codes[0];
  if (code !== undefined && message !== '') return `${quote(code, 100)}: ${quote(message)}`;
  const words = code ?? message;
  // The body of a good response is never quoted: it may hold a credential.
  return quote(words !== '' ? words : response.status >= 400 ? response.body : '');
}

/** The correlation ID, which Microsoft's support asks for, when the response has it. */
export function forSupport({ response }: Refusal): Lines {
  const id = guid(response.headers['x-ms-correlation-request-id'] ?? response.headers['x-ms-request-id']);
  return id === undefined ? [] : [`Correlation ID ${id} for support.`];
}

/** `'cloud' (now 'AzureCloud')`, when the value is known. */
export function withValue(name: string, { tenantId, cloud }: ErrorContext): string {
  const value = name === 'cloud' ? cloud : name === 'tenant-id' ? tenantId : undefined;
  return `${words.input(name)}${value ? ` (now ${named(value)})` : ''}`;
}

type AddressInput = 'subscription-id' | 'resource-group' | 'workspace' | 'endpoint';

/** `the inputs 'workspace' (now 'churn-prod') and 'resource-group' (now 'rg')`, with the values that are known. */
export function addressInputs(context: ErrorContext, ...names: readonly AddressInput[]): string {
  const { endpoint } = context;
  const values: Readonly<Record<AddressInput, string | undefined>> = {
    'subscription-id': endpoint?.subscriptionId,
    'resource-group': endpoint?.resourceGroup,
    workspace: endpoint?.workspace,
    endpoint: endpoint?.name,
  };
  const known = (name: string): string | undefined => values[name as AddressInput];
  return words.theInputs(
    names,
    (name) => `${words.input(name)}${known(name) ? ` (now ${named(known(name) ?? '')})` : ''}`,
  );
}
