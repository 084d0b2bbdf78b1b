import { inspect } from 'node:util';

/** A value that is already masked. It prints as `***`; only a request header or the output writer reveals it. */
export class Secret {
  readonly #value: string;
  private constructor(value: string) {
    this.#value = value;
  }
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return '***';
  }
  toJSON(): string {
    return '***';
  }
  [inspect.custom](): string {
    return '***';
  }
}
