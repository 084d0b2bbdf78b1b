import { describe, expect, test } from 'vitest';
import { endpointNotFound } from '../../../src/azure/errors/endpoint-not-found.ts';
import type { Workspace } from '../../../src/azure/resource-manager/workspace.ts';
import { ServiceError } from '../../../src/network/service-error.ts';

const ADDRESS = { subscriptionId: 'sub', resourceGroup: 'rg', workspace: 'ws-prod', name: 'chrun' };

function workspace(names: readonly string[] | Error): Workspace {
  const refuse = async (): Promise<never> => {
    throw new Error('was not to be asked');
  };
  return {
    endpoint: refuse,
    keys: refuse,
    token: refuse,
    deployments: refuse,
    deployment: refuse,
    logs: refuse,
    endpointNames: async () => {
      if (names instanceof Error) throw names;
      return names;
    },
  };
}

function notFound(code: string): ServiceError {
  const body = JSON.stringify({ error: { code, message: 'not found' } });
  return new ServiceError('endpoint', 'management.azure.com', { status: 404, headers: {}, body });
}

describe('an endpoint that is not there', () => {
  test('is named with those that are, the likeliest first', async () => {
    const error = notFound('NotFound');
    const said = await endpointNotFound(workspace(['fraud', 'churn-test', 'churn']), ADDRESS, error);
    expect(said.message).toBe(
      "Workspace 'ws-prod' has no online endpoint 'chrun'. It has: churn, fraud, churn-test.",
    );
    expect(said.cause).toBe(error);
  });

  test('is missed in a workspace that has none', async () => {
    const said = await endpointNotFound(workspace([]), ADDRESS, notFound('NotFound'));
    expect(said.message).toBe("Workspace 'ws-prod' has no online endpoint 'chrun'. It has none at all.");
  });

  test('is told with names of others only when they may be listed', async () => {
    const error = notFound('NotFound');
    expect(await endpointNotFound(workspace(new Error('403')), ADDRESS, error)).toBe(error);
  });

  test('is told with names that hold no command', async () => {
    const said = await endpointNotFound(workspace(['a\n::error::x']), ADDRESS, notFound('NotFound'));
    expect(said.message).toMatch(/It has: a : :error::x\.$/);
  });

  test.each([
    'ResourceGroupNotFound',
    'SubscriptionNotFound',
    'WorkspaceNotFound',
    'ResourceNotFound',
    'InvalidResourceType',
  ])('because something above it is not there is left to the message about that: %s', async (code) => {
    const error = notFound(code);
    expect(await endpointNotFound(workspace(['churn']), ADDRESS, error)).toBe(error);
  });
});
