import type { Exchange } from '../request/exchange.ts';
import { inShort } from '../verdict/exchange-words.ts';
import type { Row } from '../verdict/status-row.ts';
import { rowOf } from '../verdict/status-table.ts';
import { type Patience, pause, retryAfterMs } from './back-off.ts';

/**
 * How the warm-up ended: with a usable reply, with one that no waiting mends, at its deadline, or because no
 * deployment will ever reply.
 */
export interface WarmUp<Sent> {
  readonly ended: 'usable' | 'at-once' | 'out-of-time' | 'hopeless';
  /** The last request. */
  readonly sent: Sent;
  readonly requests: number;
}

/**
 * Sends requests until a reply is usable. It waits through what passes by itself (`wait` in status-table.ts), at
 * least as long as a Retry-After says.
 * @param isUsable whether the case expects this reply: then it is usable, whatever the table says of its status
 * @param isHopeless called once, when the first reply says that nothing serves: whether there will never be one
 */
export async function warmUp<Sent extends { readonly exchange: Exchange }>(
  send: () => Promise<Sent>,
  isUsable: (exchange: Exchange) => boolean,
  patience: Patience,
  isHopeless: () => Promise<boolean> = async () => false,
): Promise<WarmUp<Sent>> {
  for (let requests = 1; ; requests++) {
    const sent = await send();
    const { exchange } = sent;
    const row = rowOf(exchange);
    if (row.warmUp === 'usable' || isUsable(exchange)) return { ended: 'usable', sent, requests };
    if (!passesByItself(row, patience) && !isNamedByUser(exchange, row, patience)) {
      return { ended: 'at-once', sent, requests };
    }
    if (requests === 1 && row.notReady && (await isHopeless())) return { ended: 'hopeless', sent, requests };
    if (!(await pause(requests, inShort(exchange), retryAfterOf(exchange), patience))) {
      return { ended: 'out-of-time', sent, requests };
    }
  }
}

function passesByItself({ warmUp: meaning, needsRoute }: Row, { hasRoute }: Patience): boolean {
  return meaning === 'wait' && (!needsRoute || hasRoute === true);
}

/** Whether the user knows of this status that it passes by itself. Another deployment's reply stays an error. */
function isNamedByUser(exchange: Exchange, { evenIfExpected }: Row, { through }: Patience): boolean {
  return exchange.kind === 'reply' && !evenIfExpected && through?.includes(exchange.status) === true;
}

function retryAfterOf(exchange: Exchange): number | undefined {
  if (exchange.kind !== 'reply') return undefined;
  return retryAfterMs(exchange.headers['retry-after'], new Date(), exchange.headers.date);
}
