import type { Secret } from '../../secrets/secret.ts';

export const SIGN_IN_CHOICES = [
  'auto',
  'oidc',
  'client-secret',
  'managed-identity',
  'workload-identity',
  'azure-cli',
] as const;
export type SignInChoice = (typeof SIGN_IN_CHOICES)[number];
export type SignInMethodName = Exclude<SignInChoice, 'auto'>;

export interface SignInSettings {
  readonly choice: SignInChoice;
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly clientSecret: Secret | undefined;
  /** Known in a job with `permissions: id-token: write`. */
  readonly idTokenService: IdTokenService | undefined;
  /** Path of the token file on a runner with workload identity. */
  readonly federatedTokenFile: string | undefined;
  /** Why client and tenant may be empty although the workflow names them: a sentence for a message. */
  readonly whyEmpty?: string | undefined;
}

/** GitHub's ID-token service, as the runner describes it. */
export interface IdTokenService {
  readonly url: string;
  readonly requestToken: Secret;
}
