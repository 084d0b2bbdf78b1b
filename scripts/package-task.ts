import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle, ROOT } from './bundle.ts';
import { iconPng } from './icon.ts';

const EXTENSION = 'build/packages/extension';
const TASK = `${EXTENSION}/AzureMLEndpointV1`;

/**
 * Builds the extension of Azure Pipelines, which holds the task.
 * @returns its path, from the project's root
 */
export async function packageTask(): Promise<string> {
  rmSync(join(ROOT, EXTENSION), { recursive: true, force: true });
  mkdirSync(join(ROOT, EXTENSION), { recursive: true });
  await bundle('azure-pipelines-task', TASK, ['azure-pipelines-task-lib']);
  copyFileSync(join(ROOT, 'azure-pipelines/task.json'), join(ROOT, TASK, 'task.json'));
  for (const name of ['vss-extension.json', 'overview.md'])
    copyFileSync(join(ROOT, 'azure-pipelines', name), join(ROOT, EXTENSION, name));
  copyFileSync(join(ROOT, 'LICENSE'), join(ROOT, EXTENSION, 'LICENSE'));
  writeFileSync(join(ROOT, EXTENSION, 'icon.png'), iconPng());
  writeFileSync(join(ROOT, TASK, 'icon.png'), iconPng());
  const { publisher, id, version } = JSON.parse(
    readFileSync(join(ROOT, EXTENSION, 'vss-extension.json'), 'utf8'),
  ) as Readonly<Record<string, string>>;
  execFileSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/tfx-cli/_build/tfx-cli.js'),
      ...[
        'extension',
        'create',
        '--manifest-globs',
        'vss-extension.json',
        '--output-path',
        join(ROOT, 'build'),
      ],
      ...['--no-prompt', '--json'],
    ],
    { cwd: join(ROOT, EXTENSION), stdio: ['ignore', 'ignore', 'inherit'] },
  );
  return `build/${publisher}.${id}-${version}.vsix`;
}
