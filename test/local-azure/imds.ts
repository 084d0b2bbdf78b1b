import { jsonAnswer } from './answers.ts';
import { issueAccessToken } from './entra-tokens.ts';
import type { World } from './state.ts';
import { nowSeconds } from './tokens.ts';
import type { Answer, Service } from './wire.ts';

/** The instance metadata service of a virtual machine, as far as managed identities need it. */
export function imdsService(world: World): Service {
  return ({ method, url, headers }) => {
    // Microsoft's library for Node asks with a slash at the end.
    if (url.pathname.replace(/\/$/, '') !== '/metadata/identity/oauth2/token') {
      return { call: 'other', answer: () => jsonAnswer(404, { error: 'Not found' }) };
    }
    return {
      call: 'imds',
      answer: () => {
        if (method !== 'GET') return refusal(405, 'invalid_request', 'Method not allowed');
        if (headers.metadata !== 'true') {
          return refusal(400, 'invalid_request', 'Required metadata header not specified');
        }
        if (headers['x-forwarded-for'] !== undefined) {
          return refusal(400, 'invalid_request', 'The X-Forwarded-For header is not allowed');
        }
        if (url.searchParams.get('api-version') !== '2018-02-01') {
          const versions = { newestVersions: ['2023-11-15', '2023-07-01', '2021-12-13'] };
          const error = 'Bad request. api-version is invalid or was not specified in the request.';
          return jsonAnswer(400, { error, ...versions });
        }
        return answerToken(world, url.searchParams.get('resource'), url.searchParams.get('client_id'));
      },
    };
  };
}

function answerToken(world: World, resource: string | null, clientId: string | null): Answer {
  const { identity, tenant } = world;
  const { managedIdentity } = tenant;
  if (resource === null) return refusal(400, 'invalid_request', 'Required audience parameter not specified');
  const known =
    identity.managedIdentity === 'system'
      ? clientId === null
      : identity.managedIdentity === 'user' && (clientId === null || clientId === managedIdentity.clientId);
  if (!known) return refusal(400, 'invalid_request', 'Identity not found');
  if (!identity.resources.includes(resource)) {
    const detail = `AADSTS500011: The resource principal named ${resource} was not found in the tenant named ${tenant.tenantId}.`;
    return refusal(400, 'invalid_resource', detail);
  }
  const lifetime = identity.accessTokenLifetimeSeconds;
  const now = nowSeconds();
  return jsonAnswer(200, {
    access_token: issueAccessToken(world, managedIdentity, resource),
    client_id: managedIdentity.clientId,
    // All numbers are strings here.
    expires_in: String(lifetime),
    expires_on: String(now + lifetime),
    ext_expires_in: String(lifetime),
    not_before: String(now - 300),
    resource,
    token_type: 'Bearer',
  });
}

function refusal(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description });
}
