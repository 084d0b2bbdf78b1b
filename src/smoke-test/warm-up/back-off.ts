import { formatWait } from '../../text/format.ts';

/** The first pause; each one after it is twice as long. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** What a loop that waits needs: its deadline, a clock, and the log. */
export interface Patience {
  /** When to give up, in milliseconds of `now`. */
  readonly deadline: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1): clients that wait for the same server must not come back all at once. */
  readonly random: () => number;
  /** Writes one line of the log for each wait. */
  readonly say: (line: string) => void;
  /** Statuses that are waited through besides those of the verdict table. */
  readonly through?: readonly number[];
  /** Whether Resource Manager says that there is a deployment to route to: the front door will know it soon. */
  readonly hasRoute?: boolean;
}

/**
 * Waits before the next try with exponential back-off and jitter, and logs it.
 * @param attempt 1 for the first
 * @param what what is not ready, for the log
 * @param retryAfter the least pause that the server asks for, in milliseconds
 * @returns whether there is time for a next try
 */
export async function pause(
  attempt: number,
  what: string,
  retryAfter: number | undefined,
  { deadline, now, sleep, random, say }: Patience,
): Promise<boolean> {
  const backOff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 16));
  // A Retry-After of 0 does not mean that requests may be sent without a pause.
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

/**
 * How long a server asks to wait, in milliseconds from now; undefined when it does not ask, or the header cannot be
 * read. The header may hold seconds or a date.
 * @param date the reply's own Date: the clocks of the server and of this machine may differ
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(
  header: string | undefined,
  now: Date,
  date?: string | undefined,
): number | undefined {
  const text = header?.trim() ?? '';
  // A gateway may say it once more.
  if (/^\d{1,9}(?:\s*,\s*\d{1,9})+$/.test(text)) return Math.max(...text.split(',').map(Number)) * 1_000;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
  const until = dateMs(text);
  return until === undefined ? undefined : Math.max(0, until - (dateMs(date ?? '') ?? now.getTime()));
}

/** The date of a header in milliseconds; Date.parse takes much that is not a date there. */
function dateMs(header: string): number | undefined {
  const text = header.trim();
  const ms = /^[A-Za-z]{3,9},? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
