import type { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { arrayIn, numberIn, objectIn, stringIn } from '../../text/json.ts';
import { words } from '../../text/words.ts';
import { MetadataError } from '../clouds.ts';
import { CHECK_METADATA_URL, CHECK_PROXY_VARIABLES } from './advice.ts';
import type { ErrorContext } from './error-context.ts';
import { FAULTS, type Fault, type Place, whereToLook } from './network-faults.ts';
import { asksManagedIdentity, type Lines, listed, named, serviceAt, whoWasAsked } from './refusal.ts';
import { WHERE_MANAGED_IDENTITIES_ARE } from './sign-in.ts';

/** Explains a call whose service could not be reached, or whose response did not arrive complete. */
export function explainNetwork(error: ServiceError, context: ErrorContext): Lines {
  const { call, host, cause } = error;
  if (cause instanceof MetadataError) return noCloud(host, cause);
  const chain = causes(cause);
  const code = knownCode(chain);
  const fault = FAULTS.find(({ codes }) => codes.includes(code ?? ''));
  const service = serviceAt(call, host, context);
  const who = whoWasAsked({ call, host, context });
  const place: Place = { call, context };
  if (chain.some(({ message }) => /proxy connection ended|CONNECT response/i.test(message))) {
    return [
      `The proxy${proxyName(context)} closed the connection on the way to ${service}.`,
      CHECK_PROXY_VARIABLES,
      ...connectedElsewhere(place),
    ];
  }
  if (asksManagedIdentity(call, context)) {
    return [`${who} ${seen(fault, code, chain)}.`, WHERE_MANAGED_IDENTITIES_ARE];
  }
  if (fault?.ofProxy && context.proxyHost !== undefined) {
    return [
      `The proxy${proxyName(context)}, on the way to ${service}, ${seen(fault, code, chain)}.`,
      CHECK_PROXY_VARIABLES,
      ...connectedElsewhere(place),
    ];
  }
  if (fault !== undefined) {
    return [
      `${who} ${seen(fault, code, chain)}.`,
      ...connectedElsewhere(place),
      ...fault.advice(place),
      ...throughProxy(context),
    ];
  }
  return unknownCause(who, place, chain);
}

function seen(fault: Fault | undefined, code: string | undefined, chain: readonly Cause[]): string {
  if (fault === undefined) return 'gave no answer';
  const deadlineMs = chain.find(({ deadlineMs }) => deadlineMs !== undefined)?.deadlineMs;
  if (deadlineMs !== undefined) return `did not answer within ${deadlineMs / 1000} s`;
  return code !== undefined && /^[A-Z0-9_]+$/.test(code) ? `${fault.seen} (${code})` : fault.seen;
}

function unknownCause(who: string, place: Place, chain: readonly Cause[]): Lines {
  const said = chain.find(({ message }) => message !== '')?.message;
  return [
    `${who} gave no answer${said === undefined ? '.' : `: ${quote(said)}`}`,
    ...connectedElsewhere(place),
    whereToLook(place),
    ...throughProxy(place.context),
  ];
}

/** The name in the scoring URI is not what failed then. */
function connectedElsewhere({ call, context: { connectTo } }: Place): Lines {
  if (call !== 'scoring' || connectTo === undefined) return [];
  return [
    `The connection was to ${named(connectTo)}, as ${words.label('connect-to')} says. Check its host and its port.`,
  ];
}

function throughProxy({ proxyHost }: ErrorContext): Lines {
  return proxyHost === undefined ? [] : [`The request went through the proxy ${named(proxyHost)}.`];
}

function proxyName({ proxyHost }: ErrorContext): string {
  return proxyHost === undefined ? '' : ` ${named(proxyHost)}`;
}

function noCloud(host: string, { described }: MetadataError): Lines {
  const clouds = listed(described, named);
  return [
    `The metadata document of ${named(host)} does not describe the cloud that serves it.`,
    `${clouds === '' ? 'It describes no cloud.' : `It describes: ${clouds}.`} ${CHECK_METADATA_URL}`,
  ];
}

interface Cause {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly deadlineMs: number | undefined;
}

/** An error with all the errors that it wraps, the outermost first. */
function causes(error: unknown): readonly Cause[] {
  const chain: Cause[] = [];
  const queue: unknown[] = [error];
  while (queue.length > 0 && chain.length < 20) {
    const next = queue.shift();
    if (typeof next !== 'object' || next === null) continue;
    const { name, code, message, deadlineMs, cause, errors } = next as Readonly<Record<string, unknown>>;
    chain.push({
      name: stringIn(name) ?? '',
      code: stringIn(code) ?? stringIn(objectIn(next).errorCode),
      // The message of a SyntaxError quotes a part of the response, which may be a credential.
      message: name === 'SyntaxError' ? '' : (stringIn(message) ?? ''),
      deadlineMs: numberIn(deadlineMs),
    });
    queue.push(cause, ...arrayIn(errors));
  }
  return chain;
}

/** A code that has a row: from the errors' own fields if possible, else out of a message. */
function knownCode(chain: readonly Cause[]): string | undefined {
  const known = FAULTS.flatMap(({ codes }) => codes);
  for (const { code, name } of chain) {
    // The name is the more exact one: for the retry policy, an empty response has the code of a broken connection.
    if (known.includes(name)) return name;
    if (code !== undefined && known.includes(code)) return code;
  }
  return known.find((code) => chain.some(({ message }) => new RegExp(`\\b${code}\\b`).test(message)));
}
