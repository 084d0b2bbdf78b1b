import { parseJson, propertyOf, stringIn } from '../../text/json.ts';

/** Where an error body has its message: of the inference server, FastAPI, Triton, Azure, problem details. */
const PLACES: readonly (readonly string[])[] = [
  ['message'],
  ['error', 'message'],
  ['error'],
  ['detail'],
  ['title'],
];

/** How much of a body is read, in bytes: a message is short, and bodies may be large. */
const LONGEST = 65_536;

/** The model's own message out of an error body; the body as text when it has no known place for one. */
export function modelMessage(body: Buffer): string {
  const text = body.subarray(0, LONGEST).toString('utf8').trim();
  const parsed = parseJson(text);
  for (const place of PLACES) {
    const message = stringIn(place.reduce(propertyOf, parsed));
    if (message !== undefined) return message;
  }
  return typeof parsed === 'string' ? parsed : text;
}
