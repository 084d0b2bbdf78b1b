import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll } from 'vitest';
import type { LocalAzure } from '../local-azure/index.ts';
import { pinnedNode } from '../runner/node.ts';
import type { AzCall, AzSession } from './az-program.ts';

export interface Az {
  /** The PATH on which `az` is found first. */
  readonly path: string;
  calls(): Promise<readonly AzCall[]>;
}

/** A program `az` that stands for the Azure CLI: with the session of a job that has logged in, or without one. */
export async function installAz(azure: LocalAzure, session: 'session' | 'no session'): Promise<Az> {
  const directory = await mkdtemp(join(tmpdir(), 'az-'));
  afterAll(() => rm(directory, { recursive: true, force: true }));
  const calls = join(directory, 'calls.jsonl');
  const settings: AzSession = {
    calls,
    caFile: azure.caFile,
    tokenUrl: session === 'session' ? `${azure.entraHost}/${azure.tenantId}/oauth2/v2.0/token` : undefined,
    clientId: azure.clientId,
    clientSecret: azure.clientSecret,
    subscriptionId: azure.subscriptionId,
    tenantId: azure.tenantId,
  };
  const settingsFile = join(directory, 'session.json');
  const command = `"${pinnedNode()}" "${join(import.meta.dirname, 'az-program.ts')}" "${settingsFile}"`;
  await Promise.all([
    writeFile(settingsFile, JSON.stringify(settings)),
    writeFile(calls, ''),
    writeFile(join(directory, 'az'), `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 }),
    writeFile(join(directory, 'az.cmd'), `@${command} %*\r\n`),
  ]);
  return {
    path: `${directory}${delimiter}${process.env.PATH}`,
    async calls() {
      const lines = (await readFile(calls, 'utf8')).split('\n').filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as AzCall);
    },
  };
}
