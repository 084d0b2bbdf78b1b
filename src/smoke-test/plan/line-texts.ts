/** A list of texts, which may be held in one piece. `at` of a place that is not there is undefined. */
export type ByteTexts = Pick<readonly Buffer[], 'length' | 'at'>;

/** The lines of a file, held in one piece. */
export interface LineTexts extends ByteTexts {
  /** Where the text at a place stands in the file, from 1. */
  lineAt(at: number): number;
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = Buffer.from('\uFEFF', 'utf8');

/** How many numbers say where a text is: its start, its end, and its line. */
const FIELDS = 3;

/** Each line that is not blank, without its line break; nothing is copied. */
export function linesIn(file: Buffer): LineTexts {
  const places: number[] = [];
  let start = file.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for (let line = 1; start < file.length; line++) {
    const found = file.indexOf(LINE_FEED, start);
    const next = found < 0 ? file.length : found;
    const end = file[next - 1] === CARRIAGE_RETURN && next > start ? next - 1 : next;
    if (!isBlank(file, start, end)) places.push(start, end, line);
    start = next + 1;
  }
  return textsIn(file, places);
}

/** Texts that stand for the lines of a file. */
export function createLineTexts(): { add(text: string, line: number): void; texts(): LineTexts } {
  const chunks: Buffer[] = [];
  const places: number[] = [];
  let length = 0;
  return {
    add(text, line) {
      const bytes = Buffer.from(text, 'utf8');
      chunks.push(bytes);
      places.push(length, length + bytes.length, line);
      length += bytes.length;
    },
    texts: () => textsIn(Buffer.concat(chunks, length), places),
  };
}

function textsIn(whole: Buffer, placed: readonly number[]): LineTexts {
  const places = Float64Array.from(placed);
  const length = places.length / FIELDS;
  return {
    length,
    at: (at) => (at < length ? whole.subarray(places[at * FIELDS], places[at * FIELDS + 1]) : undefined),
    lineAt: (at) => places[at * FIELDS + 2]!,
  };
}

/** Blanks, tabs and carriage returns only. */
function isBlank(file: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = file[at];
    if (byte !== 0x20 && byte !== 0x09 && byte !== CARRIAGE_RETURN) return false;
  }
  return true;
}
