/** A logging command as the agent reads it from a line. */
export interface Command {
  readonly area: string;
  readonly event: string;
  readonly data: string;
  /** Their names are the same in whatever case: the first spelling stays, the last value counts. */
  readonly properties: Readonly<Record<string, string>>;
}

/** Characters that the agent's search, which goes by a culture, does not see within the prefix. */
const UNSEEN = String.raw`[\u0000\u200d]*`;
const PREFIX = new RegExp([...'##vso'].join(UNSEEN) + String.raw`\[`);
const PREFIX_LENGTH = '##vso['.length;

/** In the order in which the agent undoes them. */
const ESCAPES = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
] as const;

/**
 * The one command of a line, wherever in it; undefined when there is none.
 * @param unescapePercents the switch DECODE_PERCENTS
 */
export function parseCommand(line: string, unescapePercents = true): Command | undefined {
  const found = PREFIX.exec(line);
  if (found === null) return undefined;
  const end = line.indexOf(']', found.index);
  if (end < 0) return undefined;
  // An unseen character moves the start: it is counted by the prefix's own length.
  const inside = line.slice(found.index + PREFIX_LENGTH, end);
  const blank = inside.indexOf(' ');
  const [area, event, ...more] = (blank < 0 ? inside : inside.slice(0, blank))
    .split('.')
    .filter((part) => part !== '');
  if (area === undefined || event === undefined || more.length > 0) return undefined;
  const properties: Record<string, string> = {};
  for (const pair of blank < 0
    ? []
    : inside
        .slice(blank + 1)
        .trim()
        .split(';')) {
    const [, key, value] = /^=*([^=]+)=+(.+)$/s.exec(pair) ?? [];
    if (key === undefined || value === undefined) continue;
    const known = Object.keys(properties).find((each) => each.toLowerCase() === key.toLowerCase());
    properties[known ?? key] = undoEscapes(value, unescapePercents);
  }
  return { area, event, data: undoEscapes(line.slice(end + 1), unescapePercents), properties };
}

function undoEscapes(text: string, unescapePercents: boolean): string {
  const plain = ESCAPES.reduce((rest, [escaped, character]) => rest.replaceAll(escaped, character), text);
  return unescapePercents ? plain.replaceAll('%AZP25', '%') : plain;
}

/** A property by its name, in whatever case. */
export function propertyOf({ properties }: Command, name: string): string | undefined {
  return Object.entries(properties).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

/** The agent reads lines that end in any of these. */
export function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n|\r/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
