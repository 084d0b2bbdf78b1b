import { excerpt } from '../../secrets/excerpt.ts';
import { isObject, objectIn, parseJson, stringIn } from '../../text/json.ts';
import type { Expectations, Mismatch } from '../plan/expectations.ts';
import { chatAnswerIn } from '../request/chat-answer.ts';
import { createStreamReader, type StreamSummary } from '../request/event-stream.ts';
import { isGoodStatus } from '../request/exchange.ts';
import { reportedError } from '../request/reported-error.ts';
import { type StreamForm, streamFormOf } from '../request/stream-form.ts';
import { mediaTypeOf } from './content-type.ts';
import { isExceptionText } from './exception-text.ts';
import {
  decoderFor,
  headerOf,
  type JudgedReply,
  limitOf,
  notDecoded,
  notKept,
  readJson,
} from './reply-body.ts';

/**
 * What is wrong with a good answer of which the case says nothing but its status: it is empty, it is not the JSON that
 * its content type says, or it tells of an error. Without this a bare sample request would pass on any 200.
 */
export function formMismatches(reply: JudgedReply, expectations: Expectations): readonly Mismatch[] {
  const { status, body, undecoded } = reply;
  if (!isGoodStatus(status) || hasBodyExpectation(expectations)) return [];
  if (body === undefined) {
    // An error may come at any place of a stream.
    const isStream = streamFormOf(headerOf(reply, 'content-type')) !== undefined;
    return isStream ? [{ at: 'stream', wanted: 'no error', got: notKept(reply), ...limitOf(reply) }] : [];
  }
  if (undecoded !== undefined) {
    return [{ at: 'body', wanted: 'an answer', got: notDecoded(undecoded), ...limitOf(reply) }];
  }
  const promised = promiseMismatches(reply, expectations);
  if (promised.length > 0 || expectations.body === 'any') return promised;
  if (expectations.schema !== undefined) return promisedMismatches(reply);
  if (body.length === 0) return mayBeEmpty(status, expectations) ? [] : [EMPTY];
  const type = mediaTypeOf(reply);
  if (PROBLEM.test(type)) return [problem(reply, type)];
  const form = streamFormOf(type);
  if (form === 'events') return streamFormMismatches(body, form);
  const read = readJson(reply);
  if (!('mistake' in read)) return errorMismatches(read.value);
  const isJson = /^(?:application|text)\/(?:[^/]+\+)?json$/.test(type);
  if (form === 'lines' || (isJson && isJsonLines(reply, body))) return streamFormMismatches(body, 'lines');
  return isJson ? [{ at: 'body', wanted: 'JSON, as its content type says', got: read.mistake }] : [];
}

/** A body that is an error, whatever its status says: RFC 9457. */
const PROBLEM = /^application\/problem\+(?:json|xml)$/;

function problem(reply: JudgedReply, type: string): Mismatch {
  const read = readJson(reply);
  const { title, detail } = objectIn('mistake' in read ? undefined : read.value);
  const said = [title, detail].map(stringIn).filter((each) => each !== undefined);
  const words = said.length === 0 ? '' : `: ${excerpt(said.join(': '))}`;
  return { at: 'body', wanted: 'a result', got: `an error, as the content type ${type} says${words}` };
}

/** What a status says that is good, and yet no answer: that one is to come later, or that this is a part of one. */
function promiseMismatches(reply: JudgedReply, expectations: Expectations): readonly Mismatch[] {
  const { status } = reply;
  if (isAskedFor(status, expectations)) return [];
  const location = headerOf(reply, 'location') ?? headerOf(reply, 'operation-location');
  if (status === 206) return [{ at: 'status', wanted: 'a whole answer', got: '206, a part of one' }];
  if (status !== 202 || location === undefined) return [];
  return [{ at: 'status', wanted: 'an answer', got: '202 with the address where the answer will be' }];
}

/** Without an event a stream says nothing, and what came may be something else. */
function streamFormMismatches(body: Buffer, form: StreamForm): readonly Mismatch[] {
  const stream = readStream(body, form);
  const { events, error, cutData } = stream;
  const isEmpty = events === 0 && error === undefined && cutData === undefined;
  return isEmpty ? [{ at: 'stream', wanted: 'an event', got: 'none' }] : contentMismatches(stream, form);
}

const EMPTY: Mismatch = { at: 'body', wanted: 'an answer', got: 'an empty body' };

/** What the endpoint's own document promises is so loose that an error may keep the promise. */
function promisedMismatches(reply: JudgedReply): readonly Mismatch[] {
  const read = readJson(reply);
  return 'mistake' in read ? [] : errorMismatches(read.value);
}

/** Whether the user said something of the body; a schema with a hint is the endpoint's own document's. */
function hasBodyExpectation({ schema, json, equals, content, text, stream }: Expectations): boolean {
  const own = schema?.hint === undefined ? schema : undefined;
  return [own, equals, content, text, stream].some((each) => each !== undefined) || json.length > 0;
}

function mayBeEmpty(status: number, expectations: Expectations): boolean {
  // A 202 that a case asks for by its code has no answer yet.
  return expectations.body === 'may-be-empty' || (status !== 200 && isAskedFor(status, expectations));
}

function isAskedFor(status: number, { status: wanted }: Expectations): boolean {
  return wanted.some((each) => 'code' in each && each.code === status);
}

/** Servers that stream JSON lines often call them JSON. */
function isJsonLines(reply: JudgedReply, body: Buffer): boolean {
  const text = decoderFor(headerOf(reply, 'content-type')).decode(body);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => parseJson(line) !== undefined);
}

/** What is wrong with a JSON body that is nobody's result: an error, or a chat without a word. */
function errorMismatches(value: unknown): readonly Mismatch[] {
  const inner = innermost(value);
  const error = reportedError(inner) ?? (isExceptionText(inner) ? inner : undefined);
  if (error !== undefined) return [{ at: 'body', wanted: 'a result', got: `an error: ${excerpt(error)}` }];
  const chat = chatAnswerIn(value);
  return chat === undefined || chat.isSpoken
    ? []
    : [{ at: 'body', wanted: 'text in the answer of the chat', got: silence(chat.finishReason) }];
}

/** How often a text may be encoded that is looked for an error. */
const MOST_ENCODINGS = 4;

/** What a JSON string holds that is JSON itself: a script that encodes its error, and a server that encodes it again. */
function innermost(value: unknown): unknown {
  let inner = value;
  for (let count = 0; count < MOST_ENCODINGS && typeof inner === 'string'; count++) {
    const read = parseJson(inner);
    if (typeof read !== 'string' && !isObject(read)) break;
    inner = read;
  }
  return inner;
}

function readStream(body: Buffer, form: StreamForm): StreamSummary {
  const reader = createStreamReader(form, () => 0);
  reader.feed(body);
  return reader.summary();
}

const ENDS: Readonly<Record<StreamForm, string>> = {
  events: 'a blank line after the last event',
  lines: 'a line break after the last line',
};

/** What is wrong with a stream whatever is expected of it. */
export function contentMismatches(stream: StreamSummary, form: StreamForm): readonly Mismatch[] {
  const { events, spoken, error, chat, finishReason, cutData } = stream;
  const found: Mismatch[] = [];
  const add = (wanted: string, got: string): unknown => found.push({ at: 'stream', wanted, got });
  if (error !== undefined) add('no error', `an error: ${excerpt(error)}`);
  if (cutData !== undefined) add(ENDS[form], `${excerpt(cutData)}`);
  if (events > 0 && spoken === 0) add('an event with content', 'only empty events or [DONE]');
  else if (chat === 'silent' && error === undefined)
    add('text in the answer of the chat', silence(finishReason));
  return found;
}

function silence(finishReason: string | undefined): string {
  return finishReason === undefined ? 'none' : `none; finish_reason is ${excerpt(finishReason, 40)}`;
}
