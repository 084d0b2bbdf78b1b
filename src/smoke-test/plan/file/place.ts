/** A value in the document and where it stands, as a JSON Pointer (RFC 6901). */
export interface Place {
  readonly pointer: string;
  readonly value: unknown;
}

export interface Entry extends Place {
  readonly key: string;
}

export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The last key of a pointer as a person writes it: `cases[1]` for an item of a list. */
export function lastKey(pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.at(-1) ?? '';
  const above = keys.at(-2);
  return /^\d+$/.test(last) && above !== undefined ? `${above}[${last}]` : last;
}

/** The value of a key, undefined when there is none or the place is no mapping. */
export function child(place: Place | undefined, key: string): Place | undefined {
  const mapping = mappingAt(place);
  if (place === undefined || mapping === undefined || !Object.hasOwn(mapping, key)) return undefined;
  return { pointer: pointerTo(place.pointer, key), value: mapping[key] };
}

/** The entries of a mapping; none when the place is no mapping. */
export function entriesOf(place: Place | undefined): readonly Entry[] {
  const mapping = mappingAt(place);
  if (place === undefined || mapping === undefined) return [];
  return Object.entries(mapping).map(([key, value]) => ({
    key,
    pointer: pointerTo(place.pointer, key),
    value,
  }));
}

/** The items of a list; none when the place is no list. */
export function itemsOf(place: Place | undefined): readonly Place[] {
  if (place === undefined || !Array.isArray(place.value)) return [];
  return place.value.map((value: unknown, index) => ({ pointer: pointerTo(place.pointer, index), value }));
}

export function textAt(place: Place | undefined): string | undefined {
  return typeof place?.value === 'string' ? place.value : undefined;
}

export function numberAt(place: Place | undefined): number | undefined {
  return typeof place?.value === 'number' ? place.value : undefined;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The value as `JSON.parse` would give it. Mappings of the document have no prototype, and some ways to
 * compare two objects see that.
 */
export function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function mappingAt(place: Place | undefined): Readonly<Record<string, unknown>> | undefined {
  return isMapping(place?.value) ? place.value : undefined;
}
