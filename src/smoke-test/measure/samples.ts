import type { Judgement } from '../judge/judge.ts';
import type { TargetName } from '../request/scoring-request.ts';
import type { Sample } from '../result.ts';

const TARGETS = ['candidate', 'baseline'] as const satisfies readonly TargetName[];
const OUTCOMES = ['passed', 'failed', 'unanswered'] as const satisfies readonly Sample['outcome'][];

const TIMED_OUT = 1;
const INCONCLUSIVE = 2;

/** What is measured of a request, before its reply is judged. */
export type Measurement = Omit<Sample, 'outcome' | 'inconclusive' | 'reason'>;

/** The samples of a run in columns: hundreds of thousands of objects with texts in them would take hundreds of MiB. */
export interface SampleColumns {
  readonly length: number;
  /** @returns its place */
  add(measured: Measurement, judgement: Judgement): number;
  /** Replaces the judgement on the sample at a place. */
  judge(at: number, judgement: Judgement): void;
  /** Forgets the samples from a place on. */
  cut(length: number): void;
  /** Each reads its columns when it is asked. */
  rows(): readonly Sample[];
  /** Only the last so many. */
  latest(count: number): readonly Sample[];
}

/** @param capacity how many samples there will be at most */
export function createSampleColumns(capacity: number): SampleColumns {
  const columns = createColumns(capacity);
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(measured, judgement) {
      write(columns, length, measured);
      judge(columns, length, judgement);
      length += 1;
      return length - 1;
    },
    judge: (at, judgement) => judge(columns, at, judgement),
    cut(shorter) {
      length = Math.min(length, shorter);
    },
    rows: () => Array.from({ length }, (_, at) => new Row(columns, at)),
    latest: (count) =>
      Array.from({ length: Math.min(count, length) }, (_, back) => new Row(columns, length - 1 - back)),
  };
}

interface Columns {
  readonly caseIndex: Uint32Array;
  readonly index: Uint32Array;
  readonly target: Uint8Array;
  readonly outcome: Uint8Array;
  readonly flags: Uint8Array;
  /** 0: there is none. */
  readonly status: Uint16Array;
  readonly startedAtMs: Float64Array;
  readonly latencyMs: Float64Array;
  /** NaN: there is none, in these four. */
  readonly firstEventMs: Float64Array;
  readonly longestGapMs: Float64Array;
  readonly waitedMs: Float64Array;
  readonly line: Float64Array;
  readonly bytes: Float64Array;
  /** Places in `texts`; 0: there is none. */
  readonly sha256: Uint32Array;
  readonly deployment: Uint32Array;
  readonly reason: Uint32Array;
  readonly requestId: Buffer;
  /** By their places: those that are no UUIDs. */
  readonly otherIds: Map<number, string>;
  /** Texts that many samples have. */
  readonly texts: (string | undefined)[];
  readonly places: Map<string, number>;
}

function createColumns(capacity: number): Columns {
  return {
    caseIndex: new Uint32Array(capacity),
    index: new Uint32Array(capacity),
    target: new Uint8Array(capacity),
    outcome: new Uint8Array(capacity),
    flags: new Uint8Array(capacity),
    status: new Uint16Array(capacity),
    startedAtMs: new Float64Array(capacity),
    latencyMs: new Float64Array(capacity),
    firstEventMs: new Float64Array(capacity),
    longestGapMs: new Float64Array(capacity),
    waitedMs: new Float64Array(capacity),
    line: new Float64Array(capacity),
    bytes: new Float64Array(capacity),
    sha256: new Uint32Array(capacity),
    deployment: new Uint32Array(capacity),
    reason: new Uint32Array(capacity),
    requestId: Buffer.alloc(capacity * UUID_BYTES),
    otherIds: new Map(),
    texts: [undefined],
    places: new Map(),
  };
}

function write(columns: Columns, at: number, measured: Measurement): void {
  columns.caseIndex[at] = measured.caseIndex;
  columns.index[at] = measured.index;
  columns.target[at] = TARGETS.indexOf(measured.target);
  columns.flags[at] = measured.timedOut ? TIMED_OUT : 0;
  columns.status[at] = measured.status ?? 0;
  columns.startedAtMs[at] = measured.startedAtMs;
  columns.latencyMs[at] = measured.latencyMs;
  columns.firstEventMs[at] = measured.firstEventMs ?? Number.NaN;
  columns.longestGapMs[at] = measured.longestGapMs ?? Number.NaN;
  columns.waitedMs[at] = measured.waitedMs ?? Number.NaN;
  columns.line[at] = measured.line ?? Number.NaN;
  columns.bytes[at] = measured.bytes;
  columns.sha256[at] = placeOf(columns, measured.sha256);
  columns.deployment[at] = placeOf(columns, measured.deployment);
  writeId(columns, at, measured.requestId);
}

const UUID_BYTES = 16;
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;

function writeId({ requestId, otherIds }: Columns, at: number, id: string): void {
  if (UUID.test(id)) requestId.write(id.replaceAll('-', ''), at * UUID_BYTES, 'hex');
  else otherIds.set(at, id);
}

function idAt({ requestId, otherIds }: Columns, at: number): string {
  const hex = (from: number, to: number): string =>
    requestId.toString('hex', at * UUID_BYTES + from, at * UUID_BYTES + to);
  return otherIds.get(at) ?? [hex(0, 4), hex(4, 6), hex(6, 8), hex(8, 10), hex(10, 16)].join('-');
}

function judge(columns: Columns, at: number, { outcome, row, reason }: Judgement): void {
  columns.outcome[at] = OUTCOMES.indexOf(outcome);
  const others = columns.flags[at]! & ~INCONCLUSIVE;
  columns.flags[at] = others | (row?.measured === 'inconclusive' ? INCONCLUSIVE : 0);
  columns.reason[at] = placeOf(columns, reason);
}

function placeOf({ texts, places }: Columns, text: string | undefined): number {
  if (text === undefined) return 0;
  const known = places.get(text);
  if (known !== undefined) return known;
  places.set(text, texts.push(text) - 1);
  return texts.length - 1;
}

/** One sample, as its columns have it. */
class Row implements Sample {
  readonly #columns: Columns;
  readonly #at: number;
  constructor(columns: Columns, at: number) {
    this.#columns = columns;
    this.#at = at;
  }
  get caseIndex() {
    return this.#columns.caseIndex[this.#at]!;
  }
  get index() {
    return this.#columns.index[this.#at]!;
  }
  get target() {
    return TARGETS[this.#columns.target[this.#at]!]!;
  }
  get outcome() {
    return OUTCOMES[this.#columns.outcome[this.#at]!]!;
  }
  get timedOut() {
    return (this.#columns.flags[this.#at]! & TIMED_OUT) !== 0;
  }
  get inconclusive() {
    return (this.#columns.flags[this.#at]! & INCONCLUSIVE) !== 0;
  }
  get status() {
    return this.#columns.status[this.#at]! || undefined;
  }
  get startedAtMs() {
    return this.#columns.startedAtMs[this.#at]!;
  }
  get latencyMs() {
    return this.#columns.latencyMs[this.#at]!;
  }
  get longestGapMs() {
    return known(this.#columns.longestGapMs[this.#at]!);
  }
  get firstEventMs() {
    return known(this.#columns.firstEventMs[this.#at]!);
  }
  get waitedMs() {
    return known(this.#columns.waitedMs[this.#at]!);
  }
  get line() {
    return known(this.#columns.line[this.#at]!);
  }
  get bytes() {
    return this.#columns.bytes[this.#at]!;
  }
  get sha256() {
    return this.#columns.texts[this.#columns.sha256[this.#at]!];
  }
  get deployment() {
    return this.#columns.texts[this.#columns.deployment[this.#at]!];
  }
  get reason() {
    return this.#columns.texts[this.#columns.reason[this.#at]!];
  }
  get requestId() {
    return idAt(this.#columns, this.#at);
  }
}

function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
