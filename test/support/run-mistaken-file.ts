import { expect } from 'vitest';
import { findLeaks } from '../runner/leaks.ts';
import { runStep, type StepResult } from '../runner/step.ts';
import { SMOKE_TEST_FILE } from './run-smoke-test-file.ts';
import type { Scenario } from './scenario.ts';

/** What was seen of a step that was given something wrong. */
export interface MistakenRun extends StepResult {
  /** Error annotations without a place. */
  readonly errors: readonly string[];
  /** The lines of the log that tell of a mistake in the smoke-test file, without its name. */
  readonly told: readonly string[];
}

/** Runs the action with a smoke-test file that has mistakes; nothing is sent to anyone. */
export async function runMistaken(
  { azure }: Scenario,
  files: Readonly<Record<string, string | Uint8Array>>,
  inputs: Readonly<Record<string, string>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<MistakenRun> {
  const before = azure.exchanges.length;
  const result = await runStep({
    inputs: {
      endpoint: 'churn-key',
      workspace: azure.workspace,
      'resource-group': azure.resourceGroup,
      'subscription-id': azure.subscriptionId,
      'client-id': azure.clientId,
      'tenant-id': azure.tenantId,
      cloud: azure.metadataUrl,
      'ca-certificate': azure.caFile,
      'smoke-test': SMOKE_TEST_FILE,
      'report-directory': 'reports',
      ...inputs,
    },
    env: {
      ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
      ...env,
    },
    files,
  });
  await result.dispose();
  expect(result).toMatchObject({ exitCode: 1, conclusion: 'failure', stderr: '', failedCommands: [] });
  expect(result.outputs).toEqual({ verdict: 'error', 'report-file': 'reports/report.json' });
  expect(azure.exchanges.slice(before)).toEqual([]);
  expect(findLeaks(result, azure.secrets())).toEqual([]);
  const path = inputs['smoke-test'] ?? SMOKE_TEST_FILE;
  return {
    ...result,
    errors: result.annotations
      .filter(({ level, properties }) => level === 'error' && properties.file === undefined)
      .map(({ message }) => message),
    told: result.log
      .split('\n')
      .filter((line) => line.startsWith(`Error: ${path}:`))
      .map((line) => line.slice(`Error: ${path}:`.length)),
  };
}
