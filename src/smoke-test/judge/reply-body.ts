import { excerpt } from '../../secrets/excerpt.ts';
import { isObject, parseJson } from '../../text/json.ts';
import type { Mismatch } from '../plan/expectations.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Reply } from '../request/exchange.ts';

/** What is judged of a reply. All of it is untrusted. */
export interface JudgedReply {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when it was too long to be kept. */
  readonly body: Buffer | undefined;
  /** The content coding that could not be undone; undefined when there is none, or it could. */
  readonly undecoded: Reply['undecoded'];
  /** Length of the body as it came. */
  readonly bytes: number;
  readonly latencyMs: number;
  /** Of a reply that was read as an event stream. */
  readonly stream: StreamSummary | undefined;
}

/** A value, and the JSON text that it was read from. */
export interface JsonBody {
  readonly value: unknown;
  readonly text: string;
}

/** The body as JSON, or what is there instead. A JSON string that holds an object or an array is read as that. */
export function readJson(reply: JudgedReply): JsonBody | { readonly mistake: string } {
  const { body } = reply;
  if (body === undefined) return { mistake: notKept(reply) };
  if (reply.undecoded !== undefined) return { mistake: notDecoded(reply.undecoded) };
  if (body.length === 0) return { mistake: 'an empty body' };
  const type = headerOf(reply, 'content-type') ?? 'no content type';
  let text: string;
  try {
    text = decoderFor(type, { fatal: true }).decode(body);
  } catch {
    return { mistake: `${excerpt(type, 80)}: ${body.length} bytes that are not UTF-8` };
  }
  const value = parseJson(text);
  if (value === undefined) {
    const hint = /\b(?:NaN|Infinity)\b/.test(text) ? ' (JSON has no NaN and no Infinity)' : '';
    return { mistake: `${excerpt(type, 80)}: ${excerpt(text.trim(), 120)}${hint}` };
  }
  return withoutSecondEncoding(value, text);
}

/**
 * The object or the array in a JSON string. Replies of scoring scripts that return json.dumps(…) are encoded twice, and
 * so are files saved from them. Any other string is the string that it is: "1" is a label, not the number 1.
 */
export function withoutSecondEncoding(value: unknown, text: string): JsonBody {
  const inner = typeof value === 'string' ? parseJson(value) : undefined;
  return isObject(inner) || Array.isArray(inner) ? { value: inner, text: value as string } : { value, text };
}

export function decoderFor(
  contentType: string | undefined,
  options: { readonly fatal?: boolean } = {},
): InstanceType<typeof TextDecoder> {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '')?.[1];
  try {
    return new TextDecoder(charset ?? 'utf-8', options);
  } catch {
    return new TextDecoder('utf-8', options);
  }
}

export function notDecoded({ coding, why }: NonNullable<Reply['undecoded']>): string {
  const name = excerpt(coding, 40);
  switch (why) {
    case 'unknown':
      return `a body in the content coding ${name}, which cannot be decoded`;
    case 'broken':
      return `a body that is not in the content coding ${name} that it claims, or that is cut off`;
    case 'too many':
      return `a body in more than two content codings, ${name} the last of them`;
  }
}

export function notKept({ bytes }: JudgedReply): string {
  return `more than 16 MiB (${bytes} bytes as they came), too many to be judged`;
}

/** Marks what is wanted of a body as unjudged, when it is the step that could not read the body. */
export function limitOf({ body, undecoded }: JudgedReply): Pick<Mismatch, 'isUnjudged'> {
  const isBroken = undecoded?.why === 'broken';
  return body === undefined || (undecoded !== undefined && !isBroken) ? { isUnjudged: true } : {};
}

export function headerOf({ headers }: JudgedReply, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}
