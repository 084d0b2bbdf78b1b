import { arrayIn, isObject, numberIn, objectIn, propertyOf } from '../../text/json.ts';
import { choicesIn, speaks } from './chat-answer.ts';

/** What the data of one event says. */
export interface Said {
  /** Its part of the answer's text; undefined when it has no place for one. Remote text. */
  readonly text: string | undefined;
  /** It holds a part of the answer; a role, reasoning and special tokens are none. */
  readonly isContent: boolean;
}

/**
 * What an event says in a form that is known: OpenAI's chat completions and completions, of which the first choice
 * counts, and the tokens of text-generation-inference. Undefined for any other value.
 */
export function saidIn(value: unknown): Said | undefined {
  const choices = choicesIn(value);
  if (choices === undefined) return saidByToken(propertyOf(value, 'token'));
  // The choices of one answer may come in events of their own.
  const first = choices.find((choice, place) => (numberIn(objectIn(choice).index) ?? place) === 0);
  return { text: textOfChoice(first), isContent: speaks(first) };
}

function textOfChoice(choice: unknown): string | undefined {
  const { delta, text } = objectIn(choice);
  if (!isObject(delta)) return typeof text === 'string' ? text : undefined;
  const { content } = delta;
  if (typeof content === 'string') return content;
  // Content may come in parts, such as [{ "type": "text", "text": … }].
  const parts = arrayIn(content).map((part) => propertyOf(part, 'text'));
  return parts.filter((part) => typeof part === 'string').join('');
}

function saidByToken(token: unknown): Said | undefined {
  const { text, special } = objectIn(token);
  if (typeof text !== 'string') return undefined;
  const said = special === true ? '' : text;
  return { text: said, isContent: said !== '' };
}
