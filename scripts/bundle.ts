import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minify } from 'terser';
import { copyLeanClient } from './lean-client.ts';
import { licenses } from './licenses.ts';
import { copyReadingModels } from './reading-models.ts';
import { copyUnattendedSignIn } from './unattended-sign-in.ts';

// ncc cannot read TypeScript 7: it bundles what tsc wrote. Its output is the same on every machine.
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Writes build/ anew: the compiled sources, and what stands in for parts of libraries. */
export function compile(): void {
  rmSync(join(ROOT, 'build'), { recursive: true, force: true });
  node('typescript/bin/tsc', '-p', 'tsconfig.build.json');
  copyUnattendedSignIn(ROOT, join(ROOT, 'build'));
  copyReadingModels(ROOT, join(ROOT, 'build'));
  copyLeanClient(ROOT, join(ROOT, 'build'));
}

/**
 * Bundles an entry with all that it needs into a folder of its own.
 * @param alsoBundled packages that only this entry has, and that are no dependencies of the action
 */
export async function bundle(
  entry: string,
  folder: string,
  alsoBundled: readonly string[] = [],
): Promise<void> {
  rmSync(join(ROOT, folder), { recursive: true, force: true });
  ncc(`build/entries/${entry}.js`, folder);
  // A thread is started from a file of its own, for which ncc would copy a single module.
  ncc('build/smoke-test/judge/judging-thread.js', 'build/thread');
  copyFileSync(join(ROOT, 'build/thread/index.js'), join(ROOT, folder, 'judging-thread.js'));
  // ncc minifies the entry alone. The chunks are what is loaded when it is needed.
  for (const chunk of readdirSync(join(ROOT, folder)).filter((name) => /^\d+\.index\.js$/.test(name))) {
    const path = join(ROOT, folder, chunk);
    const { code } = await minify(readFileSync(path, 'utf8'), { module: true });
    if (code === undefined) throw new Error(`${chunk} could not be minified`);
    writeFileSync(path, code);
  }
  writeFileSync(join(ROOT, folder, 'licenses.txt'), licenses(ROOT, alsoBundled));
}

function node(script: string, ...args: readonly string[]): void {
  execFileSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: ROOT,
    // What tsc finds wrong comes on stdout.
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

function ncc(entry: string, folder: string): void {
  node('@vercel/ncc/dist/ncc/cli.js', 'build', entry, '-o', folder, '--minify', '--quiet');
}
