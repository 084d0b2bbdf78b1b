/** Where servers put the sentence for a person: the inference server, FastAPI, Triton, ARM's shape. */
const PLACES: readonly (readonly string[])[] = [
  ['message'],
  ['error', 'message'],
  ['error'],
  ['detail'],
  ['title'],
];

/** How much of a body is looked at: a message is short, and bodies may be large. */
const LONGEST = 65_536;

/** The model's own message out of an error body; the body as text when it has no known place for one. */
export function modelMessage(body: Buffer): string {
  const text = body.subarray(0, LONGEST).toString('utf8').trim();
  const parsed = parse(text);
  for (const place of PLACES) {
    const value = place.reduce<unknown>((object, key) => property(object, key), parsed);
    if (typeof value === 'string' && value !== '') return value;
  }
  return typeof parsed === 'string' ? parsed : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function property(object: unknown, key: string): unknown {
  return typeof object === 'object' && object !== null && Object.hasOwn(object, key)
    ? (object as Record<string, unknown>)[key]
    : undefined;
}
