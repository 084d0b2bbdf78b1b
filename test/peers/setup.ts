import type { TestProject } from 'vitest/node';
import { type Environments, prepareEnvironments } from './environments.ts';

declare module 'vitest' {
  interface ProvidedContext {
    environments: Environments;
  }
}

/** Before all tests: without Python, none of them runs and the run fails. */
export default async function setup({ provide }: TestProject): Promise<void> {
  provide('environments', await prepareEnvironments(console.log));
}
