import { Worker } from 'node:worker_threads';
import { excerpt } from '../../secrets/excerpt.ts';
import { secretForms } from '../../secrets/secret.ts';
import type { Expectations, Mismatch } from '../plan/expectations.ts';
import { mismatches } from './expectations.ts';
import type { FromThread, PortableExpectations, ToThread } from './judging-thread.ts';
import type { JudgedReply } from './reply-body.ts';
import { TimeLimitError, withinTime } from './time-limit.ts';

/** The step handles no signal while it judges in its own thread, and should within a second. */
const QUICK_MS = 300;

/** Parsing a longer body takes a while and cannot be interrupted. */
const QUICK_BYTES = 256 * 1024;

/** Longest time that one reply is judged. A body of 16 MiB needs seconds on a slow machine. */
const LONGEST_MS = 30_000;

/** What is said of an expectation that remote text made endless. */
const TOO_LONG = 'judging it takes too long (does a regular expression backtrack?)';

/**
 * All expectations that a reply did not meet; see {@link mismatches}. What takes long is judged in another thread, so
 * that signals are heard meanwhile, and is stopped in the end: remote text can make a regular expression run without
 * end. Then the expectation at which it was stopped is unjudged. One reply at a time.
 * @param elsewhere in another thread in any case
 */
export async function judgeReply(
  reply: JudgedReply,
  expectations: Expectations,
  { elsewhere = false, quickMs = QUICK_MS, longestMs = LONGEST_MS } = {},
): Promise<readonly Mismatch[]> {
  if (!elsewhere && (reply.body === undefined || reply.body.length <= QUICK_BYTES)) {
    if (!mayRunAway(expectations)) return mismatches(reply, expectations);
    try {
      return withinTime(quickMs, () => mismatches(reply, expectations));
    } catch (error) {
      if (!(error instanceof TimeLimitError)) throw error;
    }
  }
  return judgeInThread(reply, expectations, longestMs);
}

/** Whether anything but the length of a reply decides how long it takes: a pattern, a path or a schema may backtrack. */
function mayRunAway({ schema, json, text, headers, stream }: Expectations): boolean {
  return (
    [schema, text, stream].some((each) => each !== undefined) ||
    json.length > 0 ||
    Object.keys(headers).length > 0
  );
}

let running: Worker | undefined;

/** The expectations that the running thread has. */
let sent: Expectations | undefined;

function judgeInThread(
  reply: JudgedReply,
  expectations: Expectations,
  limitMs: number,
): Promise<readonly Mismatch[]> {
  running ??= startThread();
  const worker = running;
  const found: Mismatch[] = [];
  let place: Pick<Mismatch, 'at' | 'wanted'> = { at: 'body', wanted: 'one that can be judged' };
  return new Promise((resolve) => {
    let timer = setTimeout(() => stop('the thread for it did not start'), LONGEST_MS);
    const settle = (): void => {
      clearTimeout(timer);
      worker.off('message', hear).off('error', fail);
      resolve(found);
    };
    const stop = (why: string): void => {
      running = undefined;
      sent = undefined;
      // The next reply gets another thread, whatever comes of this one.
      worker.on('error', () => undefined);
      void worker.terminate();
      found.push({ ...place, got: `no verdict: ${why}`, isUnjudged: true });
      settle();
    };
    const fail = (error: Error): void => stop(excerpt(error.message));
    const hear = (message: FromThread): void => {
      switch (message.kind) {
        case 'starts':
          clearTimeout(timer);
          timer = setTimeout(() => stop(TOO_LONG), limitMs);
          break;
        case 'begins':
          place = message.place;
          break;
        case 'found':
          found.push(...message.mismatches);
          break;
        case 'end':
          settle();
      }
    };
    worker.on('message', hear).on('error', fail);
    try {
      const isNew = sent !== expectations;
      const message: ToThread = {
        reply,
        expectations: isNew ? portable(expectations) : undefined,
        secretForms: secretForms(),
      };
      worker.postMessage(message);
      sent = expectations;
    } catch (error) {
      // A value that is nested too deeply cannot be sent.
      fail(error as Error);
    }
  });
}

/** The thread finds nothing of the step's environment, and what it would print is not printed. */
function startThread(): Worker {
  const name = import.meta.url.endsWith('.ts') ? './judging-thread.ts' : './judging-thread.js';
  const worker = new Worker(new URL(name, import.meta.url), {
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.unref();
  return worker;
}

function portable({ schema, json, stream, ...rest }: Expectations): PortableExpectations {
  return {
    ...rest,
    schemas: schema?.sources,
    hint: schema?.hint,
    json: json.map(({ path, condition }) => ({ path, condition })),
    stream: stream && { ...stream, content: stream.content?.path },
  };
}
