import { brokenRule } from '../azure/naming-rules.ts';
import {
  type DeploymentChoice,
  MOST_SAMPLES,
  type Plan,
  type RequestPlan,
  RUN_KEYS,
} from '../smoke-test/plan/plan.ts';
import { readRequestBody } from '../smoke-test/plan/request-body.ts';
import { words } from '../text/words.ts';
import { defaultOf, type InputName } from './declarations.ts';
import { readExpectations } from './expectations.ts';
import { readConnectTo } from './network.ts';
import { type InputReader, type InputSource, inDirectory } from './reader.ts';

/** Inputs that describe a request or its answer, and the key of a smoke-test file that does. */
export const CASE_INPUTS = {
  'sample-request': 'request',
  'max-latency': 'thresholds: { p95: … }',
  'response-schema': 'expect: { schema: … }',
  'expected-response': 'expect: { equals: { file: … } }',
  tolerance: 'expect: { equals: { relative: … } }',
  'absolute-tolerance': 'expect: { equals: { absolute: … } }',
} as const satisfies Partial<Readonly<Record<InputName, string>>>;

const SHORT_INPUTS = [
  ...RUN_KEYS,
  ...(Object.keys(CASE_INPUTS) as readonly (keyof typeof CASE_INPUTS)[]),
] as const;

/** The plan as short inputs say it; undefined when there is no request. */
export async function readShortInputs(reader: InputReader, source: InputSource): Promise<Plan | undefined> {
  const request = readRequest(reader, source);
  const deployment = readDeployment(reader);
  const maxLatency = reader.text('max-latency') === '' ? undefined : reader.duration('max-latency', 1);
  const plan = {
    deployment,
    warmUpMs: reader.duration('warm-up', 0),
    warmUpThrough: [],
    samples: reader.count('samples', 1, MOST_SAMPLES),
    concurrency: 1,
    rate: undefined,
    timeoutMs: reader.duration('timeout', 1),
    connectTo: readConnectTo(reader),
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
  // Which deployment is idle is an output of its own worth.
  deployment: ['idle'],
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
      `Nothing would be tested. Give a request in ${words.label('sample-request')}, or name a smoke-test file.`,
    );
  }
}

function readRequest(reader: InputReader, source: InputSource): RequestPlan | undefined {
  const text = reader.text('sample-request');
  if (text === '') return undefined;
  const base = { method: 'POST', path: undefined, headers: {} } as const;
  if (text === 'swagger') return { ...base, contentType: undefined, body: { kind: 'swagger' } };
  const sample = readRequestBody(text, (path) =>
    source.readFile(inDirectory(reader.text('working-directory'), path)),
  );
  if (typeof sample === 'string') {
    reader.mistake('sample-request', text, sample);
    return undefined;
  }
  const { body, contentType, origin } = sample;
  return { ...base, contentType, body: { kind: 'bytes', bodies: [body], origin } };
}

export function readDeployment(reader: InputReader): DeploymentChoice {
  const name = reader.text('deployment');
  if (name === '') return { kind: 'traffic' };
  if (name === 'idle') return { kind: 'idle' };
  const broken = brokenRule('deployment', name);
  if (broken !== undefined) reader.mistake('deployment', name, broken);
  return { kind: 'named', name };
}
