import { type Expectations, isExpectedStatus, type Mismatch } from '../plan/expectations.ts';
import type { StreamSummary } from '../request/event-stream.ts';
import { type Exchange, isGoodStatus, type Reply } from '../request/exchange.ts';
import { inShort } from '../verdict/exchange-words.ts';
import { authorOf } from '../verdict/refusal-author.ts';
import type { Row } from '../verdict/status-row.ts';
import { rowOf } from '../verdict/status-table.ts';
import type { JudgedReply } from './reply-body.ts';

/** One exchange, measured against what its case expects. */
export interface Judgement {
  readonly outcome: 'passed' | 'failed' | 'unanswered';
  /** The row of the verdict table that decides; undefined when the reply was judged by its content. */
  readonly row: Row | undefined;
  readonly mismatches: readonly Mismatch[];
  /** Why it did not pass; the same cause has the same words. Remote text. */
  readonly reason: string | undefined;
  /** Nothing is known to be wrong, but not everything could be judged: that says nothing about the model. */
  readonly isUnjudged?: true;
}

export const PASSED: Judgement = { outcome: 'passed', row: undefined, mismatches: [], reason: undefined };

/** Judges the content of a reply; loaded only when there is a reply to judge. */
export type FindMismatches = (
  reply: JudgedReply,
  expectations: Expectations,
  options: { /** In another thread in any case. */ readonly elsewhere: boolean },
) => readonly Mismatch[] | Promise<readonly Mismatch[]>;

/** Whether the verdict table calls a reply bad that has an expected or a good status: no content can mend that. */
function isBadDespiteStatus({ status }: Reply, { measured, evenIfExpected }: Row): boolean {
  return evenIfExpected === true || (isGoodStatus(status) && measured !== 'usable');
}

/** Whether a reply's content decides: its status is expected, and the verdict table allows it. */
export function isJudged(reply: Reply, { status }: Pick<Expectations, 'status'>): boolean {
  const row = rowOf(reply);
  if (isBadDespiteStatus(reply, row)) return false;
  return row.measured === 'usable' || isExpectedRefusal(reply, status);
}

/**
 * Whether the model refused, as its case expects. A refusal that does not tell who refused counts only when the case
 * names that very status.
 */
export function isExpectedRefusal(reply: Reply, expected: Expectations['status']): boolean {
  const author = authorOf(reply);
  if (author === 'front door') return false;
  const counts = author === 'model' ? expected : expected.filter((each) => 'code' in each);
  return isExpectedStatus(reply.status, counts);
}

/** The judgement where the verdict table decides; undefined when the reply's content does. */
export function judgeByTable(
  exchange: Exchange,
  expectations: Pick<Expectations, 'status'>,
): Judgement | undefined {
  const row = rowOf(exchange);
  if (exchange.kind !== 'reply') {
    return { outcome: 'unanswered', row, mismatches: [], reason: inShort(exchange) };
  }
  if (isJudged(exchange, expectations)) return undefined;
  // A refusal of Azure's front door is not the model's reply.
  const outcome = row.measured === 'failed' ? 'failed' : 'unanswered';
  return { outcome, row, mismatches: [], reason: inShort(exchange) };
}

export async function judgeExchange(
  exchange: Exchange,
  stream: StreamSummary | undefined,
  expectations: Expectations,
  findMismatches: FindMismatches,
  elsewhere = false,
): Promise<Judgement> {
  const byTable = judgeByTable(exchange, expectations);
  if (byTable !== undefined || exchange.kind !== 'reply') return byTable ?? PASSED;
  const mismatches = await findMismatches(judgedPart(exchange, stream), expectations, { elsewhere });
  if (mismatches.length === 0) return PASSED;
  const reason = mismatches.map(({ at, wanted }) => `${at}: ${wanted}`).join('; ');
  const isUnjudged = mismatches.every((each) => each.isUnjudged);
  return { outcome: 'failed', row: undefined, mismatches, reason, ...(isUnjudged ? { isUnjudged } : {}) };
}

function judgedPart(reply: Reply, stream: StreamSummary | undefined): JudgedReply {
  const { status, headers, body, undecoded, bytes, latencyMs } = reply;
  return { status, headers, body, undecoded, bytes, latencyMs, stream };
}
