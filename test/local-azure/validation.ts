import { Worker } from 'node:worker_threads';
import type { ArmExchange } from './openapi.ts';

/** Validates exchanges with Resource Manager beside the servers, in the order in which they come. */
export interface Validation {
  readonly violations: string[];
  submit(exchange: ArmExchange): void;
  /** Resolves when nothing is left to judge. */
  settled(): Promise<void>;
  /** Forgets the violations, those still to come included. */
  reset(): void;
  close(): Promise<void>;
}

export function createValidation(): Validation {
  const violations: string[] = [];
  const pending = new Map<number, (violations: readonly string[]) => void>();
  const verdicts = new Set<Promise<void>>();
  let worker: Worker | undefined;
  let submitted = 0;
  let generation = 0;

  // Only who talks to Resource Manager pays for the validator.
  function start(): Worker {
    const started = new Worker(new URL('./openapi-worker.ts', import.meta.url), { execArgv: [] });
    started.unref();
    started.on('message', ({ id, violations: found }: { id: number; violations: readonly string[] }) => {
      pending.get(id)?.(found);
      pending.delete(id);
    });
    started.on('error', (error) => {
      for (const resolve of pending.values()) resolve([`The validator failed: ${String(error)}`]);
      pending.clear();
      // The next exchange starts another one, so that nobody waits for this one.
      if (worker === started) worker = undefined;
    });
    return started;
  }

  return {
    violations,
    submit(exchange) {
      worker ??= start();
      const id = submitted++;
      const mine = generation;
      const verdict = new Promise<readonly string[]>((resolve) => pending.set(id, resolve)).then((found) => {
        if (mine === generation) violations.push(...found);
        verdicts.delete(verdict);
      });
      verdicts.add(verdict);
      worker.postMessage({ id, exchange });
    },
    async settled() {
      // A referenced worker keeps the process alive while somebody waits for it.
      if (verdicts.size > 0) worker?.ref();
      while (verdicts.size > 0) await Promise.all(verdicts);
      worker?.unref();
    },
    reset() {
      violations.length = 0;
      generation += 1;
    },
    async close() {
      await worker?.terminate();
    },
  };
}
