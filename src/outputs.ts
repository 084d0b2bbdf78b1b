import { authModeOf, type Credential, isoSeconds } from './azure/credential.ts';
import { CHECK_CLOUD_AND_PROXY } from './azure/errors/advice.ts';
import type { Endpoint } from './azure/resource-manager/answers.ts';
import type { Host } from './hosts/host.ts';
import { redact, type Secret } from './secrets/secret.ts';
import { holdsSecret, quote, visible } from './secrets/untrusted.ts';
import type { Outcome } from './smoke-test/result.ts';
import type { Verdict } from './smoke-test/verdict/status-table.ts';
import { Failure } from './text/failure.ts';

/** Every output that the step may write; action.yml and the README's table say the same. */
export const OUTPUTS = [
  'scoring-uri',
  'swagger-uri',
  'auth-mode',
  'credential',
  'expiry-time-utc',
  'refresh-after-time-utc',
  'expires-on',
  'endpoint-id',
  'location',
  'traffic',
  'deployment',
  'verdict',
  'status-code',
  'latency-ms',
  'latency-p95-ms',
  'response-file',
  'report-file',
] as const;

type OutputName = (typeof OUTPUTS)[number];

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
    'scoring-uri': intact(endpoint, 'scoringUri', scoringUri),
    'swagger-uri': intact(endpoint, 'swaggerUri', swaggerUri),
    'auth-mode': authModeOf(endpoint),
  });
}

/** Remote text as it may be emitted: the runner's masks know no piece of a secret. */
function harmless(text: string): string {
  return holdsSecret(text) ? redact(visible(redact(text))) : text;
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
export interface Findings extends Outcome {
  readonly latencyP95Ms: number | undefined;
  readonly responseFile: string | undefined;
  readonly reportFile: string | undefined;
}

export function publishOutcome(host: Host, findings: Findings): void {
  const { statusCode, latencyMs, deployment, latencyP95Ms, responseFile, reportFile } = findings;
  write(host, {
    ...(statusCode === undefined ? {} : { 'status-code': String(statusCode) }),
    ...(latencyMs === undefined ? {} : { 'latency-ms': latencyMs.toFixed(1) }),
    ...(latencyP95Ms === undefined ? {} : { 'latency-p95-ms': latencyP95Ms.toFixed(1) }),
    ...(deployment === undefined ? {} : { deployment: quote(deployment, LONGEST_NAME) }),
    ...(responseFile === undefined ? {} : { 'response-file': responseFile }),
    ...(reportFile === undefined ? {} : { 'report-file': reportFile }),
  });
}

export function publishVerdict(host: Host, verdict: Verdict): void {
  write(host, { verdict });
}

function write(host: Host, outputs: Partial<Readonly<Record<OutputName, string | Secret>>>): void {
  for (const [name, value] of Object.entries(outputs)) host.setOutput(name, value);
}
