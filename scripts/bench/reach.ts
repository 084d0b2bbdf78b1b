import type { LocalAzureLine } from './azure.ts';
import { actionRun, generatorRun, type LoadRun } from './load.ts';
import { median } from './numbers.ts';

/** How far the action keeps up with a load generator that does nothing but send, against a server that costs little. */
export interface Reach {
  /** Where answers come after 20 ms, or at once: then the client is what is measured. */
  readonly endpoint: 'after-20-ms' | 'varied-after-20-ms' | 'at-once';
  /** Whether the action held the answers, of which each is another, against expectations. */
  readonly judged?: boolean;
  readonly concurrency: number;
  readonly samples: number;
  /** The action's p50 to the generator's: above 1, the requests waited for the action. */
  readonly p50Ratio: number;
  /** Undefined flat out, where latency is how long requests queue. */
  readonly p50RatioLimit: number | undefined;
  /** The action's requests a second to the generator's. */
  readonly rateRatio: number;
  readonly leastRateRatio: number;
  readonly perSecond: number;
}

/** What is compared, and how many requests each time: enough for a second or so. */
export const REACH = [
  { endpoint: 'after-20-ms', concurrency: 32, samples: 2_000 },
  { endpoint: 'after-20-ms', concurrency: 64, samples: 4_000 },
  { endpoint: 'varied-after-20-ms', concurrency: 32, samples: 2_000, judged: true },
  { endpoint: 'varied-after-20-ms', concurrency: 64, samples: 4_000, judged: true },
  { endpoint: 'at-once', concurrency: 8, samples: 10_000 },
] as const;

/** Each run is compared with the one beside it, so that what else the machine does hits both; medians of the ratios. */
export async function compareReach(
  azure: LocalAzureLine,
  folder: string,
  { runs, ...load }: (typeof REACH)[number] & { readonly runs: number },
): Promise<Reach> {
  const { endpoint } = load;
  const pairs: { readonly action: LoadRun; readonly generator: LoadRun }[] = [];
  for (let run = 0; run < runs; run++) {
    const given = { ...load, deployment: 'blue' };
    const action = await actionRun(azure, folder, given);
    pairs.push({ action, generator: await generatorRun(azure, given, action.credential) });
  }
  const ofPairs = (ratio: (pair: (typeof pairs)[number]) => number) => median(pairs.map(ratio));
  return {
    ...load,
    p50Ratio: ofPairs(({ action, generator }) => action.p50 / generator.p50),
    p50RatioLimit: endpoint === 'at-once' ? undefined : 1.1,
    rateRatio: ofPairs(({ action, generator }) => action.perSecond / generator.perSecond),
    leastRateRatio: endpoint === 'at-once' ? 0.8 : 0.9,
    perSecond: ofPairs(({ action }) => action.perSecond),
  };
}
