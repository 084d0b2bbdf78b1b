import type { Expectations, Mismatch, StatusMatcher } from '../plan/plan.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import type { Exchange, Reply } from '../request/exchange.ts';
import { inShort } from '../verdict/exchange-words.ts';
import { type Row, rowOf } from '../verdict/status-table.ts';
import type { JudgedReply } from './reply-body.ts';

/** One exchange, measured against what its case expects. */
export interface Judgement {
  readonly outcome: 'passed' | 'failed' | 'unanswered';
  /** The row of the verdict table that decides; undefined when the answer could be judged by its content. */
  readonly row: Row | undefined;
  readonly mismatches: readonly Mismatch[];
  /** The same cause has the same words. Remote text. */
  readonly reason: string | undefined;
}

/** Judges the content of an answer; loaded only when an answer is there to judge. */
export type FindMismatches = (answer: JudgedReply, expectations: Expectations) => readonly Mismatch[];

/** Whether the case expects this status: then the answer's content decides, whatever the table says of it. */
export function expectsStatus(status: number, matchers: readonly StatusMatcher[]): boolean {
  return matchers.some((matcher) =>
    'code' in matcher ? matcher.code === status : Math.floor(status / 100) === matcher.class,
  );
}

/** A good status that the table calls bad all the same: no content can make that good. */
function isBadDespiteStatus({ status }: Reply, { measured, evenIfExpected: whatever }: Row): boolean {
  if (whatever) return true;
  return status >= 200 && status < 300 && measured !== 'usable';
}

/** Whether an answer's content decides: its status is expected, and nothing else speaks against it. */
export function isJudged(answer: Reply, { status }: Pick<Expectations, 'status'>): boolean {
  const row = rowOf(answer);
  if (isBadDespiteStatus(answer, row)) return false;
  return expectsStatus(answer.status, status) || row.measured === 'usable';
}

export function judgeExchange(
  exchange: Exchange,
  stream: StreamSummary | undefined,
  expectations: Expectations,
  findMismatches: FindMismatches,
): Judgement {
  const row = rowOf(exchange);
  if (exchange.kind !== 'reply') {
    return { outcome: 'unanswered', row, mismatches: [], reason: inShort(exchange) };
  }
  if (isJudged(exchange, expectations)) {
    const mismatches = findMismatches(judged(exchange, stream), expectations);
    if (mismatches.length === 0) return { outcome: 'passed', row: undefined, mismatches, reason: undefined };
    const reason = mismatches.map(({ at, wanted }) => `${at}: ${wanted}`).join('; ');
    return { outcome: 'failed', row: undefined, mismatches, reason };
  }
  // The front door's refusals are no answers of the model.
  const outcome = row.measured === 'failed' ? 'failed' : 'unanswered';
  return { outcome, row, mismatches: [], reason: inShort(exchange) };
}

function judged(answer: Reply, stream: StreamSummary | undefined): JudgedReply {
  const { status, headers, body, undecoded, bytes, latencyMs } = answer;
  return { status, headers, body, undecoded, bytes, latencyMs, stream };
}
