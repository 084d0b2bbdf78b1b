import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// ncc cannot read TypeScript 7: it bundles what tsc wrote. Its output is the same on every machine.
const root = fileURLToPath(new URL('..', import.meta.url));
const bin = (name: string): string => `${root}node_modules/${name}`;
const node = (script: string, ...args: readonly string[]): void => {
  execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
};

for (const folder of ['build', 'dist']) rmSync(`${root}${folder}`, { recursive: true, force: true });
node(bin('typescript/bin/tsc'), '-p', 'tsconfig.build.json');
node(
  bin('@vercel/ncc/dist/ncc/cli.js'),
  'build',
  'build/main.js',
  '-o',
  'dist',
  '--minify',
  '--license',
  'licenses.txt',
);
