// Loaded before silence-warnings.ts, which takes stderr away from libraries and from Node.
const write = process.stderr.write.bind(process.stderr);

/** Writes to stderr what the step itself has to say there. */
export function writeToStderr(chunk: string | Buffer): boolean {
  return write(chunk);
}
