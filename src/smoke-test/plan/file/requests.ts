import { basename } from 'node:path';
import { mistakeInSample } from '../../../text/file-text.ts';
import type { JsonExpectation } from '../expectations.ts';
import type { RequestBody, RequestPlan } from '../plan.ts';
import { contentTypeOf } from '../request-body.ts';
import { child, type DocumentNode, entriesOf, stringAt } from './document-node.ts';
import type { FoundFile, NamedFiles } from './files.ts';
import { type LineFile, valuesAt } from './line-files.ts';
import type { MistakeCollector } from './mistakes.ts';
import { buildForm, type FormField } from './multipart.ts';
import { readRequestHeaders } from './request-headers.ts';
import { jsonTextWithSecrets, readSecret, type SecretSource } from './secret-values.ts';

interface Body {
  readonly body: RequestBody;
  readonly contentType?: string | undefined;
}

/** What a request is read from, besides the file itself. */
export interface RequestContext {
  readonly files: NamedFiles;
  readonly environment: SecretSource;
  readonly compilePath: (path: string) => JsonExpectation['find'] | string;
  /** Of `lines`; undefined when there is none, or it has a mistake. */
  readonly lineFile: LineFile | undefined;
  readonly mistakes: MistakeCollector;
}

/** @param request the whole of it */
type BodyReader = (node: DocumentNode, request: DocumentNode, context: RequestContext) => Body | undefined;

/** The keys that say what is sent. */
const BODIES: Readonly<Record<string, BodyReader>> = {
  body: (node, _, { files, mistakes }) => {
    const file = files.bytes(node, mistakes);
    const mistake = file && mistakeInSample(file.bytes);
    if (mistake !== undefined) mistakes.value(node, mistake);
    return file && { body: bytes([file.bytes], file.origin), contentType: typeOf(file) };
  },
  json: (node, _, { environment, mistakes }) => ({
    body: bytes([Buffer.from(jsonTextWithSecrets(node, environment, mistakes), 'utf8')], 'inline JSON'),
    contentType: 'application/json',
  }),
  text: (node, _, context) => ({
    body: bytes([Buffer.from(textOrSecret(node, context), 'utf8')], 'inline text'),
    contentType: 'text/plain; charset=utf-8',
  }),
  lines: readLines,
  multipart: readForm,
  swagger: (node) => ({
    body: {
      kind: 'swagger',
      ...(child(node, 'answer') === undefined ? {} : { answer: 'ignored' }),
    },
  }),
};

export function readRequest(node: DocumentNode | undefined, context: RequestContext): RequestPlan {
  const { environment, mistakes } = context;
  const { headers, contentType } = readRequestHeaders(child(node, 'headers'), environment, mistakes);
  const bodies = Object.entries(BODIES).flatMap(([key, read]) => {
    const source = child(node, key);
    return node === undefined || source === undefined ? [] : [read(source, node, context)];
  });
  const form = child(node, 'multipart');
  if (form !== undefined && contentType !== undefined)
    mistakes.value(
      contentType,
      'A multipart body names its own content type, with its boundary. Leave it out.',
    );
  const at = child(node, 'at');
  if (at !== undefined && child(node, 'lines') === undefined)
    mistakes.value(
      at,
      "This names a value of each line of a file, but the request has no 'lines'. Add them.",
    );
  const { body, contentType: own } = bodies[0] ?? { body: { kind: 'none' } };
  return {
    method: stringAt(child(node, 'method')) ?? 'POST',
    path: readPath(child(node, 'path'), mistakes),
    headers,
    contentType: stringAt(contentType) ?? own,
    body,
  };
}

/** Each line of the file, or what `at` names of it. */
function readLines(_: DocumentNode, request: DocumentNode, context: RequestContext): Body | undefined {
  const { lineFile, compilePath, mistakes } = context;
  if (lineFile === undefined) return undefined;
  const { file, lines } = lineFile;
  const at = child(request, 'at');
  const sent = at === undefined ? lines : valuesAt(at, lineFile, compilePath, mistakes);
  if (sent === undefined) return undefined;
  // A line of JSON Lines is JSON.
  const isJson = at !== undefined || /\.(?:jsonl|ndjson)$/i.test(file.path);
  const contentType = isJson ? 'application/json' : contentTypeOf(file.path, sent.at(0)!);
  return { body: { ...bytes(sent, file.origin), lineAt: sent.lineAt }, contentType };
}

function readForm(node: DocumentNode, _: DocumentNode, context: RequestContext): Body | undefined {
  const { files, mistakes } = context;
  const fields = entriesOf(node).flatMap((entry): readonly FormField[] => {
    const text = child(entry, 'text');
    if (text !== undefined || child(entry, 'env') !== undefined)
      return [{ name: entry.key, content: Buffer.from(textOrSecret(text ?? entry, context), 'utf8') }];
    const file = files.bytes(entry, mistakes);
    if (file === undefined) return [];
    const fileName = basename(file.path);
    return [{ name: entry.key, content: file.bytes, fileName, contentType: typeOf(file) }];
  });
  const { body, contentType } = buildForm(fields);
  return { body: bytes([body], 'form'), contentType };
}

/** Text, or the secret that `{ env: NAME }` names. */
function textOrSecret(node: DocumentNode, { environment, mistakes }: RequestContext): string {
  return stringAt(node) ?? readSecret(node, environment, mistakes)?.reveal() ?? '';
}

function readPath(node: DocumentNode | undefined, mistakes: MistakeCollector): string | undefined {
  const path = stringAt(node);
  if (node === undefined || path === undefined || path.startsWith('//')) return path;
  const [segments = ''] = path.split('?', 1);
  // URLs take \ for /, drop tabs and line breaks, and resolve dots in either spelling.
  if (/[\\\p{Cc}\s#]/u.test(path))
    mistakes.value(node, 'A path has no white space, no backslash and no #. Write them as %20, %5C and %23.');
  else if (segments.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment)))
    mistakes.value(node, 'A path has no segments . and .. in it. Write the path that they lead to.');
  return path;
}

function typeOf(file: FoundFile): string {
  return contentTypeOf(file.path, file.bytes);
}

function bytes(bodies: Extract<RequestBody, { kind: 'bytes' }>['bodies'], origin: string) {
  return { kind: 'bytes', bodies, origin } as const;
}
