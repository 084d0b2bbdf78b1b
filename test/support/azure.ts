import type { Cloud } from '../../src/azure/clouds.ts';
import type { AccessToken, Azure } from '../../src/azure/sign-in/sign-in.ts';

/** A private cloud. Nothing listens at its addresses. */
export const CLOUD: Cloud = {
  name: 'LocalCloud',
  resourceManager: 'https://arm.local',
  authority: 'https://login.local',
  dataPlaneAudience: 'https://ml.arm.local',
  discoverable: false,
  identityProvider: 'AAD',
};

/** A signed-in identity. @param token gives the access token for an audience, or throws */
export function azureOf(
  token: (audience: string) => AccessToken | Promise<AccessToken>,
  changes: Partial<Cloud> = {},
): Azure {
  return {
    cloud: { ...CLOUD, ...changes },
    token: async (audience) => token(audience),
    errorContext: () => ({}),
  };
}
