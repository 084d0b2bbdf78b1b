import type { AnnotationPlace, Host } from '../../src/hosts/host.ts';
import { Secret } from '../../src/secrets/secret.ts';
import type { SmokeTestContext } from '../../src/smoke-test/context.ts';
import type { SmokeTestInputs } from '../../src/smoke-test/settings.ts';
import { CREDENTIAL, ENDPOINT } from './results.ts';
import { type LocalServer, planOf, workspaceOf } from './smoke-test.ts';

/** A host that keeps everything it was told, in order, as `what: text`. */
export interface FakeHost {
  readonly host: Host;
  readonly told: string[];
  readonly outputs: Readonly<Record<string, string>>;
  /** The texts of one kind. */
  of(kind: 'info' | 'warning' | 'error' | 'group' | 'summary'): readonly string[];
}

export function fakeHost(): FakeHost {
  const told: string[] = [];
  const outputs: Record<string, string> = {};
  const annotate =
    (kind: string) =>
    (message: string, { title = '' }: AnnotationPlace = {}): void =>
      void told.push(`${kind}: [${title}] ${message}`);
  const host: Host = {
    input: () => undefined,
    info: (text) => void told.push(`info: ${text}`),
    debug: () => undefined,
    warning: annotate('warning'),
    error: annotate('error'),
    group: (title, lines) => void told.push(`group: ${[title, ...lines].join('\n')}`),
    progress: (text) => void told.push(`info: ${text}`),
    setOutput(name, value) {
      told.push(`output: ${name}`);
      outputs[name] = value instanceof Secret ? value.reveal() : value;
    },
    writeSummary: (markdown) => void told.push(`summary: ${markdown}`),
    origin: () => ({}),
    finish: ({ verdict }) => (verdict === 'passed' ? 0 : 1),
  };
  const of = (kind: string): readonly string[] =>
    told.filter((line) => line.startsWith(`${kind}: `)).map((line) => line.slice(kind.length + 2));
  return { host, told, outputs, of };
}

/** The context of a test of this server, wherever traffic goes; a call to Azure fails the test. */
export function contextOf(
  { origin }: Pick<LocalServer, 'origin'>,
  changes: Partial<SmokeTestContext> = {},
): SmokeTestContext {
  return {
    scoringUri: `${origin}/score`,
    chosen: { candidate: undefined, baseline: undefined },
    workspace: workspaceOf({}),
    endpoint: { ...ENDPOINT, scoringUri: `${origin}/score`, traffic: { ...ENDPOINT.traffic, live: 0 } },
    credential: CREDENTIAL,
    currentCredential: async () => CREDENTIAL,
    errorContext: { cloud: 'AzureCloud', endpoint: ENDPOINT.address },
    say: () => undefined,
    ...changes,
  };
}

export function inputsOf(
  plan: Parameters<typeof planOf>[0] = {},
  changes: Partial<SmokeTestInputs> = {},
): SmokeTestInputs {
  return {
    plan: planOf({ warmUpMs: 0, ...plan }),
    replaced: [],
    connectToIsOfFile: false,
    allowInsecureHttp: true,
    logsOnFailure: 0,
    showResponse: false,
    ...changes,
  };
}
