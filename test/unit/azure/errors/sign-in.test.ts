import { describe, expect, test } from 'vitest';
import { DeadlineError } from '../../../../src/network/deadlines.ts';
import { CLIENT, CONTEXT, explainCause, explainResponse, firstLine } from '../../../support/explain.ts';

const { clientId: _, ...ANONYMOUS } = { ...CONTEXT, signInMethod: 'managed-identity' };
const IDENTITY = { ...ANONYMOUS, clientId: CLIENT };

describe("GitHub's ID-token service", () => {
  test.each([401, 403, 404])('HTTP %i is explained with the permission that the job needs', (status) => {
    const message = explainResponse('ID token', status, '');
    expect(firstLine(message)).toBe(`GitHub's ID-token service gives this job no ID token (HTTP ${status}).`);
    expect(message).toContain('  permissions:\n    id-token: write\n');
    expect(message).toContain('Pull requests from forks get no ID token.');
  });

  test('a fault of the service is explained with the page that shows known faults', () => {
    expect(explainResponse('ID token', 503, 'busy')).toContain('https://www.githubstatus.com');
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

  test('a machine with several identities needs the input client-id', () => {
    const message = explainResponse('sign-in', 400, several, ANONYMOUS);
    expect(firstLine(message)).toContain('several user-assigned managed identities');
    expect(message).toContain("Set the input 'client-id'");
  });

  test('a machine without a system-assigned identity is told so', () => {
    expect(firstLine(explainResponse('sign-in', 400, notFound, ANONYMOUS))).toBe(
      'This machine has no system-assigned managed identity.',
    );
  });

  test('a client ID that the machine does not have is named', () => {
    expect(firstLine(explainResponse('managed identity probe', 400, notFound, IDENTITY))).toBe(
      `This machine has no managed identity with client ID '${CLIENT}'.`,
    );
  });

  test.each([
    ['404', () => explainResponse('sign-in', 404, '', IDENTITY)],
    ['a timeout', () => explainCause('managed identity probe', new DeadlineError(1_000))],
    [
      'no route',
      () => explainCause('sign-in', Object.assign(new Error(), { code: 'EHOSTUNREACH' }), IDENTITY),
    ],
  ])('a service that is not there (%s) is explained with where there is one', (_name, explained) => {
    expect(explained()).toContain('works on a self-hosted runner in Azure alone');
  });

  test('the message about a probe says how long it took', () => {
    expect(firstLine(explainCause('managed identity probe', new DeadlineError(1_000)))).toBe(
      'The managed identity service (169.254.169.254) did not answer within 1 s.',
    );
  });

  test('any other response is quoted', () => {
    expect(firstLine(explainResponse('sign-in', 410, { error: 'gone' }, IDENTITY))).toContain(
      'HTTP 410: gone',
    );
  });
});

test('the message about a missing metadata document says how its URL ends', () => {
  const message = explainResponse('metadata', 404, 'not here', { cloud: 'https://arm.local' });
  expect(firstLine(message)).toBe("The cloud's metadata service (arm.local) answered HTTP 404: not here");
  expect(message).toContain('/metadata/endpoints?api-version=2022-09-01');
});
