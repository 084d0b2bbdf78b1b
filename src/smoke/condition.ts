/** The types that `type` may name; `integer` is a number without a fraction. */
export const VALUE_TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/** What a value must be; every part that is there must hold. A literal in the file is `{ equals }`. */
export interface Condition {
  /** Compared as JSON; numbers exactly. */
  readonly equals?: unknown;
  readonly not?: Condition;
  readonly type?: ValueType;
  /** Both ends included. */
  readonly between?: readonly [number, number];
  readonly min?: number;
  readonly max?: number;
  /** A regular expression, found anywhere in a string. */
  readonly matches?: RegExp;
  readonly oneOf?: readonly unknown[];
  /** Of a string (in characters), an array, or an object (its keys). */
  readonly length?: Condition;
  /** `false`: there must be none. */
  readonly exists?: boolean;
}
