import { brokenRule, isSameName } from '../../azure/naming-rules.ts';
import type { Endpoint } from '../../azure/resource-manager/answers.ts';
import type { Workspace } from '../../azure/resource-manager/calls.ts';
import { ServiceError } from '../../network/service-error.ts';
import { Failure } from '../../text/failure.ts';
import type { Reply } from '../request/exchange.ts';
import { deploymentNamedBy } from '../request/reply-headers.ts';
import type { Chosen } from './choose.ts';

/**
 * The name of the deployment that replied, as Azure writes it: later steps use it in commands. The name that was
 * asked for is known. Otherwise the reply's own header only chooses among the names that Azure lists.
 * @returns undefined when it is not known
 */
export async function deploymentBehind(
  reply: Reply | undefined,
  { candidate }: Chosen,
  { traffic }: Endpoint,
  workspace: Workspace,
): Promise<string | undefined> {
  if (candidate !== undefined) return candidate.name;
  const named = reply && deploymentNamedBy(reply);
  if (named === undefined || brokenRule('deployment', named) !== undefined) return undefined;
  const isNamed = (name: string): boolean => isSameName(name, named);
  return Object.keys(traffic).find(isNamed) ?? (await listedNames(workspace)).find(isNamed);
}

/** The endpoint's deployments; none when the identity may not list them. */
async function listedNames(workspace: Workspace): Promise<readonly string[]> {
  try {
    return (await workspace.deployments()).map(({ name }) => name);
  } catch (error) {
    if (error instanceof ServiceError || error instanceof Failure) return [];
    throw error;
  }
}
