import { getJson, postJson } from '../../network/client.ts';
import { guard, type Secret } from '../../secrets/secret.ts';
import { Failure } from '../../text/failure.ts';
import { propertyOf, stringIn } from '../../text/json.ts';
import { words } from '../../text/words.ts';
import type { ConnectionTokens, GitHubTokens, IdTokenSource } from './settings.ts';

/**
 * A token with which the CI system vouches for the job: asked for anew each time, where it can be.
 * @param audience that the cloud wants; GitHub puts it into the token, the others have it set by their users
 * @throws ServiceError, Failure
 */
export async function idToken(source: IdTokenSource, audience: string): Promise<Secret> {
  if (source.kind === 'given') return source.token;
  const value = await (source.kind === 'github' ? ofGitHub(source, audience) : ofConnection(source));
  if (value === undefined)
    throw new Failure(`${words.idToken.service} answered without a token. Run ${words.job} again.`);
  return guard(value, words.idToken.token);
}

async function ofGitHub({ url, requestToken }: GitHubTokens, audience: string): Promise<string | undefined> {
  const document = await getJson('ID token', `${url}&audience=${encodeURIComponent(audience)}`, {
    Authorization: `Bearer ${requestToken.reveal()}`,
  });
  return stringIn(propertyOf(document, 'value'));
}

/**
 * Azure DevOps answers a GET with 405, and without the last header a request that it refuses with a sign-in page.
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
async function ofConnection({
  url,
  connectionId,
  requestToken,
}: ConnectionTokens): Promise<string | undefined> {
  const address = new URL(url);
  address.searchParams.set('api-version', '7.1');
  address.searchParams.set('serviceConnectionId', connectionId);
  const document = await postJson('ID token', address.href, {
    Authorization: `Bearer ${requestToken.reveal()}`,
    'X-TFS-FedAuthRedirect': 'Suppress',
  });
  return stringIn(propertyOf(document, 'oidcToken'));
}
