import { excerpt } from '../../secrets/excerpt.ts';
import type { Mismatch } from '../plan/expectations.ts';
import { mediaTypeIn } from '../request/stream-form.ts';
import { headerOf, type JudgedReply } from './reply-body.ts';

/** The media type of a reply; see `mediaTypeIn`. */
export function mediaTypeOf(reply: JudgedReply): string {
  return mediaTypeIn(headerOf(reply, 'content-type'));
}

/** Parameters are compared only when the expectation has some: any character set meets `application/json`. */
export function contentTypeMismatches(reply: JudgedReply, wanted: string | undefined): readonly Mismatch[] {
  if (wanted === undefined) return [];
  const got = headerOf(reply, 'content-type');
  const [wantedType, ...wantedParameters] = contentTypeParts(wanted);
  const [type, ...parameters] = contentTypeParts(got ?? '');
  if (type === wantedType && wantedParameters.every((parameter) => parameters.includes(parameter))) return [];
  return [{ at: 'content-type', wanted, got: excerpt(got ?? 'no content-type header') }];
}

/** The media type, then each parameter as `name=value`, all in lower case. */
function contentTypeParts(text: string): readonly string[] {
  return text.split(';').map((part) => {
    const [name = '', ...value] = part.toLowerCase().split('=');
    return value.length === 0 ? name.trim() : `${name.trim()}=${value.join('=').trim().replaceAll('"', '')}`;
  });
}
