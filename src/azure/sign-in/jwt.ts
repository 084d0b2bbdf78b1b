import { type JsonObject, objectIn, parseJson, stringIn } from '../../text/json.ts';

/** The claims of a JWT, unverified: good for messages, never for a decision. Empty when it is not a JWT. */
export function readClaims(token: string): JsonObject {
  return objectIn(parseJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')));
}

/** Object ID of the service principal. Entra does not promise the format of access tokens, so it may be missing. */
export function objectIdOf(claims: JsonObject): string | undefined {
  return stringIn(claims.oid);
}
