import { basename } from 'node:path';
import type { StepResult } from '../runner/step.ts';

/** The response file that a step wrote; undefined when it wrote none. */
export function responseOf({ outputs, changedFiles }: StepResult): Buffer | undefined {
  const name = basename(outputs['response-file'] ?? '');
  const [, bytes] = Object.entries(changedFiles).find(([path]) => basename(path) === name) ?? [];
  return bytes === undefined ? undefined : Buffer.from(bytes);
}

/** Claims of a token, unverified. */
export function claimsOf(token: unknown): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString());
}
