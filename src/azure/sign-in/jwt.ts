/** The claims of a JWT, unverified: good for messages, never for a decision. Empty when it is no JWT. */
export function readClaims(token: string): Readonly<Record<string, unknown>> {
  try {
    const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
    const claims: unknown = JSON.parse(payload);
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Object id of the service principal; Entra keeps other formats of access tokens possible. */
export function objectIdOf(claims: Readonly<Record<string, unknown>>): string | undefined {
  return typeof claims.oid === 'string' ? claims.oid : undefined;
}
