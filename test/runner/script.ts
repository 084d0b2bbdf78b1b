import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StepOptions, StepResult } from './step.ts';
import { runStep } from './step.ts';

/** Runs a script of a few lines as if it were the action. `out` prints a line, `file` appends to a command file. */
export async function runScript(source: string, options: Partial<StepOptions> = {}): Promise<StepResult> {
  const directory = await mkdtemp(join(tmpdir(), 'script-'));
  const entry = join(directory, 'script.mjs');
  const helpers = [
    "import { appendFileSync, writeFileSync } from 'node:fs';",
    "const out = (line) => process.stdout.write(line + '\\n');",
    "const file = (name, text) => appendFileSync(process.env['GITHUB_' + name], text);",
  ];
  try {
    await writeFile(entry, [...helpers, source].join('\n'));
    return await runStep({ inputs: {}, entry, actionFile: join(directory, 'none.yml'), ...options });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
