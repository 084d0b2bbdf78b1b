import { type ChildProcess, execFileSync } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { readdirSync, readFileSync } from 'node:fs';

const running = new Set<ChildProcess>();

/** Knows every process that the step or a library of it starts, so that none outlives a cancelled step. */
export function watchChildren(): void {
  subscribe('child_process', (message) => {
    const { process: child } = message as { readonly process: ChildProcess };
    running.add(child);
    child.once('exit', () => running.delete(child));
  });
}

/** Ends them with all that they have started. */
export function endChildren(): void {
  const children = [...running].filter(({ pid }) => pid !== undefined);
  if (children.length === 0) return;
  const parents = parentsOfAll();
  for (const child of children) {
    const pid = child.pid ?? 0;
    // A process that leads a group of its own takes along what has lost its parent.
    for (const each of [...descendantsOf(pid, parents), -pid]) kill(each);
    child.kill('SIGKILL');
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended, or leads no group.
  }
}

function descendantsOf(pid: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return children.flatMap((child) => [child, ...descendantsOf(child, parents)]);
}

/** Process → its parent; empty where the system does not tell. */
function parentsOfAll(): ReadonlyMap<number, number> {
  try {
    return new Map(process.platform === 'linux' ? fromProc() : fromPs());
  } catch {
    return new Map();
  }
}

function fromProc(): readonly (readonly [number, number])[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      // The name in parentheses may hold any character; state and parent follow it.
      const [, parent] = /.*\) \S (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
      return parent === undefined ? [] : [[Number(pid), Number(parent)]];
    } catch {
      return [];
    }
  });
}

function fromPs(): readonly (readonly [number, number])[] {
  if (process.platform === 'win32') return [];
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8', timeout: 2_000 });
  return [...table.matchAll(/(\d+)\s+(\d+)/g)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
}
