/**
 * How long each leg may take in milliseconds, all its retries and the last byte of the answer included.
 * One table, so that a reader sees at once how long a step can wait for what.
 */
export const DEADLINES_MS = {
  metadata: 45_000,
  'ID token': 45_000,
  'sign-in': 60_000,
  'managed identity probe': 1_000,
  endpoint: 60_000,
  endpoints: 60_000,
  keys: 60_000,
  token: 60_000,
  deployments: 60_000,
  logs: 30_000,
} as const;

export type AzureCall = keyof typeof DEADLINES_MS;

/** One exchange of the step; the smoke test's have a `timeout` of their own. */
export type Call = AzureCall | 'scoring';

/** How long one attempt of a leg may take; what hangs for once is asked again. */
export const ATTEMPT_MS = 10_000;

/** A leg's deadline has passed. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
  readonly deadlineMs: number;
  constructor(deadlineMs: number, cause?: unknown) {
    super(`No answer within ${deadlineMs / 1000} s`, { cause });
    this.deadlineMs = deadlineMs;
  }
}

/**
 * Runs one leg within its deadline.
 * The race settles even when what it waits for never does: not every library heeds the signal.
 * @throws DeadlineError
 */
export async function within<T>(leg: AzureCall, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadlineMs = DEADLINES_MS[leg];
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new DeadlineError(deadlineMs));
      abort.abort();
    }, deadlineMs);
  });
  try {
    return await Promise.race([work(abort.signal), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
