import { describe, expect, test } from 'vitest';
import { endpointNotFound } from '../../../../src/azure/errors/endpoint-not-found.ts';
import { ServiceError } from '../../../../src/network/service-error.ts';
import { workspaceOf } from '../../../support/smoke-test.ts';

const ADDRESS = { subscriptionId: 'sub', resourceGroup: 'rg', workspace: 'ws-prod', name: 'chrun' };

function notFound(code: string): ServiceError {
  const body = JSON.stringify({ error: { code, message: 'not found' } });
  return new ServiceError('endpoint', 'management.azure.com', { status: 404, headers: {}, body });
}

/** What the 404 becomes in a workspace that has these endpoints. */
function explained(names: readonly string[], error = notFound('NotFound')): Promise<Error> {
  return endpointNotFound(workspaceOf({ endpointNames: async () => names }), ADDRESS, error);
}

describe('an endpoint that does not exist', () => {
  test('the endpoints that exist are named, the likeliest first', async () => {
    const error = notFound('NotFound');
    const failure = await explained(['fraud', 'churn-test', 'churn'], error);
    expect(failure.message).toBe(
      "Workspace 'ws-prod' has no online endpoint 'chrun'. Did you mean 'churn'? It has: churn, fraud, churn-test.",
    );
    expect(failure.cause).toBe(error);
  });

  test('a workspace without endpoints is told so', async () => {
    expect((await explained([])).message).toBe(
      "Workspace 'ws-prod' has no online endpoint 'chrun'. It has none at all.",
    );
  });

  test('the 404 stays when the identity may not list endpoints', async () => {
    const error = notFound('NotFound');
    const workspace = workspaceOf({ endpointNames: () => Promise.reject(new Error('403')) });
    expect(await endpointNotFound(workspace, ADDRESS, error)).toBe(error);
  });

  test('of more than twenty endpoints, the twenty likeliest are named', async () => {
    const names = Array.from({ length: 23 }, (_, at) => `other-${at}`);
    const { message } = await explained([...names, 'churn']);
    expect(message).toContain('It has: churn, other-0,');
    expect(message).toMatch(/, other-18 and 4 more\.$/);
    expect((await explained(names.slice(0, 20))).message).toMatch(/, other-19\.$/);
  });

  test('names that hold a command of the runner are made harmless', async () => {
    expect((await explained(['a\n::error::x'])).message).toMatch(/It has: a : :error::x\.$/);
  });

  test.each([
    'ResourceGroupNotFound',
    'SubscriptionNotFound',
    'WorkspaceNotFound',
    'ResourceNotFound',
    'InvalidResourceType',
  ])('the 404 stays when it is about something above the endpoint: %s', async (code) => {
    const error = notFound(code);
    expect(await explained(['churn'], error)).toBe(error);
  });
});
