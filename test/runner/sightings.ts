import { Buffer } from 'node:buffer';
import type { Form } from './encodings.ts';
import { formsOf } from './encodings.ts';

export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

export interface Sighting {
  /** `plain`, `base64 at byte 1`, … */
  readonly form: string;
  readonly extent: 'whole' | 'in part';
  /** What had to be taken out of the text to see it; empty: nothing. */
  readonly behind: string;
  /** 1-based; known only when nothing had to be taken out. */
  readonly line?: number;
}

/** Ways to hide a secret from a search without hiding it from a reader. */
const DISGUISES: readonly (readonly [behind: string, undo: (text: string) => string])[] = [
  ['', (text) => text],
  ['ANSI codes', withoutAnsi],
  ['line ends', (text) => withoutAnsi(text).replace(/[\r\n]+/g, '')],
  ['white space', (text) => withoutUnseen(withoutAnsi(text))],
  ['escaped line ends', (text) => withoutAnsi(text).replace(/(?:%0[AaDd]|\\+[rn])+/g, '')],
  ['escapes', (text) => withoutUnseen(withoutAnsi(unescaped(text)))],
  ['separators of numbers', (text) => listed(unescaped(text))],
  ['positions of numbers', (text) => listed(unescaped(text).replace(/\d+["'\]]*\s*(?:=>|[:=])\s*/g, ''))],
  ['separators of hex', (text) => text.replace(/(?<=[\da-f]{2})[^\da-z]{1,64}(?:0x)?(?=[\da-f]{2})/gi, '')],
  ['backslashes', (text) => withoutAnsi(text).replace(/\\+(?=[!-/:-@[-`{-~])/g, '')],
];

function withoutAnsi(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/[\u001b\u009b](?:\[|\(|\])?[0-?]*[ -/]*[@-~]/g, '');
}

function withoutUnseen(text: string): string {
  return text.replace(
    /[\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800\u{1d159}]+/gu,
    '',
  );
}

/** With one comma between its words and numbers; whole numbers without a fraction. */
function listed(text: string): string {
  return text.replace(/(\d)\.0+(?!\d)/g, '$1').replace(/[^\p{L}\p{N}]+/gu, ',');
}

/** With the characters that JSON, percent-encoding and XML escape, once or several times, in their places. */
function unescaped(text: string): string {
  return text
    .replace(/(?:%(?:25)*[\da-f]{2})+/gi, (codes) => {
      return Buffer.from(codes.replace(/%(?:25)*(?=[\da-f]{2})/gi, ''), 'hex').toString('utf8');
    })
    .replace(/(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2}))/gi, (_, long?: string, short?: string) => {
      return String.fromCharCode(Number.parseInt(long ?? short ?? '', 16));
    })
    .replace(/(?<!\\)\\+[abfnrtv]/g, ' ')
    .replace(/(?<!\\)\\+e/g, '\u001b')
    .replace(/&(?:amp;)*#(?:(\d{1,5})|x([\da-f]{1,4}));/gi, (_, decimal?: string, hex?: string) => {
      return String.fromCharCode(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal));
    });
}

/** A text in each of its disguises, the undisguised first, to be searched for several secrets. */
export type Haystack = readonly { readonly behind: string; readonly text: string }[];

export function haystackOf(text: string): Haystack {
  const layers: { behind: string; text: string }[] = [];
  for (const [behind, undo] of DISGUISES) {
    const undone = undo(text);
    if (!layers.some((layer) => layer.text === undone)) layers.push({ behind, text: undone });
  }
  return layers;
}

/** Searches for one secret; at most one sighting a form, the least disguised one. */
export type Searcher = (haystack: Haystack) => Sighting[];

/** A property test has a new secret each time, a scenario some fifty all in all. */
const MOST_MADE = 200;

/** Searchers that were made: a scenario searches everything for each of its secrets after each step. */
const made = new Map<string, Searcher>();

/** Prepares a search whose time depends on the length of the text, not on that of the secret. */
export function createSearcher(secret: string): Searcher {
  const known = made.get(secret);
  if (known !== undefined) return known;
  const index = indexOf(formsOf(secret));
  const searcher: Searcher = (haystack) => {
    const sightings = new Map<Form, Sighting>();
    for (const { behind, text } of haystack) {
      for (const [form, at] of firstHits(text, index)) {
        if (sightings.has(form)) continue;
        sightings.set(form, {
          form: form.name,
          extent: text.includes(form.text) ? 'whole' : 'in part',
          behind,
          ...(behind === '' ? { line: text.slice(0, at).split('\n').length } : {}),
        });
      }
    }
    return [...sightings.values()];
  };
  if (made.size >= MOST_MADE) made.clear();
  made.set(secret, searcher);
  return searcher;
}

/** Where in which form a chunk stands, and how many characters in a row around it are telling. */
interface Place {
  readonly form: Form;
  readonly at: number;
  readonly telling: number;
}

/**
 * Chunks half as long as a telling run, one after the other: each such run holds one of them whole, so that looking
 * up every position of a text for them finds all candidates.
 */
interface Index {
  readonly byLength: ReadonlyMap<number, ReadonlyMap<string, readonly Place[]>>;
  /** How many of their first characters are hashed. */
  readonly hashed: number;
  /** A bit for each hash of theirs: nearly every position of a text is passed over by it. */
  readonly beginnings: Uint32Array;
}

/** As many characters as tell a beginning from another one. */
const MOST_HASHED = 8;

/** A token in all its forms has some 10,000 chunks: there are 100 times as many hashes. */
const HASH_BITS = 20;

function indexOf(forms: readonly Form[]): Index {
  const byLength = new Map<number, Map<string, Place[]>>();
  const beginnings = new Uint32Array(2 ** (HASH_BITS - 5));
  const tellings = forms.map((form) => Math.min(form.telling, form.text.length));
  const hashed = Math.min(MOST_HASHED, ...tellings.map(chunkOf));
  for (const [index, form] of forms.entries()) {
    const telling = tellings[index]!;
    const length = chunkOf(telling);
    const table = byLength.get(length) ?? new Map<string, Place[]>();
    byLength.set(length, table);
    for (let at = 0; at + length <= form.text.length; at += length) {
      const chunk = form.text.slice(at, at + length);
      const places = table.get(chunk);
      if (places === undefined) table.set(chunk, [{ form, at, telling }]);
      else places.push({ form, at, telling });
      const hash = hashAt(form.text, at, hashed);
      beginnings[hash >>> 5]! |= 1 << (hash & 31);
    }
  }
  return { byLength, hashed, beginnings };
}

function chunkOf(telling: number): number {
  return Math.floor((telling + 1) / 2);
}

function firstHits(text: string, { byLength, hashed, beginnings }: Index): Map<Form, number> {
  const hits = new Map<Form, number>();
  for (let at = 0; at + hashed <= text.length; at++) {
    const hash = hashAt(text, at, hashed);
    if ((beginnings[hash >>> 5]! & (1 << (hash & 31))) === 0) continue;
    for (const [length, table] of byLength) {
      for (const place of table.get(text.slice(at, at + length)) ?? []) {
        if (hits.has(place.form)) continue;
        const start = tellingRunAt(text, at, place);
        if (start !== undefined) hits.set(place.form, start);
      }
    }
  }
  return hits;
}

/** Where the run begins that text and form have in common around a chunk; undefined when it is not telling. */
function tellingRunAt(text: string, at: number, { form, at: inForm, telling }: Place): number | undefined {
  let before = 0;
  while (
    before < telling &&
    before < at &&
    before < inForm &&
    text.charCodeAt(at - before - 1) === form.text.charCodeAt(inForm - before - 1)
  )
    before++;
  let length = before;
  while (
    length < telling &&
    at - before + length < text.length &&
    text.charCodeAt(at - before + length) === form.text.charCodeAt(inForm - before + length)
  )
    length++;
  return length >= telling ? at - before : undefined;
}

function hashAt(text: string, at: number, length: number): number {
  let hash = 0;
  for (let next = at; next < at + length; next++) hash = Math.imul(hash, 0x9e3779b1) + text.charCodeAt(next);
  return (hash ^ (hash >>> 15)) & (2 ** HASH_BITS - 1);
}
