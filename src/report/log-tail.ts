import { defuse, quote } from '../secrets/untrusted.ts';

/** Longest line of a container's log that is shown, in characters. */
const LINE_LENGTH = 2_000;
/** Longest end of a log that is looked at, in characters. */
const LOG_LENGTH = 4_000_000;

/**
 * The last lines of a container's log, each defused and capped. Empty lines at the end are left out.
 * @param content the log as Azure gives it; remote text
 * @param lines how many at most
 */
export function tailOf(content: string, lines: number): readonly string[] {
  if (lines <= 0) return [];
  const last = recent(content).trimEnd().split('\n').slice(-lines).map(lastState).join('\n');
  // As a whole: a secret may be broken over lines.
  const safe = defuse(last, Number.POSITIVE_INFINITY);
  return safe.trim() === '' ? [] : safe.split('\n').slice(-lines).map(capped);
}

/** `The last 100 lines of container inference-server:` */
export function headingOf(container: string, tail: readonly string[]): string {
  const name = quote(container, 100);
  if (tail.length === 0) return `Container ${name} has logged nothing.`;
  return `The last ${tail.length === 1 ? 'line' : `${tail.length} lines`} of container ${name}:`;
}

/** No log is read that is so long that it holds the step up. */
function recent(content: string): string {
  if (content.length <= LOG_LENGTH) return content;
  const end = content.slice(-LOG_LENGTH);
  return end.slice(end.indexOf('\n') + 1);
}

function capped(line: string): string {
  return line.length <= LINE_LENGTH
    ? line
    : `${line.slice(0, LINE_LENGTH)}… (${line.length} characters in all)`;
}

/** What a terminal shows of a line that a progress bar wrote over and over. */
function lastState(line: string): string {
  return line.split('\r').findLast((state) => state.trim() !== '') ?? '';
}
