import { describe, expect, test } from 'vitest';
import {
  CONTEXT,
  explainResponse,
  firstLine,
  OBJECT,
  resourceManagerSaid,
  SUBSCRIPTION,
  TENANT,
  UNKNOWN_CONTEXT,
} from '../../../support/explain.ts';

const ENDPOINT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn`;
const ACTIONS = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

describe('a missing permission', () => {
  test("action, scope, identity and the commands are taken from Resource Manager's refusal", () => {
    const message = resourceManagerSaid('AuthorizationFailed (listKeys)', 'keys');
    const scope =
      '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws/onlineEndpoints/ep';
    expect(message).toBe(
      [
        `The identity with object ID '00000000-0000-0000-0000-0000000000bb' lacks the permission '${ACTIONS}/listKeys/action' on '${scope}'.`,
        "The built-in role 'AzureML Data Scientist' has it. An owner of the workspace can assign the role:",
        `  az role assignment create --assignee-object-id 00000000-0000-0000-0000-0000000000bb --assignee-principal-type ServicePrincipal --role "AzureML Data Scientist" --scope "${scope}"`,
        `A custom role needs at least: ${ACTIONS}/listKeys/action, ${ACTIONS}/read.`,
        'A new assignment takes a few minutes to take effect. Then run the job again.',
        `A resource that does not exist is refused in the same way: check the inputs 'subscription-id' (now '${SUBSCRIPTION}'), 'resource-group' (now 'rg-ml'), 'workspace' (now 'ws-prod') and 'endpoint' (now 'churn').`,
      ].join('\n'),
    );
  });

  test('the role is assigned on the workspace when the scope is another part of it', () => {
    expect(resourceManagerSaid('AuthorizationFailed (quoted, computes/read)')).toContain(
      '--scope "/subscriptions/ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e/resourceGroups/RG-ITSMLteamAMLV1toV2-DEV/providers/Microsoft.MachineLearningServices/workspaces/avadevitsmlsvc"',
    );
  });

  test('scope and identity come from the step when Azure Machine Learning refuses', () => {
    const message = resourceManagerSaid('mfe-403-UserError-ForbiddenError-shape');
    expect(firstLine(message)).toBe(
      `The identity with object ID '${OBJECT}' lacks the permission 'Microsoft.MachineLearningServices/workspaces/datastores/read' on '${ENDPOINT}'.`,
    );
    expect(message).toContain(`--assignee-object-id ${OBJECT} `);
    expect(message).toContain(`--scope "${ENDPOINT}"`);
  });

  test('a role for scoring with an Entra token needs to read the workspace, too', () => {
    const message = `Identity(object id: ${OBJECT}) does not have permissions for ${ACTIONS}/score/action actions.`;
    const explained = explainResponse('endpoint', 403, { error: { code: 'UserError', message } });
    expect(explained).toContain(
      `A custom role needs at least: ${ACTIONS}/score/action, Microsoft.MachineLearningServices/workspaces/*/read.`,
    );
    expect(explained).toContain('/workspaces/ws-prod"\n');
  });

  test('the message has no gaps when nothing is known', () => {
    const message = resourceManagerSaid(
      'mfe-403-UserError-ForbiddenError-shape',
      'endpoint',
      UNKNOWN_CONTEXT,
    );
    expect(firstLine(message)).toBe(
      "The identity lacks the permission 'Microsoft.MachineLearningServices/workspaces/datastores/read'.",
    );
    expect(message).toContain('--assignee-object-id <object-id>');
    expect(message).toContain('--scope "<workspace-id>"');
    expect(message).not.toContain('undefined');
  });

  test('remote text gets into the command only when it has the right format', () => {
    const message =
      "The client 'x' with object id '$(reboot)' does not have authorization to perform action '`id`/read' over scope '/subscriptions/$(reboot)' or the scope is invalid.";
    const explained = explainResponse(
      'keys',
      403,
      { error: { code: 'AuthorizationFailed', message } },
      UNKNOWN_CONTEXT,
    );
    expect(explained).not.toMatch(/\$\(|`/);
    expect(explained).toContain(`'${ACTIONS}/listKeys/action'`);
  });

  test('the role is assigned to a person as to a user', () => {
    const message = `The client 'ada@contoso.com' with object id '${OBJECT}' does not have authorization to perform action '${ACTIONS}/read' over scope '${ENDPOINT}' or the scope is invalid.`;
    expect(explainResponse('endpoint', 403, { error: { code: 'AuthorizationFailed', message } })).toContain(
      '--assignee-principal-type User ',
    );
  });
});

describe('something that does not exist', () => {
  test.each([
    [
      'ResourceNotFound (workspace)',
      "Resource group 'rg-ml' has no workspace 'ws-prod'.",
      "'workspace' (now 'ws-prod')",
    ],
    [
      'mfe-404-WorkspaceNotFound-UserError',
      "Resource group 'rg-ml' has no workspace 'ws-prod'.",
      "'workspace'",
    ],
    [
      'ResourceGroupNotFound',
      `Subscription '${SUBSCRIPTION}' has no resource group 'rg-ml'.`,
      "'resource-group'",
    ],
    [
      'SubscriptionNotFound',
      `Resource Manager finds no subscription '${SUBSCRIPTION}' for this identity.`,
      `'subscription-id' (now '${SUBSCRIPTION}')`,
    ],
    [
      'mfe-404-NotFound-InferencingClientCallFailed',
      "Workspace 'ws-prod' has no online endpoint 'churn'.",
      "'endpoint' (now 'churn')",
    ],
  ])('%s is explained with the input to check', (name, first, input) => {
    const message = resourceManagerSaid(name);
    expect(firstLine(message)).toBe(first);
    expect(message).toContain(input);
  });

  test('names come from the refusal when the step does not know them', () => {
    expect(firstLine(resourceManagerSaid('ResourceNotFound (workspace)', 'endpoint', UNKNOWN_CONTEXT))).toBe(
      "Resource group 'mlholland-testing' has no workspace 'e2etest_test_863132474581'.",
    );
    expect(firstLine(resourceManagerSaid('ResourceGroupNotFound', 'endpoint', UNKNOWN_CONTEXT))).toBe(
      "Subscription has no resource group 'MyDemoGroup'.",
    );
    expect(
      firstLine(
        resourceManagerSaid('mfe-404-NotFound-InferencingClientCallFailed', 'endpoint', UNKNOWN_CONTEXT),
      ),
    ).toBe('Workspace has no online endpoint.');
  });

  test('an endpoint that Resource Manager itself does not know is told apart from a workspace', () => {
    const message =
      "The Resource 'Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn' under resource group 'rg-ml' was not found.";
    expect(
      firstLine(explainResponse('endpoint', 404, { error: { code: 'ResourceNotFound', message } })),
    ).toBe("Workspace 'ws-prod' has no online endpoint 'churn'.");
  });

  test('the API versions that a cloud knows are named', () => {
    const china = { ...CONTEXT, cloud: 'AzureChinaCloud' };
    for (const name of [
      'InvalidResourceType (api-version skew)',
      'NoRegisteredProviderFound (bad api-version/location)',
    ]) {
      const message = resourceManagerSaid(name, 'endpoint', china);
      expect(firstLine(message)).toBe(
        "Resource Manager of 'AzureChinaCloud' does not know the version of the Machine Learning API that this action asks for.",
      );
      expect(message).toMatch(/It knows: 20\d\d-/);
    }
  });
});

describe('an access token that Resource Manager refuses', () => {
  const right = '11111111-2222-3333-4444-555555555555';
  const wrongTenant = `The access token is from the wrong issuer 'https://sts.windows.net/${TENANT}/'. It must match the tenant 'https://sts.windows.net/${right}/' associated with this subscription.`;

  test('the right tenant is taken from the refusal of a wrong one', () => {
    const message = explainResponse('endpoint', 401, {
      error: { code: 'InvalidAuthenticationTokenTenant', message: wrongTenant },
    });
    expect(firstLine(message)).toBe(
      `Subscription '${SUBSCRIPTION}' does not trust the tenant '${TENANT}' that signed in.`,
    );
    expect(message).toContain(`Set the input 'tenant-id' to '${right}'`);
  });

  test('the right tenant is taken from the WWW-Authenticate header', () => {
    const headers = {
      'www-authenticate': `Bearer authorization_uri="https://login.windows.net/${right}", error="invalid_token"`,
    };
    const body = { error: { code: 'InvalidAuthenticationTokenTenant', message: '' } };
    expect(explainResponse('endpoint', 401, body, CONTEXT, headers)).toContain(`'tenant-id' to '${right}'`);
  });

  test('a tenant that is not a GUID is not named', () => {
    const message = resourceManagerSaid('InvalidAuthenticationTokenTenant');
    expect(message).toContain("Set the input 'tenant-id' to the tenant of the subscription");
    expect(message).not.toContain('<subscription-tenant>');
  });

  test.each([
    [
      'InvalidAuthenticationTokenAudience',
      "The access token is for 'https://vault.azure.net', which Resource Manager of 'AzureCloud' does not accept.",
      "input 'cloud'",
    ],
    [
      'ExpiredAuthenticationToken',
      "The access token has expired: ExpiredAuthenticationToken: The access token expiry UTC time '3/19/2023 8:55:46 AM' is earlier than current UTC time '3/19/2023 8:55:57 AM'.",
      'clock',
    ],
    [
      'InvalidAuthenticationToken',
      "Resource Manager of 'AzureCloud' does not accept the access token: InvalidAuthenticationToken: The access token is invalid.",
      "'tenant-id'",
    ],
    [
      'InvalidAuthenticationToken (service principal missing in tenant)',
      "Application '31359c7f-bd7e-475c-86db-fdb8c937548e' has no service principal in tenant '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948'.",
      'az ad sp create --id 31359c7f-bd7e-475c-86db-fdb8c937548e.',
    ],
    [
      'AuthenticationFailed (no header)',
      "Resource Manager could not authenticate the request: AuthenticationFailed: Authentication failed. The 'Authorization' header is missing.",
      'proxy',
    ],
  ])('%s is explained with advice', (name, first, advice) => {
    const message = resourceManagerSaid(name);
    expect(firstLine(message)).toBe(first);
    expect(message).toContain(advice);
  });
});

describe('a private workspace', () => {
  test.each(['UserError private link (AML)', 'mfe-502-private-link-denied'])(
    '%s is explained with the runner that it needs',
    (name) => {
      const message = resourceManagerSaid(name);
      expect(firstLine(message)).toBe(
        "Workspace 'ws-prod' is private: Azure Machine Learning refuses requests from outside its private link.",
      );
      expect(message).toContain('self-hosted runner in the virtual network');
    },
  );
});

describe('a refusal that may pass', () => {
  test('the message about a read-only lock names the scope that is locked and the options', () => {
    const message = resourceManagerSaid('ScopeLocked (ReadOnly lock blocks POST listKeys)', 'keys');
    expect(firstLine(message)).toMatch(
      /^A read-only lock keeps the credential of endpoint 'churn' from being read\. Locked: '\/subscriptions\/<subscription-id>\/resourcegroups\/.*'\.$/,
    );
    expect(message).toContain("'CanNotDelete'");
  });

  test.each([
    ['SubscriptionRequestsThrottled (token bucket)', 'It asks to wait 10 s. '],
    ['SubscriptionRequestsThrottled (older)', 'It asks to wait 0 s. '],
    ['ResourceRequestsThrottled', 'It asks to wait 372 s. '],
    ['TooManyRequests (resource provider)', 'Run fewer jobs at once'],
  ])('the message about %s says how long to wait', (name, advice) => {
    const message = resourceManagerSaid(name, 'keys');
    expect(firstLine(message)).toContain(`throttles this identity in subscription '${SUBSCRIPTION}'`);
    expect(message).toContain(advice);
  });

  test('the Retry-After header is believed before the message', () => {
    const headers = { 'retry-after': '17' };
    expect(explainResponse('keys', 429, '', CONTEXT, headers)).toContain('It asks to wait 17 s.');
  });

  test('the message about a fault of Azure gives the ID for support', () => {
    const headers = { 'x-ms-correlation-request-id': 'c3a1f4bb-2b8a-4486-ac4a-fdd45ed43116' };
    const body = { error: { code: 'InternalServerError', message: 'It broke.' } };
    expect(explainResponse('token', 503, body, CONTEXT, headers)).toBe(
      [
        "Resource Manager (management.azure.com), asked for the endpoint's token, failed with HTTP 503, retries included: InternalServerError: It broke.",
        'This is a fault of Azure. Run the job again later; https://status.azure.com shows known faults.',
        'Correlation ID c3a1f4bb-2b8a-4486-ac4a-fdd45ed43116 for support.',
      ].join('\n'),
    );
  });
});

describe('any other response', () => {
  test('code and message are quoted, with the ID for support', () => {
    const headers = { 'x-ms-correlation-request-id': 'c3a1f4bb-2b8a-4486-ac4a-fdd45ed43116' };
    const body = { error: { code: 'RequestDisallowedByPolicy', message: 'No.\n::error::no' } };
    const message = explainResponse('endpoint', 403, body, CONTEXT, headers);
    expect(firstLine(message)).toBe(
      'Resource Manager (management.azure.com), asked for the endpoint, answered HTTP 403: RequestDisallowedByPolicy: No. : :error::no',
    );
    expect(message).toContain('Correlation ID c3a1f4bb-2b8a-4486-ac4a-fdd45ed43116 for support.');
  });

  test('the text of a refusal is quoted, but never that of a good response', () => {
    expect(firstLine(explainResponse('keys', 418, 'I am a teapot'))).toBe(
      "Resource Manager (management.azure.com), asked for the endpoint's keys, answered HTTP 418: I am a teapot",
    );
    expect(explainResponse('keys', 204, '{"primaryKey":"hunter2hunter2"}')).not.toContain('hunter2');
  });

  test('the message about a redirect says where it led', () => {
    const message = explainResponse('keys', 302, '', CONTEXT, { location: 'https://elsewhere.example/' });
    expect(firstLine(message)).toBe(
      "Resource Manager (management.azure.com), asked for the endpoint's keys, answered with a redirect: HTTP 302, to 'https://elsewhere.example/'.",
    );
    expect(message).toContain('Redirects are never followed');
  });
});
