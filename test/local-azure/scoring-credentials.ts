import type { EndpointState, World } from './state.ts';
import { nowSeconds } from './tokens.ts';

export interface ScoringRefusal {
  readonly status: 401 | 403;
  readonly text: string;
}

const DENIED: ScoringRefusal = { status: 401, text: 'key_auth_access_denied' };
const BAD_HEADER: ScoringRefusal = { status: 401, text: 'key_auth_bad_header_forbidden' };
const DENIED_BY_POLICY: ScoringRefusal = {
  status: 403,
  text: 'Microsoft Entra Token denied by policy, please review https://learn.microsoft.com/en-us/azure/machine-learning/how-to-authenticate-online-endpoint',
};

/** Why the front door turns a caller away; undefined when it does not. */
export function refusalOf(
  world: World,
  endpoint: EndpointState,
  authorization: string | undefined,
): ScoringRefusal | undefined {
  const credential = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
  if (credential === undefined) return BAD_HEADER;
  switch (endpoint.authMode) {
    case 'Key':
      return credential === endpoint.keys.primary || credential === endpoint.keys.secondary
        ? undefined
        : DENIED;
    case 'AMLToken':
      return isEndpointToken(world, endpoint, credential) ? undefined : DENIED;
    case 'AADToken':
      return entraRefusal(world, credential);
    default:
      return DENIED;
  }
}

function isEndpointToken({ tokens }: World, endpoint: EndpointState, token: string): boolean {
  const claims = tokens.verify(token);
  return (
    claims?.iss === 'azureml' && claims.endpointName === endpoint.name && Number(claims.exp) > nowSeconds()
  );
}

function entraRefusal({ tokens, tenant, access }: World, token: string): ScoringRefusal | undefined {
  const claims = tokens.verify(token);
  const valid =
    claims?.iss === `https://sts.windows.net/${tenant.tenantId}/` &&
    access.dataPlaneAudiences.includes(String(claims.aud)) &&
    Number(claims.exp) > nowSeconds();
  if (!valid) return DENIED;
  // The front door reads the workspace on the caller's behalf before it lets a request through.
  const denied = access.denied.has('score/action') || access.denied.has('workspace/read');
  return denied ? DENIED_BY_POLICY : undefined;
}
