import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.ts';

const FOLDER = 'build/packages/command-line';

/** Files of the project that go along. */
const ALONG = ['LICENSE', 'smoke-test.schema.json', 'report.schema.json'];

/**
 * Builds the npm package of the command line. It is bundled whole: nothing is installed beside it.
 * @returns the path of the archive, from the project's root
 */
export async function packageCommandLine(): Promise<string> {
  await bundle('command-line', FOLDER, ['commander', 'azure-pipelines-task-lib']);
  const entry = join(ROOT, FOLDER, 'index.js');
  writeFileSync(entry, `#!/usr/bin/env node\n${readFileSync(entry, 'utf8')}`);
  chmodSync(entry, 0o755);
  for (const file of ALONG) copyFileSync(join(ROOT, file), join(ROOT, FOLDER, file));
  // Pictures are no part of the package.
  const guide = readFileSync(join(ROOT, 'docs/command-line.md'), 'utf8');
  writeFileSync(join(ROOT, FOLDER, 'README.md'), guide.replace(/<picture>.*?<\/picture>\n\n/gs, ''));
  const { name, version, license, repository, keywords } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Readonly<Record<string, unknown>>;
  const manifest = {
    name,
    version,
    description:
      'Get the credential of an Azure Machine Learning online endpoint, and prove with a smoke test that a deployment answers rightly and fast: from any CI system and from a terminal',
    keywords,
    license,
    repository,
    type: 'module',
    bin: { 'azureml-endpoint': 'index.js' },
    // undici, which sends the measured requests, needs it.
    engines: { node: '>=22.19' },
    publishConfig: { access: 'public', provenance: true },
  };
  rmSync(join(ROOT, FOLDER, 'package.json'), { force: true });
  writeFileSync(join(ROOT, FOLDER, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  // npm is a script of its own on Windows, which only a shell starts.
  const [archive = ''] = execFileSync('npm', ['pack', '--silent', '--pack-destination', '../..'], {
    cwd: join(ROOT, FOLDER),
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
    .trim()
    .split('\n');
  return `build/${archive}`;
}
