import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';

const running = new Set<ChildProcess>();

/** Knows every process that the step or a library of it starts, so that none outlives a cancelled step. */
export function watchChildren(): void {
  subscribe('child_process', (message) => {
    const { process: child } = message as { readonly process: ChildProcess };
    running.add(child);
    child.once('exit', () => running.delete(child));
  });
}

export function endChildren(): void {
  for (const child of running) {
    const { pid } = child;
    if (pid === undefined) continue;
    try {
      // A process that leads a group of its own takes what it has started along.
      process.kill(-pid, 'SIGKILL');
    } catch {
      child.kill('SIGKILL');
    }
  }
}
