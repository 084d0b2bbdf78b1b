import { HEADER_VALUE } from '../../../network/header-value.ts';
import type { Secret } from '../../../secrets/secret.ts';
import { child, type DocumentNode, entriesOf, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';
import { readSecret, type SecretSource } from './secret-values.ts';

/** Set by the step, or by the connection, which another value would break. */
const SET_BY_THE_STEP = new Set([
  'authorization',
  'azureml-model-deployment',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-ms-client-request-id',
]);

/** @see RFC 9110, section 5.6.2 */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export interface RequestHeaders {
  /** As written, without the content type. */
  readonly headers: Readonly<Record<string, string | Secret>>;
  readonly contentType: DocumentNode | undefined;
}

export function readRequestHeaders(
  node: DocumentNode | undefined,
  environment: SecretSource,
  mistakes: MistakeCollector,
): RequestHeaders {
  const headers = new Map<string, string | Secret>();
  const seen = new Set<string>();
  let contentType: DocumentNode | undefined;
  for (const entry of entriesOf(node)) {
    const name = entry.key.toLowerCase();
    const value = stringAt(entry);
    if (!isHeaderName(entry, seen, mistakes)) continue;
    if (SET_BY_THE_STEP.has(name))
      mistakes.key(entry.pointer, `'${entry.key}': The step sets this header itself. Leave it out.`);
    else if (child(entry, 'env') !== undefined) {
      const secret = readSecret(entry, environment, mistakes, true);
      if (name === 'content-type') mistakes.value(entry, 'A content type is not a secret. Write it here.');
      else if (secret !== undefined) headers.set(entry.key, secret);
    } else if (value === undefined) continue;
    else if (!HEADER_VALUE.test(value))
      mistakes.value(entry, 'The value of a header has no line breaks, control or other special characters.');
    else if (name === 'content-type') contentType = entry;
    else headers.set(entry.key, value);
  }
  return { headers: Object.fromEntries(headers), contentType };
}

/** Reports a name that HTTP does not allow, or that is there twice in upper and lower case. */
export function isHeaderName(
  { key, pointer }: { readonly key: string; readonly pointer: string },
  seen: Set<string>,
  mistakes: MistakeCollector,
): boolean {
  const name = key.toLowerCase();
  if (!TOKEN.test(key)) {
    mistakes.key(pointer, 'This is not a header name. Use letters, digits and dashes.');
    return false;
  }
  if (seen.has(name)) {
    mistakes.key(pointer, `'${key}' is there twice; upper and lower case are the same. Keep one of them.`);
    return false;
  }
  seen.add(name);
  return true;
}
