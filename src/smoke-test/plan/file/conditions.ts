import { quote } from '../../../secrets/untrusted.ts';
import type { Condition } from '../condition.ts';
import type { ValueType } from '../json-value.ts';
import type { MistakeCollector } from './mistakes.ts';
import { child, isMapping, itemsOf, numberAt, type Place, plain, textAt } from './place.ts';
import { present } from './values.ts';

/** What a condition is on. */
export type Subject = 'JSON' | 'text' | 'header';

/** The types that such a value can have. Digits in a header may be read as a number. */
const TYPES: Readonly<Record<Exclude<Subject, 'JSON'>, readonly string[]>> = {
  text: ['string'],
  header: ['string', 'number'],
};

/** A literal is what the value must equal; a mapping is a condition. */
export function readCondition(place: Place, subject: Subject, mistakes: MistakeCollector): Condition {
  if (!isMapping(place.value)) return { equals: comparable(place, subject, mistakes) };
  const at = (key: string): Place | undefined => child(place, key);
  const equals = at('equals');
  const not = at('not');
  const length = at('length');
  const oneOf = at('one-of');
  const exists = at('exists')?.value;
  const condition: Condition = present({
    equals: equals && comparable(equals, subject, mistakes),
    not: not && readCondition(not, subject, mistakes),
    type: textAt(at('type')) as ValueType | undefined,
    between: readBetween(at('between'), mistakes),
    min: numberAt(at('min')),
    max: numberAt(at('max')),
    matches: readPattern(at('matches'), mistakes),
    oneOf: oneOf && itemsOf(oneOf).map((item) => comparable(item, subject, mistakes)),
    length: length && readCondition(length, 'JSON', mistakes),
    exists: typeof exists === 'boolean' ? exists : undefined,
  });
  if (subject === 'text') reportNumbers(place, mistakes);
  const { min, max } = condition;
  const maxPlace = at('max');
  if (maxPlace !== undefined && min !== undefined && max !== undefined && min > max)
    mistakes.value(maxPlace, `This is less than min, ${min}: no number is both.`);
  const existsPlace = at('exists');
  if (existsPlace !== undefined && exists === false && Object.keys(place.value).length > 1)
    mistakes.value(existsPlace, 'What is not there meets no other condition. Leave the others out.');
  return condition;
}

function comparable(place: Place, subject: Subject, mistakes: MistakeCollector): unknown {
  if (subject !== 'JSON' && !TYPES[subject].includes(typeof place.value))
    mistakes.value(place, 'This is compared with text. Put quotes around it.');
  return plain(place.value);
}

/** Parts that no text meets. */
function reportNumbers(place: Place, mistakes: MistakeCollector): void {
  for (const key of ['between', 'min', 'max']) {
    const part = child(place, key);
    if (part !== undefined)
      mistakes.key(part.pointer, `'${key}' compares numbers, but this is text. Use json, or matches.`);
  }
  const type = child(place, 'type');
  if (type !== undefined && type.value !== 'string')
    mistakes.value(type, 'This is text: its type is string.');
}

function readBetween(
  place: Place | undefined,
  mistakes: MistakeCollector,
): readonly [number, number] | undefined {
  const [least, greatest] = itemsOf(place).map(numberAt);
  if (place === undefined || least === undefined || greatest === undefined) return undefined;
  if (least > greatest) mistakes.value(place, `Write the lesser number first: [${greatest}, ${least}].`);
  return [least, greatest];
}

function readPattern(place: Place | undefined, mistakes: MistakeCollector): RegExp | undefined {
  const source = textAt(place);
  if (place === undefined || source === undefined) return undefined;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    // The engine repeats the whole expression before it says what is wrong.
    const reason = (error as Error).message.split(': ').at(-1) ?? '';
    mistakes.value(place, `This is no regular expression (${quote(reason)}).`);
    return undefined;
  }
}
