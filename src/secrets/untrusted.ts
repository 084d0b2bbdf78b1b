import { startOf } from './excerpt.ts';
import { redact } from './secret.ts';
import { UNSEEN_CHARACTERS } from './unseen.ts';

/**
 * ANSI sequences (CSI, OSC and two-character ones), in their 7-bit and 8-bit forms. An OSC string without
 * its end, or with controls in it, keeps its content: otherwise what follows would vanish with it.
 */
const ANSI =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b\]|\u009d)[^\u0000-\u001f\u007f-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b[ -/]*[0-~]/g;

/** Controls but tabs and line feeds, line and paragraph separators, other unseen characters, lone surrogates. */
const UNSEEN = new RegExp(
  String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Surrogate}${UNSEEN_CHARACTERS}]`,
  'gu',
);

/** The user and the password in an address. */
const USER_INFO = /(?<=:\/\/)[^\s/?#@'"<>]{1,512}(?=@)/g;

/** Longest remote text that a message quotes, in characters. */
export const QUOTE_LENGTH = 500;

/**
 * Makes remote text safe to show: no control characters, no command of a CI system, no secret, no password
 * of an address, no more than `maxLength` characters. Line feeds and tabs stay.
 * GitHub's runner obeys `::name::` at the start of a line, and `##[name]` anywhere; an agent of Azure Pipelines
 * `##vso[area.event]` anywhere, and it warns of a `##vso` that is no command.
 */
export function defuse(text: string, maxLength = 65_536): string {
  const { start, isCut } = startOf(text, maxLength, (part) =>
    redact(visible(part))
      .replace(/^([^\S\n]*):(?=:)/gm, '$1: ')
      .replace(/##(?=\[|vso)/gi, '## ')
      .replace(USER_INFO, '***'),
  );
  return isCut ? `${start}… (${text.length} characters in all)` : start;
}

/** A text without what a reader does not see: ANSI sequences, controls, zero-width and bidirectional characters. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(ANSI, '')
    .replace(UNSEEN, '');
}

/** Remote text for the middle of a message: defused, on one line, short. */
export function quote(text: string, maxLength = QUOTE_LENGTH): string {
  return defuse(text, maxLength).replace(/\s+/g, ' ').trim();
}

/** Remote text for Markdown: defused, on one line, and every character that could be markup escaped. */
export function markdown(text: string, maxLength = QUOTE_LENGTH): string {
  return escapeMarkdown(quote(text, maxLength));
}

/** Every character that could be markup, as an entity. The text is defused already; its white space stays. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(
        /[\\`*_[\]#|~$:@]|^[-+=]|(?<=^\d+)[.)]|\.(?<=\bwww\.)/gi,
        (character) => `&#${character.charCodeAt(0)};`,
      )
      // GitHub links a mail address and a user also when the @ is an entity.
      .replaceAll('&#64;', '&#64;<wbr>')
  );
}

/** Whether a text holds a secret or a piece of one, with or without characters inside that a reader does not see. */
export function holdsSecret(text: string): boolean {
  const bare = visible(text);
  return redact(text) !== text || (bare !== text && redact(bare) !== bare);
}
