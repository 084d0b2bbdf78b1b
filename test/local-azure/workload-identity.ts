import { TOKEN_EXCHANGE_AUDIENCE } from './state.ts';
import { nowSeconds, type TokenService } from './tokens.ts';

/** The token of a Kubernetes service account, as the cluster projects it into a file for workload identity. */
export function serviceAccountToken(
  tokens: TokenService,
  { issuer, subject }: { readonly issuer: string; readonly subject: string },
): string {
  const iat = nowSeconds();
  const [, , namespace, name] = subject.split(':');
  return tokens.issue('federated token', {
    aud: [TOKEN_EXCHANGE_AUDIENCE],
    iss: issuer,
    sub: subject,
    iat,
    nbf: iat,
    exp: iat + 86_400,
    'kubernetes.io': { namespace, serviceaccount: { name } },
  });
}
