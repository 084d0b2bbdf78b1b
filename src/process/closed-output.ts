/**
 * Lets the process go on when nobody reads what it prints any more, as after `| head`: without a listener, the broken
 * pipe would end it as an uncaught error.
 */
export function tolerateClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
