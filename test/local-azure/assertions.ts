import { type EntraError, ERRORS } from './entra-errors.ts';
import type { World } from './state.ts';
import { claimsOf, nowSeconds } from './tokens.ts';

/** Why Entra does not accept an assertion of another issuer in the place of a client secret. */
export function invalidAssertion({ identity, tokens }: World, assertion: string): EntraError | undefined {
  const claims = claimsOf(assertion);
  if (claims === undefined) return ERRORS.malformedAssertion();
  const [issuer, subject, audience] = [claims.iss, claims.sub, claims.aud].map(String) as [
    string,
    string,
    string,
  ];

  const ofIssuer = identity.federatedCredentials.filter((credential) => credential.issuer === issuer);
  const ofAudience = ofIssuer.filter((credential) => credential.audience === audience);
  const matching = ofAudience.filter((credential) => credential.subject === subject);
  if (matching.length === 0) {
    if (identity.olderWording) return ERRORS.noRecord(issuer, subject, audience);
    if (ofIssuer.length === 0) return ERRORS.noRecordForIssuer(issuer);
    if (ofAudience.length === 0) return ERRORS.noRecordForAudience(audience);
    const inAnotherCase = ofAudience.some(
      (credential) => credential.subject.toLowerCase() === subject.toLowerCase(),
    );
    return inAnotherCase ? ERRORS.noRecordInThisCase(subject) : ERRORS.noRecordForSubject(subject);
  }

  if (tokens.verify(assertion) === undefined) return ERRORS.invalidSignature();
  const now = nowSeconds() + identity.clockSkewSeconds;
  const { nbf, exp } = claims;
  const valid = typeof exp === 'number' && exp > now && (typeof nbf !== 'number' || nbf <= now);
  return valid ? undefined : ERRORS.outsideValidity(now, Number(nbf ?? 0), Number(exp ?? 0));
}
