import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { type AzureFacts, environmentFor } from './local-azure.ts';

export type Shown = Readonly<Record<string, unknown>>;

export interface ClientError {
  readonly type: string;
  readonly status: number | null;
  readonly message: string;
}

/** Microsoft's Python client, in a process of its own. */
export interface MlClient {
  /** Calls a method such as `online_endpoints.get`. @throws when the client raises */
  ask<T = Shown>(method: string, args?: Shown): Promise<T>;
  /** What the client raises. @throws when it does not */
  fail(method: string, args: Shown): Promise<ClientError>;
  close(): Promise<void>;
}

/** @param programs of the Python environment `ml` */
export async function startMlClient(azure: AzureFacts, programs: string): Promise<MlClient> {
  const home = await mkdtemp(join(tmpdir(), 'ml-client-'));
  const child = spawn(join(programs, 'python'), [join(import.meta.dirname, 'ml_client.py')], {
    env: environmentFor(azure, home),
    windowsHide: true,
  });
  const exit = once(child, 'exit');
  const printed = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  // It is told by the missing answer when the program is gone.
  child.stdin.on('error', () => {});
  const { tenantId, clientId, clientSecret, entraHost, subscriptionId, resourceGroup, workspace } = azure;
  const facts = { tenantId, clientId, clientSecret, entraHost, subscriptionId, resourceGroup, workspace };
  child.stdin.write(`${JSON.stringify(facts)}\n`);

  async function put(method: string, args: Shown): Promise<{ value?: unknown; error?: ClientError }> {
    child.stdin.write(`${JSON.stringify({ method, args })}\n`);
    const { value: line } = await lines.next();
    if (line === undefined) throw new Error(`The Python client ended:\n${await printed}`);
    return JSON.parse(line);
  }

  return {
    async ask<T>(method: string, args: Shown = {}) {
      const { value, error } = await put(method, args);
      if (error !== undefined) throw new Error(`${method}: ${error.type}: ${error.message}`);
      return value as T;
    },
    async fail(method, args) {
      const { value, error } = await put(method, args);
      if (error === undefined) throw new Error(`${method} did not raise, but gave ${JSON.stringify(value)}`);
      return error;
    },
    async close() {
      child.stdin.end();
      await exit;
      await rm(home, { recursive: true, force: true });
    },
  };
}
