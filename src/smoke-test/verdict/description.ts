import type { ErrorContext } from '../../azure/errors/error-context.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/workspace.ts';
import { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { describeDeployments } from '../deployments/choose.ts';
import { expectsStatus, type Judgement } from '../judge/judge.ts';
import type { Case } from '../plan/plan.ts';
import type { Exchange } from '../request/score.ts';
import { describeMismatch } from './conclusion.ts';
import { tell } from './exchange-words.ts';
import type { Addressee } from './status-table.ts';

/** Expectations that a message lists; the reports have them all. */
const MOST_LISTED = 10;

/** What a description may need to ask or name. */
export interface DescriptionContext {
  readonly workspace: Workspace;
  readonly endpoint: Endpoint;
  readonly scoringUri: string;
  readonly situation: ErrorContext;
  readonly asked: Addressee;
}

/** What was seen and what to do, for a person; remote text in it is defused. */
export async function describeExchange(exchange: Exchange, context: DescriptionContext): Promise<string> {
  const { scoringUri, situation, asked } = context;
  if (exchange.kind === 'unreachable') {
    const { explain } = await import('../../azure/errors/explain.ts');
    const host = new URL(scoringUri).host;
    return explain(
      new ServiceError('scoring', host, undefined, exchange.cause, exchange.proxyHost),
      situation,
    );
  }
  return (
    (await proxyRefusal(exchange, context)) ??
    `${tell(exchange, asked)}${exchange.kind === 'reply' && exchange.status === 404 ? await deploymentList(context) : ''}`
  );
}

/** A line that tells who expects another status than a good one that it did not come; empty for others. */
export function wantedStatus(exchange: Exchange, of: Case | undefined): string {
  const wanted = of?.expect.status ?? [];
  const usual = wanted.length === 1 && wanted.some((each) => 'class' in each && each.class === 2);
  if (of === undefined || usual || exchange.kind !== 'reply' || expectsStatus(exchange.status, wanted)) {
    return '';
  }
  return `\nThe case expects status ${wanted.map((each) => ('code' in each ? each.code : `${each.class}xx`)).join(' or ')}.`;
}

/** Which expectations failed, with what was wanted and what came. */
export function describeMismatches({ mismatches }: Judgement, exchange: Exchange, asked: Addressee): string {
  const who =
    asked.deployment === undefined ? `Endpoint '${asked.endpoint}'` : `Deployment '${asked.deployment}'`;
  const status = exchange.kind === 'reply' ? ` ${exchange.status}` : '';
  const listed = mismatches.slice(0, MOST_LISTED).map((mismatch) => `- ${quote(describeMismatch(mismatch))}`);
  const more = mismatches.length - listed.length;
  return [
    `${who} answered${status}, and the answer is not what is expected:`,
    ...listed,
    ...(more > 0 ? [`- … and ${more} more`] : []),
  ].join('\n');
}

/** A proxy that does not let the request through answers in the endpoint's place. */
async function proxyRefusal(
  exchange: Exchange,
  { scoringUri, situation }: DescriptionContext,
): Promise<string | undefined> {
  if (exchange.kind !== 'reply' || exchange.status < 400) return undefined;
  const { status, headers, body, proxyHost } = exchange;
  if (proxyHost === undefined && status !== 407) return undefined;
  const [{ readRefusal }, { explainProxy, isOfProxy }] = await Promise.all([
    import('../../azure/errors/refusal.ts'),
    import('../../azure/errors/proxy.ts'),
  ]);
  const answer = { status, headers, body: body?.toString('utf8') ?? '' };
  const error = new ServiceError('scoring', new URL(scoringUri).host, answer, undefined, proxyHost);
  const refusal = readRefusal(error, answer, {
    ...situation,
    ...(proxyHost === undefined ? {} : { proxyHost }),
  });
  return isOfProxy(refusal) ? explainProxy(refusal).join('\n') : undefined;
}

/** What a 404's reader wants to know; nothing when the identity may not list deployments. */
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
