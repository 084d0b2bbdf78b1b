/**
 * How long each call may take in milliseconds, including all its retries and the last byte of the response.
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

/** A request to one service. Those of the smoke test are not in the table: they have a `timeout` of their own. */
export type Call = AzureCall | 'scoring';

/** How long one attempt of a call may take. It is shorter than a call's deadline, so that there is time for another. */
export const ATTEMPT_MS = 10_000;

/** The deadline of a call has passed. */
export class DeadlineError extends Error {
  override name = 'DeadlineError';
  readonly deadlineMs: number;
  constructor(deadlineMs: number, cause?: unknown) {
    super(`No answer within ${deadlineMs / 1000} s`, { cause });
    this.deadlineMs = deadlineMs;
  }
}

/**
 * Runs one call within its deadline. The promise settles in time even when `work` ignores the signal, as some
 * libraries do.
 * @throws DeadlineError
 */
export async function within<T>(call: AzureCall, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const deadlineMs = DEADLINES_MS[call];
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
