import { arrayIn, isObject, objectIn, stringIn } from '../../text/json.ts';

/** Whether a chat completion, or a part of its stream, says something. */
export interface ChatAnswer {
  /** It holds a word for the user, or calls a tool; reasoning is neither. */
  readonly isSpoken: boolean;
  /** Why it ended, such as `stop` or `length`. Remote text. */
  readonly finishReason: string | undefined;
}

/** Undefined for a value that is not in the form of OpenAI's completions. */
export function chatAnswerIn(value: unknown): ChatAnswer | undefined {
  const choices = choicesIn(value);
  return (
    choices && {
      isSpoken: choices.some(speaks),
      finishReason: choices.map((choice) => stringIn(objectIn(choice).finish_reason)).find(Boolean),
    }
  );
}

/** The choices of a completion or of a part of its stream; undefined for any other value. */
export function choicesIn(value: unknown): readonly unknown[] | undefined {
  const choices = isObject(value) ? value.choices : undefined;
  return Array.isArray(choices) && choices.every(isChoice) ? choices : undefined;
}

/** Models of other kinds also answer with `choices`. */
function isChoice(choice: unknown): boolean {
  return isObject(choice) && ['delta', 'message', 'text'].some((key) => Object.hasOwn(choice, key));
}

/** Whether a choice holds a word for the user, or calls a tool. */
export function speaks(choice: unknown): boolean {
  const { text, delta, message } = objectIn(choice);
  if (isSaid(text)) return true;
  return [delta, message].map(objectIn).some(
    ({ content, refusal, tool_calls: calls, function_call: call, audio }) =>
      isSaid(content) ||
      isSaid(refusal) ||
      // Content may come in parts, such as [{ "type": "text", "text": … }].
      arrayIn(content).some((part) => !isObject(part) || !('text' in part) || isSaid(part.text)) ||
      arrayIn(calls).length > 0 ||
      isObject(call) ||
      isObject(audio),
  );
}

function isSaid(text: unknown): boolean {
  return typeof text === 'string' && text !== '';
}
