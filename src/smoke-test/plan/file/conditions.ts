import { quote } from '../../../secrets/untrusted.ts';
import { isObject } from '../../../text/json.ts';
import type { Condition } from '../condition.ts';
import type { ValueType } from '../json-value.ts';
import { asParsedJson, child, type DocumentNode, itemsOf, numberAt, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';
import { present } from './values.ts';

/** What a condition applies to. */
export type Subject = 'JSON' | 'text' | 'header';

/** The types that such a value can have: digits in a header may be read as a number. */
const TYPES: Readonly<Record<Exclude<Subject, 'JSON'>, readonly string[]>> = {
  text: ['string'],
  header: ['string', 'number'],
};

/** A mapping is a condition; any other value is what must be equal. */
export function readCondition(node: DocumentNode, subject: Subject, mistakes: MistakeCollector): Condition {
  if (!isObject(node.value)) return { equals: literalAt(node, subject, mistakes) };
  const at = (key: string): DocumentNode | undefined => child(node, key);
  const equals = at('equals');
  const not = at('not');
  const length = at('length');
  const oneOf = at('one-of');
  const exists = at('exists')?.value;
  const condition: Condition = present({
    equals: equals && literalAt(equals, subject, mistakes),
    not: not && readCondition(not, subject, mistakes),
    type: stringAt(at('type')) as ValueType | undefined,
    between: readBetween(at('between'), mistakes),
    min: numberAt(at('min')),
    max: numberAt(at('max')),
    matches: readPattern(at('matches'), mistakes),
    oneOf: oneOf && itemsOf(oneOf).map((item) => literalAt(item, subject, mistakes)),
    length: length && readCondition(length, 'JSON', mistakes),
    exists: typeof exists === 'boolean' ? exists : undefined,
  });
  if (subject === 'text') reportNumbers(node, mistakes);
  const { min, max } = condition;
  const maxNode = at('max');
  if (maxNode !== undefined && min !== undefined && max !== undefined && min > max)
    mistakes.value(maxNode, `This is less than min, ${min}, so no number can meet both.`);
  const existsNode = at('exists');
  if (existsNode !== undefined && exists === false && Object.keys(node.value).length > 1)
    mistakes.value(
      existsNode,
      'A value that must not exist cannot meet other conditions. Leave the others out.',
    );
  return condition;
}

function literalAt(node: DocumentNode, subject: Subject, mistakes: MistakeCollector): unknown {
  if (subject !== 'JSON' && !TYPES[subject].includes(typeof node.value))
    mistakes.value(node, 'This is compared with text. Put quotes around it.');
  return asParsedJson(node.value);
}

/** Reports the parts of a condition that a string never meets. */
function reportNumbers(node: DocumentNode, mistakes: MistakeCollector): void {
  for (const key of ['between', 'min', 'max']) {
    const part = child(node, key);
    if (part !== undefined)
      mistakes.key(part.pointer, `'${key}' compares numbers, but this is text. Use json, or matches.`);
  }
  const type = child(node, 'type');
  if (type !== undefined && type.value !== 'string')
    mistakes.value(type, 'This is text: its type is string.');
}

function readBetween(
  node: DocumentNode | undefined,
  mistakes: MistakeCollector,
): readonly [number, number] | undefined {
  const [least, greatest] = itemsOf(node).map(numberAt);
  if (node === undefined || least === undefined || greatest === undefined) return undefined;
  if (least > greatest) mistakes.value(node, `Write the lesser number first: [${greatest}, ${least}].`);
  return [least, greatest];
}

function readPattern(node: DocumentNode | undefined, mistakes: MistakeCollector): RegExp | undefined {
  const source = stringAt(node);
  if (node === undefined || source === undefined) return undefined;
  try {
    return new RegExp(source, 'u');
  } catch (error) {
    // The engine repeats the whole expression before the reason.
    const reason = (error as Error).message.split(': ').at(-1) ?? '';
    mistakes.value(node, `This is not a regular expression (${quote(reason)}).`);
    return undefined;
  }
}
