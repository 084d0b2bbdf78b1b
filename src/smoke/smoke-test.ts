import type { Credential } from '../azure/credential.ts';
import { Failure, LegError, type Situation } from '../azure/failure.ts';
import type { Endpoint, Workspace } from '../azure/workspace.ts';
import type { SmokeTestInputs } from '../inputs.ts';
import { nearestFirst } from '../nearest.ts';
import { quote } from '../untrusted.ts';
import { type Answer, score } from './score.ts';
import { judge, type Verdict } from './verdict.ts';

/** How the smoke test ended. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Why, when the verdict is neither `passed` nor `skipped`. Remote text in it is defused. */
  readonly message?: string;
  readonly statusCode?: number;
  readonly latencyMs?: number;
  /** The deployment that answered, as the answer says; remote text. */
  readonly deployment?: string;
}

export const SKIPPED: Outcome = { verdict: 'skipped' };

/**
 * What forbids a request to this endpoint, found before anything is sent.
 * @throws LegError, Failure
 */
export async function requireTestable(
  workspace: Workspace,
  endpoint: Endpoint,
  { deployment, allowInsecureHttp }: SmokeTestInputs,
): Promise<string> {
  const scoringUri = requireScoringUri(endpoint);
  if (new URL(scoringUri).protocol === 'http:' && !allowInsecureHttp) {
    throw new Failure(
      `The scoring URI is ${quote(scoringUri)}: over http the credential would travel in clear, so nothing was sent. Give the endpoint a certificate, or set allow-insecure-http: true where the network is trusted.`,
    );
  }
  if (deployment !== undefined) await requireDeployment(workspace, endpoint, deployment);
  return scoringUri;
}

export interface SmokeTestSubject {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  readonly scoringUri: string;
  readonly credential: Credential;
  readonly situation: Situation;
}

/** Sends one request. Whatever the network does becomes an outcome. */
export async function smokeTest(subject: SmokeTestSubject, inputs: SmokeTestInputs): Promise<Outcome> {
  const { workspace, endpoint, scoringUri, credential, situation } = subject;
  const { sample, deployment, timeoutMs } = inputs;
  const exchange = await score({ scoringUri, credential: credential.secret, sample, deployment, timeoutMs });
  if (exchange.kind === 'unreachable') {
    const { explain } = await import(/* webpackMode: "eager" */ '../azure/explain.ts');
    const error = new LegError(
      'scoring',
      new URL(scoringUri).host,
      undefined,
      exchange.cause,
      exchange.proxyHost,
    );
    return { verdict: 'error', message: explain(error, situation) };
  }
  if (exchange.kind === 'answer') {
    const refused = await proxyRefusal(exchange, scoringUri, situation);
    if (refused !== undefined) return refused;
  }
  const asked = { endpoint: endpoint.address.name, deployment, authMode: credential.mode, timeoutMs };
  const { verdict, message } = judge(exchange, asked);
  if (exchange.kind !== 'answer') return { verdict, message };
  const { status: statusCode, latencyMs, headers } = exchange;
  const answered = headers['azureml-model-deployment'];
  const list = statusCode === 404 ? await deploymentList(workspace, endpoint) : '';
  return {
    verdict,
    ...(verdict === 'passed' ? {} : { message: `${message}${list}` }),
    statusCode,
    latencyMs,
    ...(answered === undefined ? {} : { deployment: answered }),
  };
}

/** A proxy that does not let the request through answers in the endpoint's place. */
async function proxyRefusal(
  { status, headers, body, proxyHost }: Answer,
  scoringUri: string,
  situation: Situation,
): Promise<Outcome | undefined> {
  if (status < 400 || (proxyHost === undefined && status !== 407)) return undefined;
  const [{ readRefusal }, { explainProxy, isProxys }] = await Promise.all([
    import(/* webpackMode: "eager" */ '../azure/explain-parts.ts'),
    import(/* webpackMode: "eager" */ '../azure/explain-proxy.ts'),
  ]);
  const answer = { status, headers, body: body.toString('utf8') };
  const error = new LegError('scoring', new URL(scoringUri).host, answer, undefined, proxyHost);
  const refusal = readRefusal(error, answer, {
    ...situation,
    ...(proxyHost === undefined ? {} : { proxyHost }),
  });
  return isProxys(refusal) ? { verdict: 'error', message: explainProxy(refusal).join('\n') } : undefined;
}

/** @throws Failure when the endpoint has no scoring URI, or none that a credential may be sent to */
export function requireScoringUri({ address, scoringUri, provisioningState }: Endpoint): string {
  if (scoringUri === undefined) {
    throw new Failure(
      `Endpoint '${address.name}' has no scoring URI. Its provisioning state is '${quote(provisioningState, 40)}'. ${
        /^(?:creating|updating)$/i.test(provisioningState)
          ? 'Wait until the endpoint is made: az ml online-endpoint create without --no-wait does so.'
          : 'Make the endpoint again, and read the reason in the studio.'
      }`,
    );
  }
  const url = URL.canParse(scoringUri) ? new URL(scoringUri) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '')
    return scoringUri;
  throw new Failure(
    `Endpoint '${address.name}' names '${quote(scoringUri)}' as its scoring URI. That is no http(s) address without a user name, so no credential is sent there.`,
  );
}

async function requireDeployment(
  workspace: Workspace,
  endpoint: Endpoint,
  deployment: string,
): Promise<void> {
  const names = await workspace.deploymentNames();
  // Azure compares names without case.
  if (names.some((name) => name.toLowerCase() === deployment.toLowerCase())) return;
  const list = describeDeployments(endpoint, nearestFirst(deployment, names));
  throw new Failure(`Endpoint '${endpoint.address.name}' has no deployment '${deployment}'. ${list}`);
}

/** What a 404's reader wants to know; nothing when the identity may not list deployments. */
async function deploymentList(workspace: Workspace, endpoint: Endpoint): Promise<string> {
  const names = await workspace.deploymentNames().catch(() => undefined);
  return names === undefined ? '' : ` ${describeDeployments(endpoint, names)}`;
}

function describeDeployments({ traffic }: Endpoint, names: readonly string[]): string {
  if (names.length === 0) return 'It has none at all.';
  return `It has: ${names.map((name) => `${quote(name, 60)} (${traffic[name] ?? 0} %)`).join(', ')}.`;
}
