import { createHash, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';

export type Claims = Readonly<Record<string, unknown>>;

export interface NamedSecret {
  readonly name: string;
  readonly value: string;
}

/** Signs and verifies every JSON Web Token of the local Azure (RS256), and remembers what it has issued. */
export interface TokenService {
  readonly issued: readonly NamedSecret[];
  /** The public key as a JSON Web Key Set. */
  readonly keySet: unknown;
  /** @param name what the token is, for a message about a leak */
  issue(name: string, claims: Claims): string;
  /** The claims of a token whose signature holds. Whether they suffice (issuer, expiry) is for the caller to judge. */
  verify(token: string): Claims | undefined;
}

export async function createTokenService(): Promise<TokenService> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const kid = createHash('sha1').update(spki).digest('hex').toUpperCase();
  const header = encode({ alg: 'RS256', kid, typ: 'JWT' });
  const issued: NamedSecret[] = [];
  return {
    issued,
    keySet: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }] },
    issue(name, claims) {
      const signed = `${header}.${encode(claims)}`;
      const value = `${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
      issued.push({ name, value });
      return value;
    },
    verify: (token) => verifiedClaims(token, publicKey),
  };
}

export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

/** What an unverified token claims; undefined when it is no JSON Web Token. */
export function claimsOf(token: string): Claims | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? (claims as Claims) : undefined;
  } catch {
    return undefined;
  }
}

function verifiedClaims(token: string, publicKey: KeyObject): Claims | undefined {
  const [header, payload, signature] = token.split('.');
  const signed = Buffer.from(`${header}.${payload}`);
  const holds = verify('RSA-SHA256', signed, publicKey, Buffer.from(signature ?? '', 'base64url'));
  return holds ? claimsOf(token) : undefined;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
