import type { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { objectIn, stringIn } from '../../text/json.ts';
import type { ErrorContext } from './error-context.ts';
import { FAULTS, type Fault, type Place, PROXY_ADVICE, whereToLook } from './network-faults.ts';
import { type Lines, named, serviceAt, whoWasAsked } from './refusal.ts';
import { METADATA_URL, NO_MANAGED_IDENTITY_SERVICE } from './sign-in.ts';

/** A leg whose service could not be asked, or whose answer did not come whole. */
export function explainNetwork(error: ServiceError, situation: ErrorContext): Lines {
  const { call: leg, host, cause } = error;
  const chain = causes(cause);
  const described = chain.find((each) => each.name === 'MetadataError')?.described;
  if (described !== undefined) return noCloud(host, described);
  const code = knownCode(chain);
  const fault = FAULTS.find(({ codes }) => codes.includes(code ?? ''));
  const service = serviceAt(leg, host, situation);
  const who = whoWasAsked({ leg, host, situation });
  const place: Place = { leg, situation };
  if (chain.some(({ message }) => /proxy connection ended|CONNECT response/i.test(message))) {
    return [`The proxy${proxyName(situation)} closed the connection on the way to ${service}.`, PROXY_ADVICE];
  }
  if (leg === 'managed identity probe' || (leg === 'sign-in' && situation.login === 'managed-identity')) {
    return [`${who} ${seen(fault, code, chain)}.`, ...NO_MANAGED_IDENTITY_SERVICE];
  }
  if (fault?.ofProxy && situation.proxyHost !== undefined) {
    return [
      `The proxy${proxyName(situation)}, on the way to ${service}, ${seen(fault, code, chain)}.`,
      PROXY_ADVICE,
    ];
  }
  if (fault !== undefined) {
    return [`${who} ${seen(fault, code, chain)}.`, ...fault.advice(place), ...throughProxy(situation)];
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
    whereToLook(place),
    ...throughProxy(place.situation),
  ];
}

function throughProxy({ proxyHost }: ErrorContext): Lines {
  return proxyHost === undefined ? [] : [`The request went through the proxy ${named(proxyHost)}.`];
}

function proxyName({ proxyHost }: ErrorContext): string {
  return proxyHost === undefined ? '' : ` ${named(proxyHost)}`;
}

function noCloud(host: string, described: readonly string[]): Lines {
  const clouds = described.map((url) => named(url)).join(', ');
  return [
    `The metadata document of ${named(host)} does not describe the cloud that serves it.`,
    `${clouds === '' ? 'It describes no cloud.' : `It describes: ${clouds}.`} ${METADATA_URL}`,
  ];
}

interface Cause {
  readonly name: string;
  readonly code: string | undefined;
  readonly message: string;
  readonly deadlineMs: number | undefined;
  readonly described: readonly string[] | undefined;
}

/** An error with all that it wraps, the outermost first. */
function causes(error: unknown): readonly Cause[] {
  const chain: Cause[] = [];
  const queue: unknown[] = [error];
  while (queue.length > 0 && chain.length < 20) {
    const next = queue.shift();
    if (typeof next !== 'object' || next === null) continue;
    const { name, code, message, deadlineMs, described, cause, errors } = next as Readonly<
      Record<string, unknown>
    >;
    chain.push({
      name: stringIn(name) ?? '',
      code: stringIn(code) ?? stringIn(objectIn(next).errorCode),
      // A SyntaxError's message holds a part of the answer, which may be a credential.
      message: name === 'SyntaxError' ? '' : (stringIn(message) ?? ''),
      deadlineMs: typeof deadlineMs === 'number' ? deadlineMs : undefined,
      described: Array.isArray(described) ? described.filter((url) => typeof url === 'string') : undefined,
    });
    queue.push(cause, ...(Array.isArray(errors) ? errors : []));
  }
  return chain;
}

/** A code that the table knows: from the errors' own fields first, else out of a message. */
function knownCode(chain: readonly Cause[]): string | undefined {
  const known = FAULTS.flatMap(({ codes }) => codes);
  for (const { code, name } of chain) {
    if (code !== undefined && known.includes(code)) return code;
    if (known.includes(name)) return name;
  }
  return known.find((code) => chain.some(({ message }) => new RegExp(`\\b${code}\\b`).test(message)));
}
