import { randomBytes } from 'node:crypto';
import type { World } from './state.ts';
import { nowSeconds } from './tokens.ts';

/**
 * An access token for an application, with the claims of Entra's version 1 tokens.
 * @param audience as it was asked for, a trailing slash included
 */
export function issueAccessToken(
  { tokens, tenant, identity }: World,
  principal: { readonly clientId: string; readonly objectId: string },
  audience: string,
  credential: 'secret' | 'assertion' = 'assertion',
): string {
  const iat = nowSeconds();
  return tokens.issue(`access token for ${audience}`, {
    aud: audience,
    iss: `https://sts.windows.net/${tenant.tenantId}/`,
    iat,
    nbf: iat - 300,
    exp: iat + identity.accessTokenLifetimeSeconds,
    appid: principal.clientId,
    appidacr: credential === 'secret' ? '1' : '2',
    idp: `https://sts.windows.net/${tenant.tenantId}/`,
    idtyp: 'app',
    ...(identity.principalMissing ? {} : { oid: principal.objectId, sub: principal.objectId }),
    tid: tenant.tenantId,
    uti: randomBytes(16).toString('base64url'),
    ver: '1.0',
  });
}
