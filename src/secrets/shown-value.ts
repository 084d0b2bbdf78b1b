import { quote } from './untrusted.ts';

/**
 * Longest value that is shown, in characters. What hides a value in a CI system looks for the whole of it: the start of
 * a secret that is cut would show.
 */
const LONGEST = 100;

/** A run of letters and digits as keys and tokens have, and hardly any name. */
const KEY_LIKE =
  /(?<![A-Za-z\d~+])(?=[A-Za-z\d~+]*[a-z])(?=[A-Za-z\d~+]*[A-Z])(?=[A-Za-z\d~+]*\d)[A-Za-z\d~+]{16}/;

/** How a secret looks that somebody gave to an input for something else. */
const SECRET_LIKE: readonly RegExp[] = [
  // A private key, a token, and a client secret of Entra's.
  /-----BEGIN/,
  /eyJ[\w-]{10}/,
  /\dQ~/,
  // The user and the password of an address.
  /\/\/[^/\s]*@/,
];

/** The end of a path: names of files may hold any letters and digits. */
const EXTENSION = /\.[A-Za-z]{2,5}$/;

/**
 * A value of the user's for a message about it, in quotation marks; how long it is in place of one that may be a secret,
 * which nothing hides yet.
 * @param secrets what the user did give as secrets, masked or not
 */
export function shownValue(value: string, secrets: readonly string[] = []): string {
  return mayBeSecret(value, secrets)
    ? `(a value of ${value.length} characters, not shown: it may be a secret)`
    : `'${quote(value, LONGEST)}'`;
}

/** Whether a value of the user's is not to be shown; see {@link shownValue}. */
export function mayBeSecret(value: string, secrets: readonly string[] = []): boolean {
  return (
    value.length > LONGEST ||
    SECRET_LIKE.some((look) => look.test(value)) ||
    (KEY_LIKE.test(value) && !EXTENSION.test(value)) ||
    secrets.some((secret) => isPartOf(secret, value) || isPartOf(value, secret))
  );
}

/** A shorter part of something is in it by chance. */
const SHORTEST_PART = 4;

function isPartOf(part: string, whole: string): boolean {
  return part.length >= SHORTEST_PART && whole.includes(part);
}
