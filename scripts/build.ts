import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { licenses } from './licenses.ts';

// ncc cannot read TypeScript 7: it bundles what tsc wrote. Its output is the same on every machine.
const root = fileURLToPath(new URL('..', import.meta.url));

function node(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

for (const folder of ['build', 'dist']) rmSync(join(root, folder), { recursive: true, force: true });
node('typescript/bin/tsc', '-p', 'tsconfig.build.json');
// `open` starts a browser for ways to sign in that no CI has.
node('@vercel/ncc/dist/ncc/cli.js', 'build', 'build/main.js', '-o', 'dist', '--minify', '--external', 'open');
writeFileSync(join(root, 'dist', 'licenses.txt'), licenses(root));
