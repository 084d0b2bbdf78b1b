/** A position in the text of a file; both count from 1, as editors show them. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the key and the value of a JSON Pointer stand. */
export interface PositionLookup {
  readonly keyAt: (pointer: string) => Position;
  readonly valueAt: (pointer: string) => Position;
}
