import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';
import { generate } from './generate.ts';
import { copyLeanClient } from './lean-client.ts';
import { licenses } from './licenses.ts';
import { copyReadingModels } from './reading-models.ts';
import { copyUnattendedSignIn } from './unattended-sign-in.ts';

// ncc cannot read TypeScript 7: it bundles what tsc wrote. Its output is the same on every machine.
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

function node(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    // What tsc finds wrong comes on stdout.
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function bundle(entry: string, folder: string): void {
  node('@vercel/ncc/dist/ncc/cli.js', 'build', entry, '-o', folder, '--minify', '--quiet');
}

rmSync(join(root, 'build'), { recursive: true, force: true });
node('typescript/bin/tsc', '-p', 'tsconfig.build.json');
generate(root);
copyUnattendedSignIn(root, join(root, 'build'));
copyReadingModels(root, join(root, 'build'));
copyLeanClient(root, join(root, 'build'));
// What does not compile leaves the last build as it is.
rmSync(dist, { recursive: true, force: true });
bundle('build/entries/github-action.js', 'dist');
// A thread is started from a file of its own, for which ncc would copy a single module.
bundle('build/smoke-test/judge/judging-thread.js', 'build/thread');
copyFileSync(join(root, 'build/thread/index.js'), join(dist, 'judging-thread.js'));

// ncc minifies the entry alone. The chunks are what is loaded when it is needed.
for (const chunk of readdirSync(dist).filter((name) => /^\d+\.index\.js$/.test(name))) {
  const path = join(dist, chunk);
  const { code } = await minify(readFileSync(path, 'utf8'), { module: true });
  if (code === undefined) throw new Error(`${chunk} could not be minified`);
  writeFileSync(path, code);
}
writeFileSync(join(dist, 'licenses.txt'), licenses(root));
