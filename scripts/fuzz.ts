import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

// Tries the properties of masking, redaction, defusing and the command files with many more values than a
// test run does: no text, however made, may yield an obeyed command or a visible secret.
const { values } = parseArgs({ options: { runs: { type: 'string', default: '100000' } } });
const root = fileURLToPath(new URL('..', import.meta.url));
const files = [
  'test/unit/secrets/masks.test.ts',
  'test/unit/secrets/redactor.test.ts',
  'test/unit/secrets/untrusted.test.ts',
  'test/unit/hosts/github.test.ts',
  'test/unit/hosts/azure-pipelines.test.ts',
];
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const hour = String(3_600_000);
const { status } = spawnSync(process.execPath, [vitest, 'run', '--testTimeout', hour, ...files], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, FUZZ_RUNS: values.runs },
});
process.exitCode = status ?? 1;
