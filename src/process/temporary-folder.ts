import { tmpdir } from 'node:os';

/** Where temporary files go: the folder that the CI system empties after the job, or else the machine's own. */
export function temporaryFolder(environment: NodeJS.ProcessEnv): string {
  return environment.RUNNER_TEMP || environment.AGENT_TEMPDIRECTORY || tmpdir();
}
