import { join } from 'node:path';
import { PROJECT_ROOT } from '../../test/runner/node.ts';
import { SAMPLE_REQUEST, stepEnvironment, withLocalAzure } from './azure.ts';
import { runChild } from './children.ts';
import { median } from './numbers.ts';

/** The whole step with one sample, beside the least that its exchanges cost. */
export interface Round {
  /** Added to every exchange. */
  readonly delayMs: number;
  readonly floorMs: number;
  readonly stepMs: number;
  readonly ratio: number;
  readonly ratioLimit: number;
}

/** @param folder holds dist/ as a workflow downloads it */
export async function stepRound(folder: string, runs: number, delayMs: number): Promise<Round> {
  const options = ['--no-validate', '--until-stdin-closes', '--delay-ms', String(delayMs)];
  return withLocalAzure(['test/local-azure/main.ts', ...options], async (azure) => {
    const inputs = { endpoint: 'churn-key', 'sample-request': SAMPLE_REQUEST };
    const environment = stepEnvironment(azure, folder, inputs);
    const floor: number[] = [];
    const step: number[] = [];
    // The first pair warms the file cache and the server, and is not counted.
    for (let run = 0; run <= runs; run++) {
      const least = await runChild(join(PROJECT_ROOT, 'scripts/bench/floor.mjs'), environment);
      const whole = await runChild(join(folder, 'dist/index.js'), environment);
      if (run === 0) continue;
      floor.push(least.elapsedMs);
      step.push(whole.elapsedMs);
    }
    const [floorMs, stepMs] = [median(floor), median(step)];
    return { delayMs, floorMs, stepMs, ratio: stepMs / floorMs, ratioLimit: delayMs === 0 ? 1.4 : 1.1 };
  });
}
