import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answers.ts';
import type { World } from './state.ts';
import { nowSeconds, type TokenService } from './tokens.ts';
import type { Answer, Call, Route, Service } from './wire.ts';

/** Where GitHub's runner asks for ID tokens, and with what. */
export interface GitHubOidc {
  readonly requestUrl: string;
  readonly requestToken: string;
  readonly subject: string;
  readonly issuer: string;
}

const SUBJECT = 'repo:octo/churn:ref:refs/heads/main';

/** The job that may ask: its request token is a JSON Web Token, as GitHub's is. */
export function gitHubOidc(origin: string, tokens: TokenService): GitHubOidc {
  const now = nowSeconds();
  const requestToken = tokens.issue('ID-token request token', {
    nameid: 'dddddddd-dddd-dddd-dddd-dddddddddddd',
    scp: `Actions.GenerateIdToken:${randomUUID()}:${randomUUID()}`,
    iss: origin,
    nbf: now - 300,
    exp: now + 21_600,
  });
  return {
    requestUrl: `${origin}/idtoken/${randomUUID()}/${randomUUID()}?api-version=2.0`,
    requestToken,
    subject: SUBJECT,
    issuer: origin,
  };
}

/** GitHub's OIDC token service, and the issuer's documents that Entra reads. */
export function oidcService(world: World, { requestUrl, requestToken, issuer }: GitHubOidc): Service {
  const expected = new URL(requestUrl);
  return ({ method, url, headers }) => {
    const route = (call: Call, answer: () => Answer): Route => ({ call, answer });
    if (method === 'GET' && url.pathname === expected.pathname) {
      return route('id-token', () => {
        if (headers.authorization?.replace(/^bearer /i, '') !== requestToken) {
          return jsonAnswer(401, { message: 'The request token is missing or is not valid for this job.' });
        }
        if (url.searchParams.get('api-version') !== expected.searchParams.get('api-version')) {
          return jsonAnswer(400, {
            message: 'The api-version query parameter is missing or is not supported.',
          });
        }
        return jsonAnswer(200, issueIdToken(world, issuer, url.searchParams.get('audience')));
      });
    }
    if (method === 'GET' && url.pathname === '/.well-known/openid-configuration') {
      const jwks = `${issuer}/.well-known/jwks`;
      return route('discovery', () =>
        jsonAnswer(200, {
          issuer,
          jwks_uri: jwks,
          subject_types_supported: ['public', 'pairwise'],
          response_types_supported: ['id_token'],
          id_token_signing_alg_values_supported: ['RS256'],
          scopes_supported: ['openid'],
        }),
      );
    }
    if (method === 'GET' && url.pathname === '/.well-known/jwks') {
      return route('discovery', () => jsonAnswer(200, world.tokens.keySet));
    }
    return route('other', () => jsonAnswer(404, { message: 'Not Found' }));
  };
}

function issueIdToken({ tokens, identity }: World, issuer: string, audience: string | null): unknown {
  const iat = nowSeconds();
  const value = tokens.issue('ID token', {
    jti: randomUUID(),
    sub: SUBJECT,
    // GitHub's default audience is the owner of the repository.
    aud: audience ?? 'https://github.com/octo',
    ref: 'refs/heads/main',
    sha: '2f1e0c4d6b8a9753102468aceff0b1d2c3e4f5a6',
    repository: 'octo/churn',
    repository_owner: 'octo',
    repository_owner_id: '583231',
    repository_id: '74001',
    repository_visibility: 'private',
    run_id: '1296269',
    run_number: '17',
    run_attempt: '1',
    actor: 'octocat',
    actor_id: '583231',
    workflow: 'deploy',
    workflow_ref: 'octo/churn/.github/workflows/deploy.yml@refs/heads/main',
    workflow_sha: '2f1e0c4d6b8a9753102468aceff0b1d2c3e4f5a6',
    job_workflow_ref: 'octo/churn/.github/workflows/deploy.yml@refs/heads/main',
    job_workflow_sha: '2f1e0c4d6b8a9753102468aceff0b1d2c3e4f5a6',
    head_ref: '',
    base_ref: '',
    event_name: 'push',
    ref_protected: 'true',
    ref_type: 'branch',
    runner_environment: 'github-hosted',
    iss: issuer,
    nbf: iat - 300,
    iat,
    exp: iat + identity.idTokenLifetimeSeconds,
    ...identity.idTokenClaims,
  });
  return { count: value.length, value };
}
