import { randomUUID } from 'node:crypto';
import { jsonAnswer } from './answers.ts';
import type { World } from './state.ts';
import { nowSeconds, type TokenService } from './tokens.ts';
import type { Service } from './wire.ts';

/** What an agent of Azure Pipelines tells a task of its service connection. */
export interface ServiceConnection {
  readonly id: string;
  readonly subject: string;
  readonly issuer: string;
  /** `SYSTEM_OIDCREQUESTURI` */
  readonly requestUri: string;
  /** The access token of the job. */
  readonly accessToken: string;
}

export function serviceConnection(origin: string, tokens: TokenService): ServiceConnection {
  const organization = randomUUID();
  return {
    id: randomUUID(),
    subject: 'sc://contoso/churn/churn-connection',
    issuer: `${origin}/${organization}`,
    requestUri: `${origin}/contoso/${randomUUID()}/_apis/distributedtask/hubs/build/plans/${randomUUID()}/jobs/${randomUUID()}/oidctoken`,
    accessToken: tokens.issue("job's access token", {
      nameid: randomUUID(),
      scp: 'app_token',
      iss: 'app.vstoken.visualstudio.com',
      exp: nowSeconds() + 3_600,
    }),
  };
}

/**
 * The service of Azure DevOps that makes ID tokens of service connections; undefined for requests to others.
 * @see https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create
 */
export function oidcTokenService(world: World, connection: ServiceConnection): Service {
  const expected = new URL(connection.requestUri);
  return ({ method, url, headers }) => {
    const answer = () => {
      if (headers.authorization?.replace(/^bearer /i, '') !== connection.accessToken) {
        // Without the header that suppresses it, a person is sent to sign in.
        return String(headers['x-tfs-fedauthredirect']).toLowerCase() === 'suppress'
          ? jsonAnswer(401, {
              $id: '1',
              message: 'TF400813: The user is not authorized to access this resource.',
            })
          : {
              status: 302,
              headers: { location: `${expected.origin}/_signin` },
              body: '<html>Object moved</html>',
            };
      }
      if (method !== 'POST') {
        const message = `The requested resource does not support http method '${method}'.`;
        return jsonAnswer(405, { count: 1, value: { Message: message } });
      }
      if (url.searchParams.get('api-version') === null) {
        return jsonAnswer(400, {
          $id: '1',
          message: 'No api-version was supplied.',
          typeKey: 'VssVersionNotSpecifiedException',
        });
      }
      if (url.searchParams.get('serviceConnectionId') !== connection.id) {
        return jsonAnswer(403, {
          count: 151,
          value: `There is no explicit reference to service connection ${url.searchParams.get('serviceConnectionId')}\r\n    from current stage Deploy.Gate.__default.`,
        });
      }
      return jsonAnswer(200, { oidcToken: issue(world, connection) });
    };
    return { call: 'id-token', answer };
  };
}

/** Whether a request goes to {@link oidcTokenService}. */
export function isForOidcTokens(path: string): boolean {
  return path.endsWith('/oidctoken');
}

function issue({ tokens, identity }: World, { issuer, subject }: ServiceConnection): string {
  const iat = nowSeconds();
  return tokens.issue('ID token', {
    jti: randomUUID(),
    sub: subject,
    aud: 'api://AzureADTokenExchange',
    iss: issuer,
    nbf: iat - 300,
    iat,
    exp: iat + identity.idTokenLifetimeSeconds,
    ...identity.idTokenClaims,
  });
}
