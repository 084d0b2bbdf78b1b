import { createCommandReader, splitLines } from './commands.ts';
import { createMasker } from './masks.ts';

export interface Streams {
  readonly stdout: string;
  readonly stderr: string;
  /** Values that the job masked before the step. */
  readonly jobMasks: readonly string[];
}

/**
 * The secrets that stand in a line of stdout before, or without, a mask that hides them, or anywhere in stderr,
 * which the runner handles first. The line that registers a mask is excepted, unless commands were stopped.
 */
export function printedBeforeMask(streams: Streams, secrets: readonly string[]): string[] {
  const masker = createMasker();
  for (const mask of streams.jobMasks) masker.add(mask);
  const printed = new Set<string>();
  const searched = secrets.map((secret) => ({ secret, pieces: linesOf(secret) }));

  function look(texts: readonly string[]): void {
    for (const shown of texts.map((text) => masker.mask(text))) {
      for (const { secret, pieces } of searched) {
        if (pieces.some((piece) => shown.includes(piece))) printed.add(secret);
      }
    }
  }

  look(splitLines(streams.stderr));
  const reader = createCommandReader();
  for (const line of splitLines(streams.stdout)) {
    const read = reader.read(line);
    if (read.kind === 'command' && read.name === 'add-mask') {
      masker.add(read.command.data);
    } else if (read.kind === 'command') {
      look([line, read.command.data]);
      // GitHub masks no property, so there is no mask that could hide the secret.
      const properties = Object.values(read.command.props);
      for (const secret of secrets) {
        if (properties.some((value) => value.includes(secret))) printed.add(secret);
      }
    } else {
      look([line]);
    }
  }
  return secrets.filter((secret) => printed.has(secret));
}

const SHORTEST_PIECE = 4;

/** A secret of several lines is printed as soon as one line of it is. */
function linesOf(secret: string): readonly string[] {
  const lines = secret
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_PIECE);
  return lines.length > 1 ? lines : secret === '' ? [] : [secret];
}
