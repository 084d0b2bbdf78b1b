// The runner is a .NET program: its white space has U+0085 and lacks U+FEFF, unlike JavaScript's `\s`.
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const LEADING = new RegExp(`^${SPACE}+`);
const TRAILING = new RegExp(`${SPACE}+$`);

export function trimStart(text: string): string {
  return text.replace(LEADING, '');
}

export function trim(text: string): string {
  return trimStart(text).replace(TRAILING, '');
}

export function isBlank(text: string): boolean {
  return trimStart(text) === '';
}
