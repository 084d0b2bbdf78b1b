import vm from 'node:vm';

/** Work on remote text was stopped because it took longer than it may. */
export class TimeLimitError extends Error {
  override name = 'TimeLimitError';
}

let script: vm.Script | undefined;
let context: vm.Context | undefined;

/**
 * Runs work that remote text can make endless, and stops it in the middle when the time is up: a regular
 * expression that backtracks, a search through a value made for that purpose. The process waits meanwhile.
 * @param work synchronous, without side effects: it may end anywhere
 * @throws TimeLimitError after `limitMs`, and what `work` throws
 */
export function withinTime<T>(limitMs: number, work: () => T): T {
  // Only vm can interrupt running code, the matcher of regular expressions included.
  script ??= new vm.Script('work()');
  context ??= vm.createContext(Object.create(null) as vm.Context);
  const outer = context.work as unknown;
  context.work = work;
  try {
    return script.runInContext(context, { timeout: limitMs }) as T;
  } catch (error) {
    // The error comes from the other context, where Error is another class.
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    throw new TimeLimitError(`It took longer than ${limitMs} ms.`);
  } finally {
    context.work = outer;
  }
}
