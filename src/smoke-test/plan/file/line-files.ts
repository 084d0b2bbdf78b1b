import { quote } from '../../../secrets/untrusted.ts';
import { parseSpelledJson, spelledJsonText } from '../../../text/exact-json.ts';
import { byteOrderMarkOf, SAVE_AS_UTF8 } from '../../../text/file-text.ts';
import { TimeLimitError, withinTime } from '../../judge/time-limit.ts';
import type { JsonExpectation } from '../expectations.ts';
import { createLineTexts, type LineTexts, linesIn } from '../line-texts.ts';
import { type DocumentNode, stringAt } from './document-node.ts';
import type { FoundFile, NamedFiles } from './files.ts';
import type { MistakeCollector } from './mistakes.ts';

/** A file of which each line is something of its own. */
export interface LineFile {
  readonly file: FoundFile;
  readonly lines: LineTexts;
}

/** @returns undefined when there is none, or a mistake, which is reported */
export function readLineFile(
  node: DocumentNode | undefined,
  files: NamedFiles,
  mistakes: MistakeCollector,
): LineFile | undefined {
  const file = files.bytes(node, mistakes);
  if (node === undefined || file === undefined) return undefined;
  const mark = byteOrderMarkOf(file.bytes);
  if (mark?.startsWith('UTF-16')) {
    mistakes.value(node, `The file is ${mark}, which has no lines to send. ${SAVE_AS_UTF8}`);
    return undefined;
  }
  const lines = linesIn(file.bytes);
  if (lines.length > 0) return { file, lines };
  mistakes.value(node, 'Every line of this file is blank. Each line is one request body.');
  return undefined;
}

/** Most lines that one mistake names. */
const MOST_NAMED = 5;

/**
 * What a JSONPath names of each line, as JSON; its numbers are as they were written.
 * @param node the JSONPath
 */
export function valuesAt(
  node: DocumentNode,
  { file, lines }: LineFile,
  compilePath: (path: string) => JsonExpectation['find'] | string,
  mistakes: MistakeCollector,
): LineTexts | undefined {
  const path = stringAt(node) ?? '';
  const find = compilePath(path);
  if (typeof find === 'string') {
    mistakes.value(node, quote(find));
    return undefined;
  }
  const values = createLineTexts();
  const wrong: string[] = [];
  for (const { at, found } of searchLines(lines, find)) {
    const line = lines.lineAt(at);
    if ('mistake' in found) wrong.push(`${file.origin}:${line}: ${quote(found.mistake, 100)}`);
    else values.add(found.json, line);
  }
  if (wrong.length === 0) return values.texts();
  const named = wrong.slice(0, MOST_NAMED).join('; ');
  const more = wrong.length - MOST_NAMED;
  mistakes.value(
    node,
    `Each line needs one value there. ${named}${more > 0 ? `; and ${more} more lines` : ''}.`,
  );
  return undefined;
}

type Found = { readonly json: string } | { readonly mistake: string };

/** Longest search of one line, in milliseconds: within a second, a signal is heard. */
const LONGEST_SEARCH_MS = 800;

/** How long lines are searched under one watchdog, in milliseconds: one for each of 100,000 lines takes half a minute. */
const SHARED_MS = 100;

/** Searches the lines in turn, and ends with the first on which the path takes too long, as it may on the others. */
function* searchLines(
  lines: LineTexts,
  find: JsonExpectation['find'],
): Generator<{ readonly at: number; readonly found: Found }> {
  let at = 0;
  while (at < lines.length) {
    const first = at;
    const found: Found[] = [];
    try {
      withinTime(SHARED_MS + LONGEST_SEARCH_MS, () => {
        const startedMs = performance.now();
        for (; at < lines.length && performance.now() - startedMs < SHARED_MS; at++)
          found.push(valueIn(lines.at(at)!, find));
      });
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
      yield { at, found: { mistake: 'searching this line with the path takes too long' } };
      return;
    }
    yield* found.map((each, index) => ({ at: first + index, found: each }));
  }
}

function valueIn(text: Buffer, find: JsonExpectation['find']): Found {
  let value: unknown;
  try {
    value = parseSpelledJson(text.toString('utf8'));
  } catch {
    return { mistake: 'this line is not JSON' };
  }
  try {
    const nodes = find(value);
    if (nodes.length === 1) return { json: spelledJsonText(nodes[0]!.value) };
    return {
      mistake: nodes.length === 0 ? 'there is no value' : `there are ${nodes.length} values`,
    };
  } catch (error) {
    return { mistake: (error as Error).message };
  }
}
