import { authModeOf, type Credential } from './azure/credential.ts';
import { CHECK_CLOUD_AND_PROXY } from './azure/errors/advice.ts';
import { brokenRule } from './azure/naming-rules.ts';
import { addressOf, type Endpoint } from './azure/resource-manager/answers.ts';
import type { Host } from './hosts/host.ts';
import { redact, type Secret } from './secrets/secret.ts';
import { holdsSecret, quote, visible } from './secrets/untrusted.ts';
import { rolesOf } from './smoke-test/deployments/traffic.ts';
import type { SmokeTestResult } from './smoke-test/result.ts';
import { Failure } from './text/failure.ts';
import { isoSeconds } from './text/format.ts';
import type { Verdict } from './text/verdict.ts';

/**
 * Every output that the step may write, and what it holds: Markdown on one line, as in the declarations of the
 * inputs. `npm run build` makes the outputs of action.yml and the README's table from it.
 */
export const OUTPUTS = {
  'scoring-uri': 'Where to send requests',
  'swagger-uri': "Where the endpoint's OpenAPI document is",
  'auth-mode': '`key`, `aml_token` or `aad_token`',
  credential:
    'The key or token, masked; empty with `output-credential: false`. In all three modes it goes into `Authorization: Bearer …`',
  'expiry-time-utc': 'When the token expires, ISO 8601; empty for keys',
  'refresh-after-time-utc':
    'From when on an `aml_token` should be fetched anew, ISO 8601; empty for the others',
  'expires-on': 'When the token expires, Unix seconds; empty for keys',
  'endpoint-id': "The endpoint's resource ID",
  location: "The endpoint's Azure region",
  traffic: 'JSON object: deployment → percentage of the live traffic',
  'live-deployment':
    'The deployment with the most live traffic; of several with as much, the first by name. Empty when none has any',
  'idle-deployment':
    'The only deployment without live traffic; empty when there is none, or more than one. A deployment that has never had traffic is known when the deployments are listed: with `deployment`, or a baseline',
  deployment:
    'The deployment under test: the one that was asked for, or else the one that answered, if Azure lists it',
  verdict:
    '`passed`, `failed` (the model answered, and the answer or its speed is wrong), `inconclusive` (it never gave enough usable answers), `error` (it could not be measured) or `skipped` (no smoke test); see [The verdict](docs/verdicts.md)',
  'status-code':
    'HTTP status of the first measured answer; when the verdict is not `passed`, of the first bad one, when it had a status; of a warm-up that never ended, of the last answer',
  'latency-ms':
    'Median latency in milliseconds, from the first byte written to the last byte read; see [The smoke-test file](docs/smoke-test-file.md)',
  'latency-p95-ms': '95th percentile of the latency in milliseconds',
  'response-file': 'File with the first measured answer as it came, redacted only if it holds a secret',
  'report-file': 'Path of `report.json`, when `report-directory` is given',
} as const satisfies Readonly<Record<string, string>>;

type OutputName = keyof typeof OUTPUTS;

/** What the step itself writes into outputs: no mask may hide a part of it from later steps. */
export const OWN_WORDS = [
  ...['inconclusive', 'aml_token', 'aad_token'],
  ...['azureml-endpoint-', 'response.json', 'report.json'],
] as const;

/** Azure's names are at most 32 characters long; a header may claim to be one and be longer. */
const LONGEST_NAME = 64;

/** @throws Failure when an address holds a part of a secret: without it, it leads nowhere */
export function publishEndpoint(host: Host, endpoint: Endpoint): void {
  const { id, location, scoringUri, swaggerUri, traffic } = endpoint;
  const shares = Object.entries(traffic).map(([name, share]) => [harmless(name), share] as const);
  write(host, {
    'endpoint-id': intact(endpoint, 'id', id),
    location: harmless(location),
    traffic: JSON.stringify(Object.fromEntries(shares)),
    'scoring-uri': address(endpoint, 'scoringUri', scoringUri),
    'swagger-uri': address(endpoint, 'swaggerUri', swaggerUri),
    'auth-mode': authModeOf(endpoint),
  });
  publishRoles(host, endpoint, Object.keys(traffic));
}

/**
 * Which deployment serves, and which could be served next.
 * @param names of the endpoint's deployments, as far as they are known
 */
export function publishRoles(host: Host, endpoint: Endpoint, names: readonly string[]): void {
  const { live, idle } = rolesOf(endpoint, names);
  write(host, { 'live-deployment': legalName(live), 'idle-deployment': legalName(idle) });
}

/** A name that breaks Azure's rules is no name of a deployment, and a later step would put it into a command. */
function legalName(name: string | undefined): string {
  return name === undefined || brokenRule('deployment', name) !== undefined ? '' : harmless(name);
}

/** Remote text without secrets and pieces of them: the masks of the CI system hide whole secrets only. */
function harmless(text: string): string {
  return holdsSecret(text) ? redact(visible(redact(text))) : text;
}

/**
 * As it is sent: a later step gets no line break, quote or blank in it. Empty for what is not an http(s) address, or
 * has a user name.
 */
function address(endpoint: Endpoint, field: string, uri: string | undefined): string {
  // Both are looked at: what is percent-encoded hides a part of a secret, and what is left out joins two.
  const sent = intact(endpoint, field, addressOf(intact(endpoint, field, uri)));
  const { username, password } = new URL(sent === '' ? 'none:' : sent);
  return username === '' && password === '' ? sent : '';
}

function intact({ address }: Endpoint, field: string, value = ''): string {
  if (!holdsSecret(value)) return value;
  throw new Failure(
    `Resource Manager names '${quote(value)}' as the '${field}' of endpoint '${address.name}'. It holds a part of a secret, so it is not emitted, and nothing is sent there.\n${CHECK_CLOUD_AND_PROXY}`,
  );
}

/** @param emit whether the credential itself is an output */
export function publishCredential(host: Host, credential: Credential, emit: boolean): void {
  const { expiresOn, refreshAfter } =
    credential.mode === 'key' ? { expiresOn: undefined, refreshAfter: undefined } : credential;
  write(host, {
    'expiry-time-utc': expiresOn === undefined ? '' : isoSeconds(expiresOn),
    'refresh-after-time-utc': refreshAfter === undefined ? '' : isoSeconds(refreshAfter),
    'expires-on': expiresOn === undefined ? '' : String(Math.floor(expiresOn.getTime() / 1_000)),
    ...(emit ? { credential: credential.secret } : {}),
  });
}

/** What a smoke test emits besides its verdict. */
export function publishResult(
  host: Host,
  { statusCode, latency, deployment }: SmokeTestResult,
  responseFile: string | undefined,
): void {
  write(host, {
    ...(statusCode === undefined ? {} : { 'status-code': String(statusCode) }),
    ...(latency === undefined
      ? {}
      : { 'latency-ms': latency.p50.toFixed(1), 'latency-p95-ms': latency.p95.toFixed(1) }),
    ...(deployment === undefined ? {} : { deployment: quote(deployment, LONGEST_NAME) }),
    ...(responseFile === undefined ? {} : { 'response-file': responseFile }),
  });
}

/** The idle deployment, when a step without a smoke test asks which it is. */
export function publishChosen(host: Host, name: string): void {
  write(host, { deployment: legalName(name) });
}

export function publishReportFile(host: Host, path: string): void {
  write(host, { 'report-file': path });
}

export function publishVerdict(host: Host, verdict: Verdict): void {
  write(host, { verdict });
}

function write(host: Host, outputs: Partial<Readonly<Record<OutputName, string | Secret>>>): void {
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value);
}
