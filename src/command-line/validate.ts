import { randomBytes } from 'node:crypto';
import { defaultOf } from '../inputs/declarations.ts';
import { DEFAULT_TOLERANCE } from '../inputs/expectations.ts';
import { createFileReader } from '../process/guarded-files.ts';
import { announceMasksTo } from '../secrets/secret.ts';
import { defuse } from '../secrets/untrusted.ts';
import { compilePath } from '../smoke-test/judge/json-path.ts';
import { compileOwnSchema } from '../smoke-test/judge/json-schema.ts';
import { formatMistake, readSmokeTestFile } from '../smoke-test/plan/file/smoke-test-file.ts';
import { parseDuration } from '../text/format.ts';

/**
 * Looks for mistakes in smoke-test files, without any network.
 * @param say gets a line for each mistake, and one at the end
 * @returns how many there are
 */
export function validateFiles(paths: readonly string[], say: (line: string) => void): number {
  // Nothing here is a secret: the placeholder of a variable stands for one.
  announceMasksTo(() => undefined);
  const workspace = process.cwd();
  const sources = {
    readFile: createFileReader(workspace),
    workspace,
    compileSchema: compileOwnSchema,
    compilePath,
    defaults: {
      warmUpMs: parseDuration(defaultOf('warm-up'))!,
      samples: Number(defaultOf('samples')),
      timeoutMs: parseDuration(defaultOf('timeout'))!,
      tolerance: DEFAULT_TOLERANCE,
    },
    environment: anyEnvironment(),
  };
  const mistakes = paths.flatMap((path) => {
    const read = readSmokeTestFile(path, sources);
    return 'mistakes' in read ? read.mistakes : [];
  });
  for (const mistake of mistakes) say(defuse(formatMistake(mistake)));
  const files = `${paths.length} ${paths.length === 1 ? 'file' : 'files'}`;
  const { length } = mistakes;
  say(`${length === 0 ? 'No mistake' : length === 1 ? '1 mistake' : `${length} mistakes`} in ${files}.`);
  return length;
}

/** A variable that is not set here may well be set where the test runs. */
function anyEnvironment(): Readonly<Record<string, string | undefined>> {
  const placeholder = randomBytes(24).toString('hex');
  return new Proxy<Record<string, string | undefined>>({}, { get: () => placeholder });
}
