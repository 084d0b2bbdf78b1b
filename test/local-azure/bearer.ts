import { challenge } from './arm-errors.ts';
import type { World } from './state.ts';
import { type Claims, nowSeconds } from './tokens.ts';
import type { Answer } from './wire.ts';

/** Who calls Resource Manager, or its refusal. */
export type Caller = { readonly clientId: string; readonly objectId: string } | { readonly refusal: Answer };

export function callerOf(world: World, authorization: string | undefined): Caller {
  const { origins, access, tokens } = world;
  const authority = `${origins.entra}/${access.subscriptionTenantId}`;
  const refuse = (code: string, message: string): Caller => ({
    refusal: challenge(authority, code, message),
  });

  if (authorization === undefined || authorization === '') {
    return refuse('AuthenticationFailed', "Authentication failed. The 'Authorization' header is missing.");
  }
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
  if (token === undefined) {
    const message = "Authentication failed. The 'Authorization' header is provided in an invalid format.";
    return refuse('AuthenticationFailedInvalidHeader', message);
  }
  const claims = tokens.verify(token);
  if (claims === undefined) return refuse('InvalidAuthenticationToken', 'The access token is invalid.');
  const wrong = wrongClaims(world, claims);
  if (wrong !== undefined) return refuse(...wrong);
  return { clientId: String(claims.appid), objectId: String(claims.oid) };
}

function wrongClaims(
  { origins, access }: World,
  claims: Claims,
): [code: string, message: string] | undefined {
  const audiences = [origins.resourceManager, `${origins.resourceManager}/`];
  if (!audiences.includes(String(claims.aud))) {
    const allowed = audiences.map((audience) => `'${audience}'`).join(',');
    return [
      'InvalidAuthenticationTokenAudience',
      `The access token has been obtained for wrong audience or resource '${claims.aud}'. It should exactly match with one of the allowed audiences ${allowed}.`,
    ];
  }
  const now = nowSeconds();
  if (Number(claims.exp) <= now) {
    const [expiry, current] = [Number(claims.exp), now].map(usDate);
    return [
      'ExpiredAuthenticationToken',
      `The access token expiry UTC time '${expiry}' is earlier than current UTC time '${current}'.`,
    ];
  }
  const issuer = `https://sts.windows.net/${access.subscriptionTenantId}/`;
  if (claims.iss !== issuer) {
    return [
      'InvalidAuthenticationTokenTenant',
      `The access token is from the wrong issuer '${claims.iss}'. It must match the tenant '${issuer}' associated with this subscription. Please use the authority (URL) '${origins.entra}/${access.subscriptionTenantId}' to get the token. Note, if the subscription is transferred to another tenant there is no impact to the services, but information about new tenant could take time to propagate (up to an hour). If you just transferred your subscription and see this error message, please try back later.`,
    ];
  }
  if (claims.oid === undefined) {
    return [
      'InvalidAuthenticationToken',
      "The received access token is not valid: at least one of the claims 'puid' or 'altsecid' or 'oid' should be present. If you are accessing as application please make sure service principal is properly created in the tenant.",
    ];
  }
  return undefined;
}

/** Resource Manager refuses in American: `3/19/2023 8:55:46 AM`. */
function usDate(seconds: number): string {
  const text = new Date(seconds * 1000).toLocaleString('en-US', { timeZone: 'UTC' });
  // ICU puts a comma after the date and a narrow space before AM and PM.
  return text.replace(',', '').replace('\u202f', ' ');
}
