/** What the agent hides in a line of the log. */
export interface Masker {
  /** Registers a value as it is; there is no least length. */
  add(value: string): void;
  mask(text: string): string;
}

/** The password in an address, whoever it belongs to. */
const PASSWORD = /(?<=\/\/[^\s:/@]+:)[^\s:/@]+(?=@)/g;

/** What the agent registers besides a value: no base64, no hex, no lines of it. */
const DERIVATIONS: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => JSON.stringify(value).slice(1, -1),
  escapeDataString,
  (value) => value.replace(/\\(?:\\|'|"|t)/g, (escaped) => (escaped === '\\t' ? '\t' : escaped.slice(1))),
];

export function createMasker(): Masker {
  const values = new Set<string>();
  return {
    add(value) {
      if (value === '') return;
      for (const derive of DERIVATIONS) values.add(derive(value));
    },
    mask(text) {
      const ranges = [...values].flatMap((value) => rangesOf(text, value));
      for (const { index, 0: found } of text.matchAll(PASSWORD)) ranges.push([index, index + found.length]);
      ranges.sort(([a], [b]) => a - b);
      let shown = '';
      let end = -1;
      for (const [from, to] of ranges) {
        // Hits that overlap or touch are one.
        if (from > end) shown += `${text.slice(Math.max(end, 0), from)}***`;
        end = Math.max(end, to);
      }
      return shown + text.slice(Math.max(end, 0));
    },
  };
}

function rangesOf(text: string, value: string): [number, number][] {
  const ranges: [number, number][] = [];
  for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
    ranges.push([at, at + value.length]);
  return ranges;
}

/** .NET's Uri.EscapeDataString: only letters, digits and -._~ stay. */
function escapeDataString(value: string): string {
  return encodeURIComponent(value.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
