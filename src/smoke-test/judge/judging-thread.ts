import { parentPort } from 'node:worker_threads';
import { hideForms } from '../../secrets/secret.ts';
import type {
  ContentPath,
  Expectations,
  JsonExpectation,
  Mismatch,
  SchemaSource,
  StreamExpectation,
} from '../plan/expectations.ts';
import { mismatches } from './expectations.ts';
import { compilePath } from './json-path.ts';
import { compileSchema } from './json-schema.ts';
import type { JudgedReply } from './reply-body.ts';

// A thread that judges replies which take long, so that the step's own thread hears signals meanwhile.

/** Expectations without functions, which cannot be sent to another thread. */
export interface PortableExpectations extends Omit<Expectations, 'schema' | 'json' | 'stream'> {
  readonly schemas: readonly SchemaSource[] | undefined;
  readonly hint: string | undefined;
  readonly json: readonly Omit<JsonExpectation, 'find'>[];
  readonly stream: PortableStream | undefined;
}

interface PortableStream extends Omit<StreamExpectation, 'content'> {
  /** The JSONPath. */
  readonly content: string | undefined;
}

export interface ToThread {
  readonly reply: JudgedReply;
  /** Undefined: those of the message before. */
  readonly expectations: PortableExpectations | undefined;
  /** What no excerpt of a reply may show. */
  readonly secretForms: readonly string[];
}

export type FromThread =
  | { readonly kind: 'starts' }
  | { readonly kind: 'begins'; readonly place: Pick<Mismatch, 'at' | 'wanted'> }
  | { readonly kind: 'found'; readonly mismatches: readonly Mismatch[] }
  | { readonly kind: 'end' };

let current: Expectations | undefined;

parentPort?.on('message', ({ reply, expectations, secretForms }: ToThread) => {
  const say = (message: FromThread): void => parentPort?.postMessage(message);
  say({ kind: 'starts' });
  hideForms(secretForms);
  if (expectations !== undefined) current = compiled(expectations);
  if (current === undefined) throw new Error('a reply came before its expectations');
  mismatches(bodyAsBuffer(reply), current, {
    begins: (place) => say({ kind: 'begins', place }),
    found: (found) => say({ kind: 'found', mismatches: found }),
  });
  say({ kind: 'end' });
});

/** A Buffer arrives as a Uint8Array. */
function bodyAsBuffer(reply: JudgedReply): JudgedReply {
  const { body } = reply;
  return body === undefined
    ? reply
    : { ...reply, body: Buffer.from(body.buffer, body.byteOffset, body.length) };
}

function compiled({ schemas, hint, json, stream, ...rest }: PortableExpectations): Expectations {
  const all = schemas?.map(({ schema, origin }) => usable(compileSchema(schema, origin)));
  return {
    ...rest,
    schema: all && {
      origin: all.map(({ origin }) => origin).join(' and '),
      sources: [],
      ...(hint === undefined ? {} : { hint }),
      validate: (value) => all.flatMap(({ validate }) => validate(value)),
    },
    json: json.map(({ path, condition }) => ({ ...compiledPath(path), condition })),
    stream: stream && {
      ...stream,
      content: stream.content === undefined ? undefined : compiledPath(stream.content),
    },
  };
}

function compiledPath(path: string): ContentPath {
  return { path, find: usable(compilePath(path)) };
}

/** What could be compiled before can be compiled again. */
function usable<T>(result: T | string): T {
  if (typeof result === 'string') throw new Error(result);
  return result;
}
