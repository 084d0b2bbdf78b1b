import { resolve } from 'node:path';
import { whyInputUnread } from '../process/guarded-files.ts';
import { quote } from '../secrets/untrusted.ts';
import type { Overrides } from '../smoke-test/plan/file/smoke-test-file.ts';
import { MOST_SAMPLES, RUN_KEYS, samplesOf } from '../smoke-test/plan/plan.ts';
import type { SmokeTestInputs } from '../smoke-test/settings.ts';
import { parseDuration } from '../text/format.ts';
import { words } from '../text/words.ts';
import { defaultOf, type InputName } from './declarations.ts';
import { DEFAULT_TOLERANCE } from './expectations.ts';
import { readConnectTo } from './network.ts';
import { type InputReader, type InputSource, mistakeInWorkingDirectory } from './reader.ts';
import { CASE_INPUTS, readDeployment, readShortInputs } from './short-inputs.ts';

const MOST_LOG_LINES = 10_000;

/**
 * The smoke test as short inputs or as a file say it: the same plan; undefined when there is none.
 * @param isServer a server without deployments is tested
 */
export async function readSmokeTest(
  reader: InputReader,
  source: InputSource,
  isServer = false,
): Promise<SmokeTestInputs | undefined> {
  const settings = {
    allowInsecureHttp: reader.boolean('allow-insecure-http'),
    logsOnFailure: reader.count('logs-on-failure', 0, MOST_LOG_LINES),
    showResponse: reader.boolean('show-response'),
  };
  const directory = readWorkingDirectory(reader, source);
  const file = isInline(reader.text('smoke-test')) ? INLINE : reader.path('smoke-test');
  const read = file === '' ? await readShort(reader, source) : await readFile(reader, source, file, isServer);
  const script = reader.text('response-check');
  const checkTimeoutMs = reader.duration('response-check-timeout', 1);
  const givenTimeout = reader.given('response-check-timeout');
  if (script === '' && givenTimeout !== '')
    reader.mistake(
      'response-check-timeout',
      givenTimeout,
      `It has no effect without ${words.label('response-check')}. Give that too, or leave this out.`,
    );
  if (read === undefined) return undefined;
  const { plan, replaced } = read;
  const connectToIsOfFile = plan.connectTo !== undefined && reader.given('connect-to') === '';
  const readSettings = { ...settings, replaced, connectToIsOfFile };
  if (script === '') return { ...readSettings, plan };
  if (script.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line))) {
    reader.mistake('response-check', script, 'It contains no command, so every answer would pass.');
  }
  // The script sees one answer of each case. The others it says nothing of.
  const cases = plan.cases.map((each) =>
    samplesOf(plan, each) > 1 ? each : { ...each, expect: { ...each.expect, body: 'any' as const } },
  );
  const check = { script, timeoutMs: checkTimeoutMs, folder: directory };
  return { ...readSettings, plan: { ...plan, cases, check } };
}

/** How messages name a smoke test that is written into the input itself. */
const INLINE = 'smoke-test';

/** A path has one line, and begins with no brace. */
function isInline(text: string): boolean {
  return text.includes('\n') || text.startsWith('{');
}

/** A plan, with a line of the log for each value of a smoke-test file that an input replaced. */
type ReadPlan = Pick<SmokeTestInputs, 'plan' | 'replaced'>;

async function readShort(reader: InputReader, source: InputSource): Promise<ReadPlan | undefined> {
  const plan = await readShortInputs(reader, source);
  return plan && { plan, replaced: [] };
}

async function readFile(
  reader: InputReader,
  source: InputSource,
  path: string,
  isServer: boolean,
): Promise<ReadPlan | undefined> {
  for (const [name, key] of Object.entries(CASE_INPUTS) as [keyof typeof CASE_INPUTS, string][]) {
    const value = reader.given(name);
    if (value === '') continue;
    reader.mistake(
      name,
      value,
      `A smoke-test file describes the requests and their answers itself. Write it there, as '${key}', or leave ${words.label('smoke-test')} out.`,
    );
  }
  const [{ readSmokeTestFile }, { compileOwnSchema }, { compilePath }] = await Promise.all([
    import('../smoke-test/plan/file/smoke-test-file.ts'),
    import('../smoke-test/judge/json-schema.ts'),
    import('../smoke-test/judge/json-path.ts'),
  ]);
  const { workspace } = source;
  const text = reader.text('smoke-test');
  // A mistake in the file names it.
  if (!isInline(text) && reader.mayBeSecret(path) && !isReadable(reader, source, path)) return undefined;
  const folder = resolve(workspace, reader.text('working-directory'));
  const defaults = {
    warmUpMs: parseDuration(defaultOf('warm-up'))!,
    samples: Number(defaultOf('samples')),
    timeoutMs: parseDuration(defaultOf('timeout'))!,
    tolerance: DEFAULT_TOLERANCE,
  };
  const result = readSmokeTestFile(path, {
    readFile: source.readFile,
    workspace,
    inline: isInline(text) ? { bytes: Buffer.from(text, 'utf8'), folder } : undefined,
    compileSchema: compileOwnSchema,
    compilePath,
    defaults,
    overrides: readOverrides(reader),
    isServer,
    environment: source.environment,
  });
  if ('mistakes' in result) {
    reader.fileMistakes.push(...result.mistakes);
    return undefined;
  }
  const replaced = RUN_KEYS.filter((name) => reader.given(name) !== '').map((name) => {
    const own = result.own[name];
    const instead = own === undefined ? 'which does not set it' : `which has ${quote(own, 100)}`;
    return `${words.label(name)}: ${quote(reader.given(name), 100)} is taken from the ${words.inputNoun} and not from ${quote(path, 200)}, ${instead}.`;
  });
  return { plan: result.plan, replaced };
}

/** Whether the file is there and may be read; if not, that is a mistake of the input. */
function isReadable(reader: InputReader, { readFile }: InputSource, path: string): boolean {
  try {
    readFile(path);
    return true;
  } catch (error) {
    reader.mistake('smoke-test', path, whyInputUnread(error, path));
    return false;
  }
}

/** What the user gave; a default replaces nothing. */
function readOverrides(reader: InputReader): Overrides {
  const isGiven = (name: InputName): boolean => reader.given(name) !== '';
  return {
    ...(isGiven('deployment') ? { deployment: readDeployment(reader) } : {}),
    ...(isGiven('samples') ? { samples: reader.count('samples', 1, MOST_SAMPLES) } : {}),
    ...(isGiven('warm-up') ? { warmUpMs: reader.duration('warm-up', 0) } : {}),
    ...(isGiven('connect-to') ? { connectTo: readConnectTo(reader) } : {}),
    ...(isGiven('timeout') ? { timeoutMs: reader.duration('timeout', 1) } : {}),
  };
}

/** The working directory's absolute path; undefined when the input is not given. */
function readWorkingDirectory(reader: InputReader, { workspace }: InputSource): string | undefined {
  const directory = reader.text('working-directory');
  if (directory === '') return undefined;
  const mistake = mistakeInWorkingDirectory(directory, workspace);
  if (mistake !== undefined) reader.mistake('working-directory', directory, mistake);
  return resolve(workspace, directory);
}
