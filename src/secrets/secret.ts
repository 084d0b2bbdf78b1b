import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { formsOf, MINIMUM_LENGTH, masksOf } from './masks.ts';
import { createRedactor } from './redactor.ts';

// Only guard makes a Secret: the constructor refuses every other caller, at run time too.
const KEY = Symbol('guard');
let make: (value: string) => Secret;

/** A value that is already masked. It prints as `***`; only a request header or the output writer reveals it. */
export class Secret {
  readonly #value: string;
  private constructor(value: string, key: symbol) {
    if (key !== KEY) throw new TypeError('A Secret is made by guard alone.');
    this.#value = value;
  }
  static {
    make = (value) => new Secret(value, KEY);
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

/** Longest secret, in bytes: a longer one fits into no header, and each of its encodings would have to be hidden. */
const LONGEST = 16_384;

/** Most lines of a secret, each of which is masked by itself. As many as a PEM file of the longest secret has. */
const MOST_LINES = 256;

let announce: ((masks: readonly string[]) => void) | undefined;
const redactor = createRedactor();
const hidden = new Set<string>();
const publicValues = new Set<string>();

/** A secret that no mask can hide without hiding good outputs too. Its message holds no part of it. */
export class UnmaskableError extends Error {
  override name = 'UnmaskableError';
}

/** Sets who tells the CI system to hide values. Before this is set, guard throws. */
export function announceMasksTo(listener: (masks: readonly string[]) => void): void {
  announce = listener;
}

/** Values that later steps need to see, such as the scoring URI: no mask may be a part of one. */
export function keepVisible(...values: readonly (string | undefined)[]): void {
  for (const value of values) if (value) publicValues.add(value);
}

/**
 * Turns a raw value into a Secret, and has it masked before anything else can print it.
 * @param value any string; leading and trailing white space is part of it
 * @param what names it in the error, e.g. `the primary key`
 * @throws UnmaskableError when the value is shorter than 8 characters, longer than 16 KiB or than 256 lines, part of a
 *   public value, or has lines most of which no mask can hide
 */
export function guard(value: string, what: string): Secret {
  if (announce === undefined) throw new Error('guard was called before announceMasksTo');
  if (value.trim().length < MINIMUM_LENGTH) {
    throw new UnmaskableError(
      `${what} has fewer than ${MINIMUM_LENGTH} characters: masking it would hide unrelated text, so it is not used.`,
    );
  }
  const size = tooMuchOf(value);
  if (size !== undefined) {
    throw new UnmaskableError(
      `${what} has more than ${size}, which no key, token or secret of Azure has: hiding it in every encoding would take too long, so it is not used. Check where it comes from.`,
    );
  }
  if (isPublic(value)) {
    throw new UnmaskableError(
      // The message does not say of which value: that would tell where to find the secret.
      `${what} is also a part of a value that later steps need to see, such as the scoring URI, the region, a deployment's name or the client id. Masking it would hide that too, so it is not used. Regenerate it, or check that the input it comes from holds the secret and no name.`,
    );
  }
  const masks = masksOf(value).filter((mask) => !isPublic(mask));
  if (!hideMost(masks, value)) {
    throw new UnmaskableError(
      `${what} has several lines, most of them shorter than ${MINIMUM_LENGTH} characters or plain words: masking those would hide unrelated text, so it is not used. Use one of a single line.`,
    );
  }
  announce(masks);
  hideForms(formsOf(value));
  return make(value);
}

/** Has {@link redact} hide the forms of a secret, which another thread has guarded. */
export function hideForms(forms: readonly string[]): void {
  const added = forms.filter((form) => !hidden.has(form));
  for (const form of added) hidden.add(form);
  redactor.add(added);
}

/** Everything that {@link redact} looks for, for another thread that has to look for it, too. */
export function secretForms(): readonly string[] {
  return [...hidden];
}

/** Replaces every secret, in every encoding known here and in pieces of 12 characters or more, by `***`. */
export function redact(text: string): string {
  return redactor.redact(text);
}

/** The same for a part of a text: what is around it may hold the rest of a secret. */
export function redactPart(
  text: string,
  around: { readonly before: string; readonly after: string },
): string {
  return redactor.redact(text, around);
}

/** The same for a text of many mebibytes: signals are heard meanwhile. */
export function redactLong(text: string): Promise<string> {
  return redactor.redactLong(text, () => setImmediate());
}

function tooMuchOf(value: string): string | undefined {
  // Its length first: a string of a gibibyte is not searched for lines.
  if (value.length > LONGEST || Buffer.byteLength(value) > LONGEST) return `${LONGEST / 1_024} KiB`;
  return value.split(/\r\n|[\r\n]/).length > MOST_LINES ? `${MOST_LINES} lines` : undefined;
}

/** Whether the masks hide at least half of what a log would show: it shows a value line by line. */
function hideMost(masks: readonly string[], value: string): boolean {
  let hidden = 0;
  let shown = 0;
  for (const line of value.split(/[\r\n]/).map((each) => each.trim())) {
    if (masks.includes(line)) hidden += line.length;
    else if (!isPublic(line)) shown += line.length;
  }
  return hidden > 0 && hidden >= shown;
}

function isPublic(candidate: string): boolean {
  const bare = candidate.trim();
  for (const value of publicValues) if (value.includes(bare)) return true;
  return false;
}
