import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answers.ts';
import { invalidAssertion } from './assertions.ts';
import { type EntraError, ERRORS, entraError } from './entra-errors.ts';
import { issueAccessToken } from './entra-tokens.ts';
import type { World } from './state.ts';
import type { Answer, Call, Route, Service } from './wire.ts';

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Entra: its discovery documents, and the token endpoint for the client credentials flow. */
export function entraService(world: World): Service {
  return ({ method, url, headers, body }) => {
    const route = (call: Call, answer: () => Answer): Route => ({ call, answer });
    if (url.pathname === '/common/discovery/instance') {
      return route('discovery', () =>
        refuse(ERRORS.unknownInstance(url.searchParams.get('authorization_endpoint'))),
      );
    }
    const [, tenant = '', path = ''] = /^\/([^/]+)(\/.*)$/.exec(url.pathname) ?? [];
    if (path === '/v2.0/.well-known/openid-configuration') {
      return route('discovery', () => {
        const wrong = wrongTenant(world, tenant);
        // The discovery document names this one error differently from the token endpoint.
        return wrong === undefined
          ? openidConfiguration(world)
          : refuse({ ...wrong, error: 'invalid_tenant' });
      });
    }
    if (path === '/discovery/v2.0/keys')
      return route('discovery', () => jsonAnswer(200, world.tokens.keySet));
    if (path === '/oauth2/v2.0/token') {
      return route('sign-in', () => {
        if (method !== 'POST') return refuse(ERRORS.wrongMethod());
        if (headers['content-type']?.startsWith('application/x-www-form-urlencoded') !== true) {
          return refuse(ERRORS.missingParameter('grant_type'));
        }
        return answerToken(world, tenant, new URLSearchParams(body.toString()));
      });
    }
    return route('other', () => ({ status: 404 }));
  };

  function refuse(error: EntraError): Answer {
    return entraError(world.origins.entra, error);
  }
}

function answerToken(world: World, tenantName: string, form: URLSearchParams): Answer {
  const refusal = wrongTenant(world, tenantName) ?? wrongRequest(form) ?? wrongClient(world, form);
  if (refusal !== undefined) return entraError(world.origins.entra, refusal);

  const { identity, tenant } = world;
  const scope = form.get('scope') ?? '';
  const resource = scope.slice(0, -'/.default'.length);
  if (!scope.endsWith('/.default') || resource.includes(' ')) {
    return entraError(world.origins.entra, ERRORS.invalidScope(scope));
  }
  if (!identity.resources.includes(resource)) {
    return entraError(world.origins.entra, ERRORS.unknownResource(resource, tenant.tenantId));
  }
  if (identity.conditionalAccess) return entraError(world.origins.entra, ERRORS.conditionalAccess());

  const credential = form.has('client_secret') ? 'secret' : 'assertion';
  return jsonAnswer(
    200,
    {
      token_type: 'Bearer',
      expires_in: identity.accessTokenLifetimeSeconds,
      ext_expires_in: identity.accessTokenLifetimeSeconds,
      access_token: issueAccessToken(world, tenant, resource, credential),
    },
    { 'Cache-Control': 'no-store, no-cache', Pragma: 'no-cache', 'x-ms-request-id': randomUUID() },
  );
}

function wrongTenant({ tenant }: World, name: string): EntraError | undefined {
  if (name.toLowerCase() === tenant.tenantId) return undefined;
  const plausible =
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) || /^[^.]+(\.[^.]+)+$/.test(name);
  return plausible ? ERRORS.unknownTenant(name) : ERRORS.malformedTenant(name);
}

function wrongRequest(form: URLSearchParams): EntraError | undefined {
  const missing = ['grant_type', 'client_id', 'scope'].find((name) => (form.get(name) ?? '') === '');
  if (missing !== undefined) return ERRORS.missingParameter(missing);
  const grant = form.get('grant_type') ?? '';
  return grant === 'client_credentials' ? undefined : ERRORS.unsupportedGrant(grant);
}

function wrongClient(world: World, form: URLSearchParams): EntraError | undefined {
  const { tenant, identity } = world;
  const clientId = form.get('client_id') ?? '';
  if (clientId.toLowerCase() !== tenant.clientId) return ERRORS.unknownClient(clientId, tenant.tenantId);
  const assertion = form.get('client_assertion');
  if (assertion !== null) {
    const type = form.get('client_assertion_type');
    return type === ASSERTION_TYPE
      ? invalidAssertion(world, assertion)
      : ERRORS.missingParameter('client_assertion_type');
  }
  const secret = form.get('client_secret');
  if (secret === null) return ERRORS.missingCredential();
  if (identity.secretRevoked || secret !== tenant.clientSecret) return ERRORS.invalidSecret(clientId);
  return identity.secretExpired ? ERRORS.expiredSecret(clientId) : undefined;
}

function openidConfiguration({ origins, tenant }: World): Answer {
  const base = `${origins.entra}/${tenant.tenantId}`;
  return jsonAnswer(200, {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt', 'client_secret_basic'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment', 'form_post'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code', 'id_token', 'code id_token', 'id_token token'],
    scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    issuer: `${base}/v2.0`,
    request_uri_parameter_supported: false,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    http_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    tenant_region_scope: 'EU',
    cloud_instance_name: new URL(origins.entra).host,
  });
}
