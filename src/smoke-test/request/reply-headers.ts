import { isSameName } from '../../azure/naming-rules.ts';
import type { Reply } from './exchange.ts';

/**
 * Every value of a header that may be there several times, as a gateway adds it a second time. The transport joins
 * them with commas.
 * @returns none when there is no such header
 */
export function valuesOf({ headers }: Pick<Reply, 'headers'>, name: string): readonly string[] {
  const joined = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return joined === undefined ? [] : joined.split(',').map((value) => value.trim());
}

/**
 * The deployment that a reply says it is of: remote text, which need not be a name.
 * @returns undefined when the reply does not say
 */
export function deploymentNamedBy(reply: Pick<Reply, 'headers'>): string | undefined {
  const [first, ...others] = valuesOf(reply, 'azureml-model-deployment');
  // The front door and a gateway may both name the same deployment.
  const agree = others.every((other) => isSameName(other, first));
  return agree ? first : reply.headers['azureml-model-deployment'];
}
