import type { InputName } from './declarations.ts';

/** What a CI system replaces by a value, also amid other text: `${{ … }}`, `$(name)`, `$[…]`. */
const EXPRESSION = /\$\{\{.*?\}\}|\$\([A-Za-z_][\w.-]*\)|\$\[[^\]]*\]/s;

/** A value that is nothing but one of them, or but what a shell replaces: `$NAME`, `${NAME}`, `$env:NAME`, `%NAME%`. */
const ALONE =
  /^(?:\$\{\{.*?\}\}|\$\([A-Za-z_][\w.-]*\)|\$\[[^\]]*\]|\$(?:env:)?[A-Za-z_]\w*|\$\{(?:env:)?[A-Za-z_]\w*\}|%[A-Za-z_]\w*%)$/s;

/** Inputs that may hold any text, so that only a value without any other text can be told. */
const ANY_TEXT: readonly InputName[] = ['client-secret', 'creds'];

/** The expression in the value of an input that nothing has replaced, if there is one. */
export function unreplacedIn(name: InputName, value: string): string | undefined {
  // A script may be `$(name)` or `$NAME`: its shell replaces that.
  if (name === 'response-check') return /^\$\{\{.*\}\}$/s.exec(value)?.[0];
  // Inline JSON and YAML hold texts of their own, JSONPaths such as $[0] among them.
  const holdsAnyText = ANY_TEXT.includes(name) || /^[[{"]|\n/.test(value);
  return ALONE.exec(value)?.[0] ?? (holdsAnyText ? undefined : EXPRESSION.exec(value)?.[0]);
}
