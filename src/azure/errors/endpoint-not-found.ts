import type { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { nearestFirst } from '../../text/did-you-mean.ts';
import { Failure } from '../../text/failure.ts';
import type { EndpointAddress } from '../resource-id.ts';
import type { Workspace } from '../resource-manager/workspace.ts';

/** Resource Manager itself misses one of these; the endpoint's workspace is there when it answers otherwise. */
const ABOVE_THE_ENDPOINT =
  /ResourceGroupNotFound|SubscriptionNotFound|WorkspaceNotFound|ResourceNotFound|InvalidResourceType/;

/** A 404 for the endpoint, with the names that exist, or the 404 itself when it is about something above it. */
export async function endpointNotFound(
  workspace: Workspace,
  { name, workspace: workspaceName }: EndpointAddress,
  error: ServiceError,
): Promise<Error> {
  if (ABOVE_THE_ENDPOINT.test(error.response?.body ?? '')) return error;
  const names = await workspace.endpointNames().catch(() => undefined);
  // Who may read one endpoint may still not list all; the first error says enough then.
  if (names === undefined) return error;
  const list = nearestFirst(name, names).map((known) => quote(known, 40));
  return new Failure(
    `Workspace '${workspaceName}' has no online endpoint '${name}'. ${
      list.length === 0 ? 'It has none at all.' : `It has: ${list.join(', ')}.`
    }`,
    { cause: error },
  );
}
