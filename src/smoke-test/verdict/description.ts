import type { ErrorContext } from '../../azure/errors/error-context.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/calls.ts';
import { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { describeDeployments } from '../deployments/traffic.ts';
import type { Judgement } from '../judge/judge.ts';
import { isExpectedStatus, type StatusMatcher } from '../plan/expectations.ts';
import type { Case } from '../plan/plan.ts';
import type { Exchange, Reply } from '../request/exchange.ts';
import { describeMismatch } from './conclusion.ts';
import { describeWithAdvice } from './exchange-words.ts';
import { authorOf } from './refusal-author.ts';
import { type Addressee, whoAnswers } from './status-row.ts';

/** How many expectations a message lists; the reports have them all. */
const MOST_LISTED = 10;

/** What the description of an exchange may mention, and where it may look for more. */
export interface DescriptionContext {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  readonly scoringUri: string;
  readonly errorContext: ErrorContext;
  readonly addressee: Addressee;
}

/** What happened and what to do, for a person; remote text in it is defused. */
export async function describeExchange(exchange: Exchange, context: DescriptionContext): Promise<string> {
  const { scoringUri, errorContext, addressee } = context;
  if (exchange.kind === 'unreachable') {
    const { explain } = await import('../../azure/errors/explain.ts');
    const host = new URL(scoringUri).host;
    return explain(
      new ServiceError('scoring', host, undefined, exchange.cause, exchange.proxyHost),
      errorContext,
    );
  }
  return (
    (await proxyRefusal(exchange, context)) ??
    `${describeWithAdvice(exchange, addressee)}${isUnrouted(exchange) ? await deploymentList(context) : ''}`
  );
}

/** Whether the front door, or something before it, knows no deployment to send the request to. */
function isUnrouted(exchange: Exchange): boolean {
  return exchange.kind === 'reply' && exchange.status === 404 && authorOf(exchange) !== 'model';
}

/**
 * A line that says which status the case expects, when that is not 2xx; empty when such a status came from the model.
 */
export function expectedStatus(exchange: Exchange, of: Case | undefined): string {
  const wanted = of?.expect.status ?? [];
  const isDefault = wanted.length === 1 && wanted.some((each) => 'class' in each && each.class === 2);
  if (of === undefined || isDefault || exchange.kind !== 'reply') return '';
  const why = whyNotCounted(exchange, wanted);
  if (why === '' && isExpectedStatus(exchange.status, wanted)) return '';
  const expected = wanted.map((each) => ('code' in each ? each.code : `${each.class}xx`)).join(' or ');
  return `\nThe case expects status ${expected}${why}.`;
}

/** Why a refusal with an expected status is not counted as the model's; otherwise empty. */
function whyNotCounted(reply: Reply, wanted: readonly StatusMatcher[]): string {
  if (reply.status < 400 || !isExpectedStatus(reply.status, wanted)) return '';
  switch (authorOf(reply)) {
    case 'front door':
      return ' from the model, but this one did not come from the model: something in front of it refused the request';
    case 'unknown':
      return ` from the model, but this answer does not say who refused: it counts only if the case names exactly the status ${reply.status}`;
    case 'model':
      return '';
  }
}

/**
 * Which expectations failed or could not be judged, with what was wanted and what came.
 * @param hint what to do when the reply is right and the schema is not
 */
export function describeMismatches(
  { mismatches, isUnjudged }: Judgement,
  exchange: Exchange,
  addressee: Addressee,
  hint?: string | undefined,
): string {
  const { deployment } = addressee;
  const who = deployment === undefined ? whoAnswers(addressee) : `Deployment '${deployment}'`;
  const status = exchange.kind === 'reply' ? ` ${exchange.status}` : '';
  const listed = mismatches.slice(0, MOST_LISTED).map((mismatch) => `- ${quote(describeMismatch(mismatch))}`);
  const more = mismatches.length - listed.length;
  return [
    `${who} answered${status}, but the answer ${isUnjudged ? 'could not be judged' : 'is not as expected'}:`,
    ...listed,
    ...(more > 0 ? [`- … and ${more} more`] : []),
    ...(hint !== undefined && mismatches.some(({ at }) => /^schema(?: |$)/.test(at)) ? [hint] : []),
  ].join('\n');
}

/** What to do when a proxy refused the request and replied in the endpoint's place; otherwise undefined. */
async function proxyRefusal(
  exchange: Exchange,
  { scoringUri, errorContext }: DescriptionContext,
): Promise<string | undefined> {
  if (exchange.kind !== 'reply' || exchange.status < 400) return undefined;
  const { status, headers, body, proxyHost } = exchange;
  if (proxyHost === undefined && status !== 407) return undefined;
  const [{ readRefusal }, { explainProxy, isOfProxy }] = await Promise.all([
    import('../../azure/errors/refusal.ts'),
    import('../../azure/errors/proxy.ts'),
  ]);
  const response = { status, headers, body: body?.toString('utf8') ?? '' };
  const error = new ServiceError('scoring', new URL(scoringUri).host, response, undefined, proxyHost);
  const refusal = readRefusal(error, response, {
    ...errorContext,
    ...(proxyHost === undefined ? {} : { proxyHost }),
  });
  return isOfProxy(refusal) ? explainProxy(refusal).join('\n') : undefined;
}

/** The deployments that there are, for a 404; empty when the identity may not list them. */
async function deploymentList({ workspace, endpoint }: DescriptionContext): Promise<string> {
  try {
    const deployments = await workspace.deployments();
    return ` ${describeDeployments(
      endpoint,
      deployments.map(({ name }) => name),
    )}`;
  } catch (error) {
    if (error instanceof ServiceError || error instanceof Failure) return '';
    throw error;
  }
}
