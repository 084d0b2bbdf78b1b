import type { ServiceError } from '../../network/service-error.ts';
import { quote } from '../../secrets/untrusted.ts';
import { likelyMeant, nearestFirst } from '../../text/did-you-mean.ts';
import { Failure } from '../../text/failure.ts';
import type { EndpointAddress } from '../resource-id.ts';
import type { Workspace } from '../resource-manager/calls.ts';
import { listed } from './refusal.ts';

/** Codes that say that something above the endpoint does not exist, such as its workspace. */
const ABOVE_THE_ENDPOINT =
  /ResourceGroupNotFound|SubscriptionNotFound|WorkspaceNotFound|ResourceNotFound|InvalidResourceType/;

/** A Failure that lists the endpoints that exist; the 404 itself when it is about something above the endpoint. */
export async function endpointNotFound(
  workspace: Workspace,
  { name, workspace: workspaceName }: EndpointAddress,
  error: ServiceError,
): Promise<Error> {
  if (ABOVE_THE_ENDPOINT.test(error.response?.body ?? '')) return error;
  const names = await workspace.endpointNames().catch(() => undefined);
  // An identity that may read one endpoint need not be allowed to list them. The 404 says enough then.
  if (names === undefined) return error;
  const list = listed(nearestFirst(name, names), (known) => quote(known, 40));
  return new Failure(
    `Workspace '${workspaceName}' has no online endpoint '${name}'. ${
      list === '' ? 'It has none at all.' : `${didYouMean(name, names)}It has: ${list}.`
    }`,
    { cause: error },
  );
}

function didYouMean(name: string, names: readonly string[]): string {
  const meant = likelyMeant(name, names);
  return meant === undefined ? '' : `Did you mean '${quote(meant, 40)}'? `;
}
