import { basename } from 'node:path';
import { byteOrderMarkOf, mistakeInSample, SAVE_AS_UTF8 } from '../../../text/file-text.ts';
import type { RequestBody, RequestPlan } from '../plan.ts';
import { contentTypeOf } from '../request-body.ts';
import { child, type DocumentNode, entriesOf, jsonTextOf, stringAt } from './document-node.ts';
import type { FoundFile, NamedFiles } from './files.ts';
import type { MistakeCollector } from './mistakes.ts';
import { buildForm, type FormField } from './multipart.ts';
import { readRequestHeaders } from './request-headers.ts';
import type { SecretSource } from './secret-values.ts';

interface Body {
  readonly body: RequestBody;
  readonly contentType?: string | undefined;
}

type BodyReader = (node: DocumentNode, files: NamedFiles, mistakes: MistakeCollector) => Body | undefined;

/** The keys that say what is sent. */
const BODIES: Readonly<Record<string, BodyReader>> = {
  body: (node, files, mistakes) => {
    const file = files.bytes(node, mistakes);
    const mistake = file && mistakeInSample(file.bytes);
    if (mistake !== undefined) mistakes.value(node, mistake);
    return file && { body: bytes([file.bytes], file.origin), contentType: typeOf(file) };
  },
  json: (node) => ({
    body: bytes([Buffer.from(jsonTextOf(node), 'utf8')], 'inline JSON'),
    contentType: 'application/json',
  }),
  text: (node) => ({
    body: bytes([Buffer.from(stringAt(node) ?? '', 'utf8')], 'inline text'),
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

export function readRequest(
  node: DocumentNode | undefined,
  files: NamedFiles,
  environment: SecretSource,
  mistakes: MistakeCollector,
): RequestPlan {
  const { headers, contentType } = readRequestHeaders(child(node, 'headers'), environment, mistakes);
  const bodies = Object.entries(BODIES).flatMap(([key, read]) => {
    const source = child(node, key);
    return source === undefined ? [] : [read(source, files, mistakes)];
  });
  const form = child(node, 'multipart');
  if (form !== undefined && contentType !== undefined)
    mistakes.value(
      contentType,
      'A multipart body names its own content type, with its boundary. Leave it out.',
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

/** Each line of the file without its line break; nothing is copied. */
function readLines(node: DocumentNode, files: NamedFiles, mistakes: MistakeCollector): Body | undefined {
  const file = files.bytes(node, mistakes);
  if (file === undefined) return undefined;
  const mark = byteOrderMarkOf(file.bytes);
  if (mark?.startsWith('UTF-16')) {
    mistakes.value(node, `The file is ${mark}, which has no lines to send. ${SAVE_AS_UTF8}`);
    return undefined;
  }
  const lines = [...linesOf(file.bytes)];
  const first = lines[0];
  if (first === undefined) {
    mistakes.value(node, 'This file has no line that is not blank. Each line is one request body.');
    return undefined;
  }
  // A line of JSON Lines is JSON.
  const contentType = /\.(?:jsonl|ndjson)$/i.test(file.path)
    ? 'application/json'
    : contentTypeOf(file.path, first);
  return { body: bytes(lines, file.origin), contentType };
}

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF', 'utf8');

function* linesOf(text: Buffer): Generator<Buffer> {
  let start = text.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
  while (start < text.length) {
    const found = text.indexOf(LINE_FEED, start);
    const end = found < 0 ? text.length : found;
    const line = text.subarray(start, text[end - 1] === 0x0d && end > start ? end - 1 : end);
    if (line.some((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0d)) yield line;
    start = end + 1;
  }
}

function readForm(node: DocumentNode, files: NamedFiles, mistakes: MistakeCollector): Body | undefined {
  const fields = entriesOf(node).flatMap((entry): readonly FormField[] => {
    const text = stringAt(child(entry, 'text'));
    if (text !== undefined) return [{ name: entry.key, content: Buffer.from(text, 'utf8') }];
    const file = files.bytes(entry, mistakes);
    if (file === undefined) return [];
    const fileName = basename(file.path);
    return [{ name: entry.key, content: file.bytes, fileName, contentType: typeOf(file) }];
  });
  const { body, contentType } = buildForm(fields);
  return { body: bytes([body], 'form'), contentType };
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

function bytes(bodies: readonly Buffer[], origin: string): RequestBody {
  return { kind: 'bytes', bodies, origin };
}
