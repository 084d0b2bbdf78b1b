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
  /** Where ID tokens of another issuer come from; known in a job that the CI system vouches for. */
  readonly idTokens: IdTokenSource | undefined;
  /** Path of the token file on a runner with workload identity. */
  readonly federatedTokenFile: string | undefined;
  /** Why client and tenant may be empty although the workflow names them: a sentence for a message. */
  readonly whyEmpty?: string | undefined;
  /** Only az's session could say which subscription is meant. */
  readonly lacksSubscription?: true;
}

/** Where a token comes from with which a CI system vouches for a job. */
export type IdTokenSource = GitHubTokens | ConnectionTokens | GivenToken;

/** GitHub's ID-token service, as the runner describes it. */
export interface GitHubTokens {
  readonly kind: 'github';
  readonly url: string;
  readonly requestToken: Secret;
}

/** The ID tokens of a service connection of Azure DevOps. */
export interface ConnectionTokens {
  readonly kind: 'service-connection';
  readonly url: string;
  readonly connectionId: string;
  /** The job's own access token. */
  readonly requestToken: Secret;
}

/** One that the CI system has put into a variable: GitLab's `id_tokens`, Jenkins' OIDC provider. */
export interface GivenToken {
  readonly kind: 'given';
  readonly token: Secret;
}
