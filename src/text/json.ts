// The only readers of untyped JSON. A value of another type is like one that is not there.

/** A JSON object of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The value of a JSON text, or what the parser says is wrong with it. */
export function tryParseJson(text: string): { readonly value: unknown } | { readonly mistake: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { mistake: (error as SyntaxError).message };
  }
}

/** The value of a JSON text; undefined when it is not JSON, as no JSON is undefined. */
export function parseJson(text: string): unknown {
  const parsed = tryParseJson(text);
  return 'value' in parsed ? parsed.value : undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object; an empty one for any other value. */
export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The array; an empty one for any other value. */
export function arrayIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The string; undefined for an empty one too, which says nothing. */
export function stringIn(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number, when it is finite: JSON has numbers that are too large for one. */
export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** An own property of an object; undefined for any other value. */
export function propertyOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
