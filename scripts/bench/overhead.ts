import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPairs } from '../../test/runner/file-commands.ts';
import { PROJECT_ROOT } from '../../test/runner/node.ts';
import { type LocalAzureLine, SAMPLE_REQUEST, stepEnvironment } from './azure.ts';
import { runChild } from './children.ts';
import { median } from './numbers.ts';

/** What a caller waits for one measured request, beside a bare `https.request`; medians. */
export interface Overhead {
  readonly samples: number;
  readonly scoreMs: number;
  readonly bareMs: number;
  readonly overheadMs: number;
  readonly limitMs: number;
}

export async function measureOverhead(
  azure: LocalAzureLine,
  folder: string,
  { warmUp, samples }: { readonly warmUp: number; readonly samples: number },
): Promise<Overhead> {
  const environment = stepEnvironment(azure, folder, { endpoint: 'measured' });
  await runChild(join(folder, 'dist/index.js'), environment);
  const { credential, 'scoring-uri': url } = readPairs(readFileSync(join(folder, 'output'), 'utf8')).pairs;
  const { stdout } = await runChild(
    join(PROJECT_ROOT, 'scripts/bench/overhead.mjs'),
    { PATH: process.env.PATH, NODE_EXTRA_CA_CERTS: azure.caFile },
    { url, credential, body: readFileSync(SAMPLE_REQUEST, 'utf8'), warmUp, samples },
  );
  const measured = JSON.parse(stdout) as {
    readonly scoreMs: readonly number[];
    readonly bareMs: readonly number[];
  };
  const [scoreMs, bareMs] = [median(measured.scoreMs), median(measured.bareMs)];
  return { samples, scoreMs, bareMs, overheadMs: scoreMs - bareMs, limitMs: 0.3 };
}
