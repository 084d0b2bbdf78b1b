import { spawn } from 'node:child_process';
import { pinnedNode } from '../../test/runner/node.ts';

export interface ChildRun {
  readonly stdout: string;
  /** From start to exit. */
  readonly elapsedMs: number;
}

/**
 * Runs a script with the Node that the runner ships.
 * @throws when it ends with anything but 0
 */
export async function runChild(script: string, env: NodeJS.ProcessEnv, stdin?: unknown): Promise<ChildRun> {
  const startedAt = performance.now();
  const child = spawn(pinnedNode(), [script], {
    env,
    stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(JSON.stringify(stdin));
  const texts = [child.stdout, child.stderr].map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return chunks;
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  const elapsedMs = performance.now() - startedAt;
  const [stdout = '', stderr = ''] = texts.map((chunks) => Buffer.concat(chunks).toString());
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stdout}${stderr}`);
  return { stdout, elapsedMs };
}
