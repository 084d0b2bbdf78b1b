import type { DeploymentState } from './state.ts';

const STATUS = `Instance status:
SystemSetup: Succeeded
UserContainerImagePull: Succeeded
ModelDownload: Succeeded
UserContainerStart: Succeeded

Container events:
Kind: Pod, Name: Downloading, Type: Normal, Time: 2026-03-03T20:17:12.014129Z, Message: Start downloading models
Kind: Pod, Name: Started, Type: Normal, Time: 2026-03-03T20:18:02.221305Z, Message: Started container inference-server
Kind: Pod, Name: ContainerReady, Type: Normal, Time: 2026-03-03T20:18:21.986069Z, Message: Container is ready
`;

/** What an inference server says while it starts. */
export const START_LOG: readonly string[] = [
  '2026-03-03 20:18:09,638 I [13] gunicorn.error - Listening at: http://0.0.0.0:31311 (13)',
  '',
  'Azure ML Inferencing HTTP server v1.3.4',
  '',
  'Server Routes',
  '---------------',
  'Liveness Probe: GET   127.0.0.1:31311/',
  'Score:          POST  127.0.0.1:31311/score',
  '',
  '2026-03-03 20:18:10,559 I [78] azmlinfsrv - Scoring timeout is set to 3600000',
];

/**
 * The text that getLogs gives: the instance's status, then the container's own lines.
 * @param tail how many of those lines, from the end
 */
export function containerLog(
  { logs }: DeploymentState,
  containerType: string,
  tail: number | undefined,
): string {
  const lines = logs[containerType] ?? [];
  const shown = tail === undefined ? lines : tail <= 0 ? [] : lines.slice(-tail);
  return `${STATUS}\nContainer logs:\n${shown.map((line) => `${line}\n`).join('')}`;
}
