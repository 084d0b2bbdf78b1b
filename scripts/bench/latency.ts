import type { LocalAzureLine } from './azure.ts';
import { actionRun, generatorRun, type LoadRun } from './load.ts';
import { median } from './numbers.ts';

/** The action's measurement beside that of a load generator, on the same deployment. */
export interface Comparison {
  /** `instant` answers at once, `busy` after 5 to 20 ms. */
  readonly deployment: 'instant' | 'busy';
  readonly concurrency: number;
  readonly samples: number;
  readonly p50: Pair;
  readonly p95: Pair;
}

interface Pair {
  readonly actionMs: number;
  readonly autocannonMs: number;
  /** Of the action, from autocannon. */
  readonly differencePercent: number;
  /** Undefined where the server, not the client, is what is measured. */
  readonly limitPercent: number | undefined;
}

const LIMIT_PERCENT = 10;

/** Action and load generator in turn, so that what else the machine does hits both; medians of all runs. */
export async function compareLatency(
  azure: LocalAzureLine,
  folder: string,
  { runs, samples, deployment, concurrency }: Omit<Comparison, 'p50' | 'p95'> & { readonly runs: number },
): Promise<Comparison> {
  const action: LoadRun[] = [];
  const generator: LoadRun[] = [];
  for (let run = 0; run < runs; run++) {
    const load = { endpoint: 'measured', deployment, samples, concurrency };
    const measured = await actionRun(azure, folder, load);
    action.push(measured);
    generator.push(await generatorRun(azure, load, measured.credential));
  }
  const pair = (name: 'p50' | 'p95'): Pair => {
    const actionMs = median(action.map((one) => one[name]));
    const autocannonMs = median(generator.map((one) => one[name]));
    return {
      actionMs,
      autocannonMs,
      differencePercent: (actionMs / autocannonMs - 1) * 100,
      limitPercent: deployment === 'busy' ? LIMIT_PERCENT : undefined,
    };
  };
  return { deployment, concurrency, samples, p50: pair('p50'), p95: pair('p95') };
}
