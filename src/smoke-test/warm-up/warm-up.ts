import { formatDuration } from '../../text/format.ts';
import type { Exchange } from '../request/score.ts';
import { inShort } from '../verdict/exchange-words.ts';
import { rowOf } from '../verdict/status-table.ts';
import { retryAfterMs } from './retry-after.ts';

/** The first pause; each next one is twice as long. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** What a waiting loop needs of the world. */
export interface Patience {
  /** When to give up, in milliseconds of `now`. */
  readonly deadline: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1): clients that wait for the same server must not come back all at once. */
  readonly random: () => number;
  /** One line of the log for each wait. */
  readonly say: (line: string) => void;
}

/** How the warm-up ended: with a usable answer, with one that ends it at once, or with the time. */
export interface WarmUp<Asking> {
  readonly ended: 'usable' | 'at-once' | 'out-of-time' | 'hopeless';
  /** The last one. */
  readonly asking: Asking;
  readonly requests: number;
}

/**
 * Asks until the answer is usable, through what passes by itself (the table in verdict.ts), with exponential
 * back-off and jitter; a Retry-After is honoured.
 * @param isUsable an answer that the case expects is usable, whatever the table says of its status
 * @param isHopeless asked once, when the first answer is that nothing serves: whether there will never be one
 */
export async function warmUp<Asking extends { readonly exchange: Exchange }>(
  ask: () => Promise<Asking>,
  isUsable: (exchange: Exchange) => boolean,
  patience: Patience,
  isHopeless: () => Promise<boolean> = async () => false,
): Promise<WarmUp<Asking>> {
  for (let requests = 1; ; requests++) {
    const asking = await ask();
    const { exchange } = asking;
    const { warmUp: meaning, notReady } = rowOf(exchange);
    if (meaning === 'usable' || isUsable(exchange)) return { ended: 'usable', asking, requests };
    if (meaning !== 'wait') return { ended: 'at-once', asking, requests };
    if (requests === 1 && notReady && (await isHopeless())) return { ended: 'hopeless', asking, requests };
    if (!(await pause(requests, inShort(exchange), retryAfterOf(exchange), patience))) {
      return { ended: 'out-of-time', asking, requests };
    }
  }
}

function retryAfterOf(exchange: Exchange): number | undefined {
  if (exchange.kind !== 'reply') return undefined;
  return retryAfterMs(exchange.headers['retry-after'], new Date());
}

/** `0.4 s`, `2 min 5 s` */
export function formatWait(ms: number): string {
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : formatDuration(ms);
}

/**
 * Waits before the next try, and says so.
 * @param attempt 1 for the first
 * @returns whether there is time for a next try
 */
export async function pause(
  attempt: number,
  what: string,
  retryAfter: number | undefined,
  { deadline, now, sleep, random, say }: Patience,
): Promise<boolean> {
  const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 16));
  // A server that asks for no pause is not asked without end all the same.
  const pauseMs = Math.max(retryAfter ?? 0, backOff * (0.5 + random() / 2));
  const leftMs = deadline - now();
  if (pauseMs >= leftMs) {
    say(
      `Not ready: ${what}. ${leftMs > 0 ? `The next try would be in ${formatWait(pauseMs)}, past` : 'That was'} the end of the warm-up.`,
    );
    return false;
  }
  say(`Not ready: ${what}. Next try in ${formatWait(pauseMs)}; ${formatWait(leftMs)} left.`);
  await sleep(pauseMs);
  return true;
}
