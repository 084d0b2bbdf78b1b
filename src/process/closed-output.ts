let closed = false;

/**
 * Lets the process go on when nobody reads what it prints any more, as after `| head`: without a listener, the broken
 * pipe would end it as an uncaught error.
 */
export function tolerateClosedOutput(): void {
  process.stdout.on('error', () => {
    closed = true;
  });
  process.stderr.on('error', () => undefined);
}

/** Whether nobody reads stdout any more, as far as it is known: a write tells it only afterwards. */
export function isOutputClosed(): boolean {
  return closed;
}
