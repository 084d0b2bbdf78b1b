import type { Call } from '../../network/deadlines.ts';
import type { ServiceError, ServiceResponse } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { arrayIn, objectIn, parseJson, stringIn } from '../../text/json.ts';
import type { ErrorContext } from './error-context.ts';

/** A message in the making: the first line says what failed, the others what to do. */
export type Lines = readonly string[];

/** A service's refusal, read as far as it can be. `code` and `message` are remote text: quote them. */
export interface Refusal {
  readonly leg: Call;
  readonly host: string;
  readonly answer: ServiceResponse;
  readonly situation: ErrorContext;
  /** The error's code and, for Azure Machine Learning's own errors, its inner ones; the outermost first. */
  readonly codes: readonly string[];
  /** Empty when the answer has none. */
  readonly message: string;
}

/** One known error: what tells it from others, and what to say of it. All that is given must hold. */
export interface Row {
  readonly status?: readonly number[];
  /** One of the answer's codes, inner ones included. */
  readonly code?: string;
  readonly says?: RegExp;
  readonly lines: (refusal: Refusal) => Lines;
}

/** The first row that holds for a refusal. */
export function findRow(rows: readonly Row[], refusal: Refusal): Row | undefined {
  return rows.find(
    ({ status, code, says }) =>
      (status?.includes(refusal.answer.status) ?? true) &&
      (code === undefined || refusal.codes.includes(code)) &&
      (says?.test(refusal.message) ?? true),
  );
}

const SERVICES: Readonly<Record<Call, string>> = {
  metadata: "The cloud's metadata service",
  'ID token': "GitHub's ID-token service",
  'sign-in': 'Entra',
  'managed identity probe': 'The managed identity service',
  endpoint: 'Resource Manager',
  endpoints: 'Resource Manager',
  keys: 'Resource Manager',
  token: 'Resource Manager',
  deployments: 'Resource Manager',
  logs: 'Resource Manager',
  scoring: 'The endpoint',
};

function serviceName(leg: Call, situation: ErrorContext): string {
  if (leg === 'sign-in' && situation.login === 'managed-identity') return SERVICES['managed identity probe'];
  if (leg === 'scoring' && situation.endpoint !== undefined)
    return `Endpoint ${named(situation.endpoint.name)}`;
  return SERVICES[leg];
}

/** What is asked for, on the legs that share one service. */
const ASKED_FOR: Readonly<Partial<Record<Call, string>>> = {
  endpoint: 'the endpoint',
  endpoints: "the workspace's endpoints",
  keys: "the endpoint's keys",
  token: "the endpoint's token",
  deployments: "the endpoint's deployments",
  logs: "a container's log",
};

/**
 * Who was asked for what, to begin a sentence with:
 * `Resource Manager (management.azure.com), asked for the endpoint's keys,`.
 */
export function whoWasAsked({ leg, host, situation }: Pick<Refusal, 'leg' | 'host' | 'situation'>): string {
  const asked = ASKED_FOR[leg];
  return `${serviceAt(leg, host, situation)}${asked === undefined ? '' : `, asked for ${asked},`}`;
}

/** `Resource Manager (management.azure.com)` */
export function serviceAt(leg: Call, host: string, situation: ErrorContext): string {
  return `${serviceName(leg, situation)} (${quote(host, 200)})`;
}

/** Reads an error body of Resource Manager, Azure Machine Learning, Entra or IMDS. */
export function readRefusal(error: ServiceError, answer: ServiceResponse, situation: ErrorContext): Refusal {
  const body = objectIn(parseJson(answer.body));
  const { call: leg, host } = error;
  const inner = objectIn(body.error);
  // Entra and IMDS: { error: code, error_description }; the others: { error: { code, message } }.
  const code = stringIn(body.error) ?? stringIn(inner.code) ?? stringIn(body.code);
  const message = stringIn(body.error_description) ?? stringIn(inner.message) ?? stringIn(body.message) ?? '';
  const codes = [code, ...innerCodes(inner)].filter((each) => each !== undefined);
  return { leg, host, answer, situation, codes, message };
}

/** Azure Machine Learning nests the telling code: `innerError` one in another, or in `additionalInfo`. */
function innerCodes(error: Readonly<Record<string, unknown>>): readonly (string | undefined)[] {
  const codes: (string | undefined)[] = [];
  let inner = objectIn(error.innerError);
  for (let depth = 0; depth < 8; depth++) {
    codes.push(stringIn(inner.code));
    inner = objectIn(inner.innerError);
  }
  for (const info of arrayIn(error.additionalInfo))
    codes.push(stringIn(objectIn(objectIn(objectIn(info).info).value).code));
  for (const detail of arrayIn(error.details)) codes.push(stringIn(objectIn(detail).code));
  return codes;
}

/** A value in a sentence: `'churn'`. */
export function named(value: string): string {
  return `'${quote(value, 300)}'`;
}

/** ` 'churn'`, or nothing when the value is not known: for `workspace${optional(name)}`. */
export function optional(value: string | undefined): string {
  return value === undefined || value === '' ? '' : ` ${named(value)}`;
}

const GUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const WHOLE_GUID = new RegExp(`^${GUID}$`, 'i');

/** The value when it is a GUID: only then may remote text go into a command that a person pastes. */
export function guid(value: string | undefined): string | undefined {
  return value !== undefined && WHOLE_GUID.test(value) ? value : undefined;
}

/** The first group of a pattern; the caller validates or quotes it. */
export function find(pattern: RegExp, source: string): string | undefined {
  return pattern.exec(source)?.[1];
}

/** The code and message of an answer in one quotation, or its plain text. */
export function quoted({ answer, codes, message }: Refusal): string {
  const code = codes[0];
  if (code !== undefined && message !== '') return `${quote(code, 100)}: ${quote(message)}`;
  const words = code ?? message;
  // A good answer may hold a credential: its body is never quoted.
  return quote(words !== '' ? words : answer.status >= 400 ? answer.body : '');
}

/** What Microsoft's support asks for, when the answer has it. */
export function forSupport({ answer }: Refusal): Lines {
  const id = guid(answer.headers['x-ms-correlation-request-id'] ?? answer.headers['x-ms-request-id']);
  return id === undefined ? [] : [`Correlation ID ${id} for support.`];
}

type AddressInput = 'subscription-id' | 'resource-group' | 'workspace' | 'endpoint';

/** `the inputs 'workspace' (churn-prod) and 'resource-group' (rg)`, with the values that are known. */
export function addressInputs(situation: ErrorContext, ...names: readonly AddressInput[]): string {
  const { endpoint } = situation;
  const values: Readonly<Record<AddressInput, string | undefined>> = {
    'subscription-id': endpoint?.subscriptionId,
    'resource-group': endpoint?.resourceGroup,
    workspace: endpoint?.workspace,
    endpoint: endpoint?.name,
  };
  const items = names.map((name) => (values[name] ? `'${name}' (now ${named(values[name])})` : `'${name}'`));
  const all = items.length > 1 ? `${items.slice(0, -1).join(', ')} and ${items.at(-1)}` : items[0];
  return `the input${items.length > 1 ? 's' : ''} ${all}`;
}
