import { brokenRule } from '../../../azure/naming-rules.ts';
import { type ConnectTo, parseConnectTo } from '../../../network/connect-to.ts';
import { formatDuration, parseDuration } from '../../../text/format.ts';
import { type DocumentNode, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';

/**
 * Milliseconds; undefined when there is no duration, or when it is too long to wait for or too short.
 * @param least the shortest that makes sense, in milliseconds
 */
export function readDuration(
  node: DocumentNode | undefined,
  least: number,
  mistakes: MistakeCollector,
): number | undefined {
  const text = stringAt(node);
  if (node === undefined || text === undefined) return undefined;
  const ms = parseDuration(text);
  // The schema has checked how it is written, so it can only be too long.
  if (ms === undefined) mistakes.value(node, 'This is too long. Write 24d or less.');
  else if (ms < least) {
    mistakes.value(node, `Write ${least}ms or more.`);
    return undefined;
  }
  return ms;
}

/**
 * A latency limit; no longer than the timeout, since no request takes longer than that.
 * @param timeoutMs infinite when the file's own timeout is wrong, so that it causes no further mistakes
 */
export function readLimit(
  node: DocumentNode | undefined,
  timeoutMs: number,
  mistakes: MistakeCollector,
): number | undefined {
  const ms = readDuration(node, 1, mistakes);
  if (node !== undefined && ms !== undefined && ms > timeoutMs)
    mistakes.value(
      node,
      `This is longer than the timeout, which ends a request after ${formatLimit(timeoutMs)}. Lower this, or write a longer timeout.`,
    );
  return ms;
}

function formatLimit(ms: number): string {
  return ms % 1_000 === 0 ? formatDuration(ms) : `${ms} ms`;
}

export function readDeploymentName(
  node: DocumentNode | undefined,
  mistakes: MistakeCollector,
): string | undefined {
  const name = stringAt(node);
  if (node === undefined || name === undefined) return undefined;
  const broken = brokenRule('deployment', name);
  if (broken !== undefined) mistakes.value(node, broken);
  else if (name === 'idle') mistakes.value(node, 'Write the name of a deployment here; idle is not a name.');
  return name;
}

export function readConnectTo(
  node: DocumentNode | undefined,
  mistakes: MistakeCollector,
): ConnectTo | undefined {
  const text = stringAt(node);
  if (node === undefined || text === undefined) return undefined;
  const read = parseConnectTo(text);
  if (typeof read !== 'string') return read;
  mistakes.value(node, read);
  return undefined;
}

/** `0.99` and `99%` are the same share. */
export function readShare(node: DocumentNode | undefined): number | undefined {
  if (typeof node?.value === 'number') return node.value;
  const text = stringAt(node);
  // Divided by 100, 99.9 becomes a little more than 0.999.
  return text === undefined ? undefined : Number(`${text.replace(/\s?%$/, '')}e-2`);
}

/** `1.5` and `1.5x` are the same ratio. */
export function readRatio(node: DocumentNode | undefined): number | undefined {
  if (typeof node?.value === 'number') return node.value;
  const text = stringAt(node);
  return text === undefined ? undefined : Number(text.replace(/x$/, ''));
}

/** The object without its undefined properties. */
export function present<T extends object>(parts: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
