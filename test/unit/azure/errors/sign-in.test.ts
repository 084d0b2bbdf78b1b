import { describe, expect, it } from 'vitest';
import { DeadlineError } from '../../../../src/network/deadlines.ts';
import { CLIENT, explainAnswer, explainCause, firstLine, SITUATION } from '../../../support/explain.ts';

const { clientId: _, ...ANONYMOUS } = { ...SITUATION, signInMethod: 'managed-identity' };
const IDENTITY = { ...ANONYMOUS, clientId: CLIENT };

describe("GitHub's ID-token service", () => {
  it.each([401, 403, 404])('HTTP %i: names the permission', (status) => {
    const message = explainAnswer('ID token', status, '');
    expect(firstLine(message)).toBe(`GitHub's ID-token service gives this job no ID token (HTTP ${status}).`);
    expect(message).toContain('  permissions:\n    id-token: write\n');
    expect(message).toContain('Pull requests from forks get no ID token.');
  });

  it('breaks', () => {
    expect(explainAnswer('ID token', 503, 'busy')).toContain('https://www.githubstatus.com');
  });
});

describe('the managed identity service', () => {
  // https://github.com/Hexadite/acs-keyvault-agent/pull/43
  const several = {
    error: 'invalid_request',
    error_description:
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
  };
  // https://github.com/Azure/aad-pod-identity/issues/1040
  const notFound = { error: 'invalid_request', error_description: 'Identity not found' };

  it('has several identities: asks for the one', () => {
    const message = explainAnswer('sign-in', 400, several, ANONYMOUS);
    expect(firstLine(message)).toContain('several user-assigned managed identities');
    expect(message).toContain("Set the input 'client-id'");
  });

  it('has none of its own', () => {
    expect(firstLine(explainAnswer('sign-in', 400, notFound, ANONYMOUS))).toBe(
      'This machine has no system-assigned managed identity.',
    );
  });

  it('has not the one that is named', () => {
    expect(firstLine(explainAnswer('managed identity probe', 400, notFound, IDENTITY))).toBe(
      `This machine has no managed identity with client ID '${CLIENT}'.`,
    );
  });

  it.each([
    ['404', () => explainAnswer('sign-in', 404, '', IDENTITY)],
    ['a timeout', () => explainCause('managed identity probe', new DeadlineError(1_000))],
    [
      'no route',
      () => explainCause('sign-in', Object.assign(new Error(), { code: 'EHOSTUNREACH' }), IDENTITY),
    ],
  ])('is not there (%s): says where it is', (_name, explained) => {
    expect(explained()).toContain('works on a self-hosted runner in Azure alone');
  });

  it('says how long it was waited for', () => {
    expect(firstLine(explainCause('managed identity probe', new DeadlineError(1_000)))).toBe(
      'The managed identity service (169.254.169.254) did not answer within 1 s.',
    );
  });

  it('answers something else', () => {
    expect(firstLine(explainAnswer('sign-in', 410, { error: 'gone' }, IDENTITY))).toContain('HTTP 410: gone');
  });
});

it('a metadata service without a document: says how its URL ends', () => {
  const message = explainAnswer('metadata', 404, 'not here', { cloud: 'https://arm.local' });
  expect(firstLine(message)).toBe("The cloud's metadata service (arm.local) answered HTTP 404: not here");
  expect(message).toContain('/metadata/endpoints?api-version=2022-09-01');
});
