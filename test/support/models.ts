import { setTimeout as sleep } from 'node:timers/promises';
import { json, type Model, type ScoringRequest } from '../local-azure/index.ts';

/** What the request asks the obedient model for. */
export interface Order {
  /** Text is sent as it is, anything else as JSON. */
  readonly answer: unknown;
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly waitMs?: number;
  /** Data of the events that are sent instead, one after each wait. */
  readonly events?: readonly string[];
  /** Parts of the body that are sent instead as they are, one after each wait. */
  readonly pieces?: readonly string[];
}

/** Answers what the JSON of the request asks for, so that each case brings its own answer. */
export const obedientModel: Model = async ({ body, signal }) => {
  const order = JSON.parse(body.toString()) as Order;
  const { answer, status = 200, type, headers, waitMs = 0, events, pieces } = order;
  if (events !== undefined) return { status, headers: STREAM, body: eventsOf(events, waitMs) };
  if (pieces !== undefined)
    return { status, headers: { 'Content-Type': type ?? '', ...headers }, body: spaced(pieces, waitMs) };
  await sleep(waitMs, undefined, { signal });
  const text = typeof answer === 'string' && type !== 'application/json';
  return {
    status,
    headers: { 'Content-Type': type ?? (text ? 'text/plain' : 'application/json'), ...headers },
    body: text ? (answer as string) : JSON.stringify(answer),
  };
};

const STREAM = { 'Content-Type': 'text/event-stream' };

function eventsOf(events: readonly string[], waitMs: number): AsyncIterable<string> {
  return spaced(
    events.map((event) => `data: ${event}\n\n`),
    waitMs,
  );
}

async function* spaced(pieces: readonly string[], waitMs: number): AsyncIterable<string> {
  for (const piece of pieces) {
    await sleep(waitMs);
    yield piece;
  }
}

/** Answers every request after the wait of its turn; the last wait stays. The first request warms up. */
export function waiting(...waitsMs: readonly number[]): Model {
  let turn = 0;
  return async ({ signal }) => {
    await sleep(waitsMs[Math.min(turn++, waitsMs.length - 1)] ?? 0, undefined, { signal });
    return json(200, [1]);
  };
}

/** Streams each answer: its first event after the wait. */
export function streaming(waitMs: number): Model {
  async function* events(): AsyncIterable<string> {
    await sleep(waitMs);
    yield* eventsOf(['one', '[DONE]'], 0);
  }
  return () => ({ status: 200, headers: STREAM, body: events() });
}

/** Answers by the number of the request, counted from 1; the warm-up counts. */
export function byTurn(answer: (turn: number, request: ScoringRequest) => ReturnType<Model>): Model {
  let turn = 0;
  return (request) => answer(++turn, request);
}

/** Answers the first request at once, and any other one only when `company` of them are there. */
export function sociable(
  company: number,
  patienceMs = 5_000,
): { readonly model: Model; readonly most: () => number } {
  let present = 0;
  let most = 0;
  let turn = 0;
  let open: () => void = () => undefined;
  let gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const model: Model = async ({ signal }) => {
    if (++turn === 1) return json(200, [1]);
    present += 1;
    most = Math.max(most, present);
    if (present === company) {
      open();
      gate = new Promise((resolve) => {
        open = resolve;
      });
    } else {
      const alone = sleep(patienceMs, 'alone', { signal });
      if ((await Promise.race([gate, alone])) === 'alone') {
        present -= 1;
        return json(500, { message: 'nobody else came' });
      }
    }
    present -= 1;
    return json(200, [1]);
  };
  return { model, most: () => most };
}
