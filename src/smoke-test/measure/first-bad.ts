import type { Judgement } from '../judge/judge.ts';
import type { Exchange } from '../request/exchange.ts';
import type { TargetName } from '../request/scoring-request.ts';

/** A line of a case that was answered badly. */
export interface BadLine {
  /** In its file, from 1. */
  readonly line: number;
  readonly judgement: Judgement;
}

/** The first bad request of a case and target, or the one that stopped the measuring, with its whole exchange. */
export interface FirstBad {
  readonly caseIndex: number;
  readonly target: TargetName;
  /** 1 for the case's first measured request. */
  readonly request: number;
  readonly exchange: Exchange;
  readonly judgement: Judgement;
  /** Of a case that sends the lines of a file: the first ones that were answered badly, a hundred at most. */
  readonly lines: readonly BadLine[];
}
