import { brokenRule } from '../azure/naming-rules.ts';
import type { DeploymentChoice, Plan, RequestPlan } from '../smoke-test/plan/plan.ts';
import { readRequestBody } from '../smoke-test/plan/request-body.ts';
import type { SmokeTestInputs } from '../smoke-test/settings.ts';
import { parseDuration } from '../text/format.ts';
import { defaultOf, type InputName } from './declarations.ts';
import { DEFAULT_TOLERANCE, readExpectations } from './expectations.ts';
import type { InputReader, InputSource } from './reader.ts';

/** Inputs that say what a smoke-test file says. */
const SHORT_INPUTS = [
  'sample-request',
  'deployment',
  'samples',
  'warm-up',
  'timeout',
  'max-latency',
  'response-schema',
  'expected-response',
  'tolerance',
  'absolute-tolerance',
] as const satisfies readonly InputName[];

const MOST_SAMPLES = 100_000;
const MOST_LOG_LINES = 10_000;

/** The smoke test as short inputs or as a file say it: the same plan; undefined when there is none. */
export async function readSmokeTest(
  reader: InputReader,
  source: InputSource,
): Promise<SmokeTestInputs | undefined> {
  const settings = {
    allowInsecureHttp: reader.boolean('allow-insecure-http'),
    logsOnFailure: reader.count('logs-on-failure', 0, MOST_LOG_LINES),
    showResponse: reader.boolean('show-response'),
  };
  const file = reader.text('smoke-test');
  const plan = file === '' ? await readShortInputs(reader, source) : await readFile(reader, source, file);
  if (plan === undefined) return undefined;
  const script = reader.text('response-check');
  if (script === '') return { ...settings, plan };
  if (script.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line))) {
    reader.mistake(
      'response-check',
      script,
      'It holds no command, so it would pass whatever the model answers.',
    );
  }
  // The script sees one answer of each case. The others it says nothing of.
  const cases =
    plan.samples > 1
      ? plan.cases
      : plan.cases.map((each) => ({ ...each, expect: { ...each.expect, body: 'any' as const } }));
  return { ...settings, plan: { ...plan, cases, check: { script } } };
}

async function readFile(reader: InputReader, source: InputSource, path: string): Promise<Plan | undefined> {
  for (const name of SHORT_INPUTS) {
    const value = reader.given(name);
    if (value === '') continue;
    reader.mistake(name, value, `The smoke-test file '${path}' says this too. Say it in one of them.`);
  }
  const [{ readSmokeTestFile }, { compileOwnSchema }, { compilePath }] = await Promise.all([
    import('../smoke-test/plan/file/smoke-test-file.ts'),
    import('../smoke-test/judge/json-schema.ts'),
    import('../smoke-test/judge/json-path.ts'),
  ]);
  const { readFile: read, workspace } = source;
  const defaults = {
    warmUpMs: parseDuration(defaultOf('warm-up'))!,
    samples: Number(defaultOf('samples')),
    timeoutMs: parseDuration(defaultOf('timeout'))!,
    tolerance: DEFAULT_TOLERANCE,
  };
  const result = readSmokeTestFile(path, {
    readFile: read,
    workspace,
    compileSchema: compileOwnSchema,
    compilePath,
    defaults,
  });
  if ('plan' in result) return result.plan;
  reader.fileMistakes.push(...result.mistakes);
  return undefined;
}

async function readShortInputs(reader: InputReader, source: InputSource): Promise<Plan | undefined> {
  const request = readRequest(reader, source);
  const deployment = readDeployment(reader);
  const maxLatency = reader.text('max-latency') === '' ? undefined : reader.duration('max-latency', 1);
  const plan = {
    deployment,
    warmUpMs: reader.duration('warm-up', 0),
    warmUpThrough: [],
    samples: reader.count('samples', 1, MOST_SAMPLES),
    concurrency: 1,
    timeoutMs: reader.duration('timeout', 1),
    thresholds: {
      successRate: 1,
      latencyMs: maxLatency === undefined ? {} : { p95: maxLatency },
      baseline: undefined,
    },
    advisory: [],
    check: undefined,
  };
  const expect = await readExpectations(reader, source);
  if (request !== undefined) return { ...plan, cases: [{ name: 'sample request', request, expect }] };
  if (reader.text('sample-request') === '' && !reader.isBlank('sample-request')) refuseIdleInputs(reader);
  return undefined;
}

/** Inputs whose default the runner sends as if the user had written it, with the values that ask for nothing. */
const ASK_FOR_NOTHING: Readonly<Partial<Record<InputName, readonly string[]>>> = {
  'show-response': ['false'],
  'logs-on-failure': ['0', defaultOf('logs-on-failure')],
  'allow-insecure-http': ['false'],
};

/** A gate that is told what to expect or to show, but has no request to send, must not be green. */
function refuseIdleInputs(reader: InputReader): void {
  const names = [
    ...SHORT_INPUTS,
    'response-check',
    'show-response',
    'logs-on-failure',
    'allow-insecure-http',
  ] as const;
  for (const name of names) {
    const value = reader.given(name);
    if (value === '' || reader.isMistaken(name) || ASK_FOR_NOTHING[name]?.includes(value.toLowerCase()))
      continue;
    reader.mistake(
      name,
      value,
      'Nothing would be tested: give a sample-request to send, or a smoke-test file.',
    );
  }
}

function readRequest(reader: InputReader, source: InputSource): RequestPlan | undefined {
  const text = reader.text('sample-request');
  if (text === '') return undefined;
  const base = { method: 'POST', path: undefined, headers: {} } as const;
  if (text === 'swagger') return { ...base, contentType: undefined, body: { kind: 'swagger' } };
  const sample = readRequestBody(text, source.readFile);
  if (typeof sample === 'string') {
    reader.mistake('sample-request', text, sample);
    return undefined;
  }
  const { body, contentType, origin } = sample;
  return { ...base, contentType, body: { kind: 'bytes', bodies: [body], origin } };
}

function readDeployment(reader: InputReader): DeploymentChoice {
  const name = reader.text('deployment');
  if (name === '') return { kind: 'traffic' };
  if (name === 'idle') return { kind: 'idle' };
  const broken = brokenRule('deployment', name);
  if (broken !== undefined) reader.mistake('deployment', name, broken);
  return { kind: 'named', name };
}
