import { HEADER_VALUE } from '../../../network/header-value.ts';
import { isOwnVariable } from '../../../process/program-environment.ts';
import { guard, type Secret, UnmaskableError } from '../../../secrets/secret.ts';
import { quote } from '../../../secrets/untrusted.ts';
import { words } from '../../../text/words.ts';
import { child, type DocumentNode, entriesOf, itemsOf, jsonTextOf, stringAt } from './document-node.ts';
import type { MistakeCollector } from './mistakes.ts';

/** The environment of the step, out of which a smoke-test file may take secrets of the user's own. */
export type SecretSource = Readonly<Record<string, string | undefined>>;

/** The name of an environment variable. */
const VARIABLE = /^[A-Za-z_]\w*$/;

/**
 * The value of `{ env: NAME }`, a secret from the moment it is read. Its value stands in no message.
 * @returns undefined when there is a mistake, which is reported
 */
export function readSecret(
  node: DocumentNode,
  environment: SecretSource,
  mistakes: MistakeCollector,
  isHeader = false,
): Secret | undefined {
  const variable = child(node, 'env');
  const name = stringAt(variable);
  if (variable === undefined || name === undefined || !VARIABLE.test(name)) return undefined;
  const wrong = (why: string): undefined => {
    mistakes.value(variable, why);
    return undefined;
  };
  // Whoever may change this file must not send the sign-in of the workflow to a model.
  if (isOwnVariable(name))
    return wrong(
      'This variable is for the step or its sign-in, and is never sent to a model. Name one of your own.',
    );
  const value = (environment[name] ?? '').trim();
  if (value === '')
    return wrong(`This environment variable is not set, or it is empty. ${words.giveVariable}`);
  if (isHeader && !HEADER_VALUE.test(value))
    return wrong('Its value has line breaks, control or other special characters, which no header can hold.');
  try {
    return guard(value, 'Its value');
  } catch (error) {
    if (error instanceof UnmaskableError) return wrong(error.message);
    throw error;
  }
}

/** A mapping that stands for a secret: `{ env: NAME }`. */
function namesSecret(node: DocumentNode): boolean {
  const name = stringAt(child(node, 'env'));
  return name !== undefined && VARIABLE.test(name) && entriesOf(node).length === 1;
}

/** A value as JSON; each `{ env: NAME }` in it is the secret, as a string. */
export function jsonTextWithSecrets(
  node: DocumentNode,
  environment: SecretSource,
  mistakes: MistakeCollector,
): string {
  return jsonTextOf(node, (each) =>
    namesSecret(each) ? JSON.stringify(readSecret(each, environment, mistakes)?.reveal() ?? '') : undefined,
  );
}

/** Where any text may stand: what is sent, and what is expected. */
const ANY_TEXT = /^\/cases\/\d+\/(?:expect|request\/(?:json|text|multipart))(?:\/|$)/;

/** Reports what looks like an expression of a workflow: nothing replaces it in a file of its own. */
export function reportExpressions(node: DocumentNode, mistakes: MistakeCollector): void {
  if (ANY_TEXT.test(node.pointer)) return;
  const expression = /\$\{\{.*?\}\}/s.exec(stringAt(node) ?? '')?.[0];
  if (expression !== undefined)
    mistakes.value(
      node,
      `Nothing replaces ${quote(expression, 100)} in this file: ${words.unreplacedInFile}. A header and a body take a secret as { env: NAME }; deployment, samples, warm-up and timeout can be ${words.inputNoun}s.`,
    );
  for (const entry of [...entriesOf(node), ...itemsOf(node)]) reportExpressions(entry, mistakes);
}
