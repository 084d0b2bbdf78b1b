import { spawn } from 'node:child_process';

/** Looks for the directory, and ends. */
const LOOK = "require('node:fs').existsSync(process.argv[1])";

/**
 * Whether the file system of a directory answers. A call to one whose server is gone blocks a thread for ever, and
 * Node.js cannot even exit then. So a process of its own makes the first call, and is left alone when it gets no answer.
 */
export function answersInTime(directory: string, limitMs: number): Promise<boolean> {
  // It needs nothing of the environment, but Windows starts no program without this variable.
  const { SystemRoot } = process.env;
  const child = spawn(process.execPath, ['-e', LOOK, '--', directory], {
    stdio: 'ignore',
    env: SystemRoot === undefined ? {} : { SystemRoot },
    detached: true,
    windowsHide: true,
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      child.unref();
      resolve(false);
    }, limitMs);
    const answered = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    child.once('exit', answered);
    // Without another process, the directory is taken to answer.
    child.once('error', answered);
  });
}
