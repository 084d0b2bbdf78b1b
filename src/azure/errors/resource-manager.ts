import { quote } from '../../secrets/untrusted.ts';
import { words } from '../../text/words.ts';
import { CLOUD_NAMES } from '../clouds.ts';
import { PERMISSION_ROWS } from './permission.ts';
import {
  addressInputs,
  answered,
  find,
  findRow,
  forSupport,
  guid,
  type Lines,
  named,
  optional,
  quoted,
  type Refusal,
  type Row,
  reason,
  whoWasAsked,
} from './refusal.ts';

/** What Resource Manager refused, why, and what to do. */
export function explainResourceManager(refusal: Refusal): Lines {
  return (findRow(ROWS, refusal) ?? UNKNOWN).lines(refusal);
}

const PRIVATE: Row = {
  says: /private link/i,
  lines: (refusal) => [
    `Workspace${optional(refusal.context.endpoint?.workspace)} is private: Azure Machine Learning refuses requests from outside its private link.`,
    `A ${words.hostedMachine} cannot reach it. Run ${words.job} on ${words.ownMachine} in the virtual network, or in one with a private endpoint of the workspace.`,
    `Seen: HTTP ${refusal.response.status}, ${quoted(refusal)}`,
  ],
};

const NOT_FOUND: readonly Row[] = [
  { status: [404], code: 'ResourceNotFound', says: /onlineEndpoints\//i, lines: noEndpoint },
  { status: [404], code: 'ResourceNotFound', lines: noWorkspace },
  { status: [404], code: 'WorkspaceNotFound', lines: noWorkspace },
  {
    status: [404],
    code: 'ResourceGroupNotFound',
    lines: ({ context, message }) => [
      `Subscription${optional(context.endpoint?.subscriptionId)} has no resource group${optional(context.endpoint?.resourceGroup ?? find(/group '([^']+)'/, message))}.`,
      `Check ${addressInputs(context, 'resource-group', 'subscription-id')}.`,
    ],
  },
  {
    code: 'SubscriptionNotFound',
    lines: ({ context, message }) => [
      `Resource Manager finds no subscription${optional(context.endpoint?.subscriptionId ?? find(/subscription '([^']+)'/, message))} for this identity.`,
      `Check ${addressInputs(context, 'subscription-id')}. The subscription must trust the tenant of ${words.theInputs(['tenant-id'])}${optional(context.tenantId)}, be in the cloud ${named(context.cloud)}, and the identity needs a role in it.`,
    ],
  },
  {
    code: 'InvalidSubscriptionId',
    lines: ({ context }) => [
      `Subscription ID${optional(context.endpoint?.subscriptionId)} is malformed.`,
      `It must be a GUID. Check ${addressInputs(context, 'subscription-id')}.`,
    ],
  },
  { status: [404], code: 'InvalidResourceType', lines: unknownVersion },
  { status: [400], code: 'NoRegisteredProviderFound', lines: unknownVersion },
  { status: [404], code: 'NotFound', lines: noEndpoint },
];

function noWorkspace({ context, message }: Refusal): Lines {
  const name = context.endpoint?.workspace ?? find(/workspaces\/([^'/]+)'/, message);
  const group = context.endpoint?.resourceGroup ?? find(/resource group '([^']+)'/, message);
  return [
    `Resource group${optional(group)} has no workspace${optional(name)}.`,
    `Check ${addressInputs(context, 'workspace', 'resource-group', 'subscription-id')}.`,
  ];
}

function noEndpoint({ context }: Refusal): Lines {
  return [
    `Workspace${optional(context.endpoint?.workspace)} has no online endpoint${optional(context.endpoint?.name)}.`,
    `Check ${addressInputs(context, 'endpoint', 'workspace')}. Batch and serverless endpoints are not online endpoints.`,
  ];
}

function unknownVersion({ context, message }: Refusal): Lines {
  const known = find(/supported api-versions are '([^']+)'/, message);
  return [
    `Resource Manager of ${named(context.cloud)} does not know the version of the Machine Learning API that this ${words.program} asks for.`,
    `${known === undefined ? '' : `It knows: ${quote(known)}. `}Check ${words.theInputs(['cloud'])}. If it is right, please open an issue in the repository of this ${words.program} with this message.`,
  ];
}

const UNAUTHENTICATED: readonly Row[] = [
  {
    status: [401],
    code: 'InvalidAuthenticationTokenTenant',
    lines: (refusal) => {
      const { context } = refusal;
      const tenant = rightTenant(refusal);
      return [
        `Subscription${optional(context.endpoint?.subscriptionId)} does not trust the tenant${optional(context.tenantId)} that signed in.`,
        tenant === undefined
          ? `Set ${words.theInputs(['tenant-id'])} to the tenant of the subscription: az account show --query tenantId prints it.`
          : `Set ${words.theInputs(['tenant-id'])} to '${tenant}', the tenant of the subscription. The identity must exist there.`,
        'A subscription that was just moved to another tenant needs up to an hour.',
      ];
    },
  },
  {
    status: [401],
    code: 'InvalidAuthenticationTokenAudience',
    lines: ({ context, message }) => [
      `The access token is for ${named(find(/resource '([^']+)'/, message) ?? 'another service')}, which Resource Manager of ${named(context.cloud)} does not accept.`,
      `The clouds are mixed up. Check ${words.theInputs(['cloud'])}: ${CLOUD_NAMES.join(', ')}, or the URL of a metadata document.`,
    ],
  },
  {
    status: [401],
    code: 'ExpiredAuthenticationToken',
    lines: (refusal) => [
      `The access token has expired: ${quoted(refusal)}`,
      `Run the step again. If it happens at once, the clock of the ${words.machine} is wrong.`,
    ],
  },
  {
    status: [401],
    code: 'InvalidAuthenticationToken',
    says: /puid|altsecid|'oid'/,
    lines: ({ context }) => [
      `Application${optional(context.clientId)} has no service principal in tenant${optional(context.tenantId)}.`,
      `Create it: az ad sp create --id ${guid(context.clientId) ?? '<client-id>'}. Then assign it a role, and check ${words.theInputs(['client-id', 'tenant-id'])}.`,
    ],
  },
  {
    status: [401],
    code: 'InvalidAuthenticationToken',
    lines: (refusal) => [
      `Resource Manager of ${named(refusal.context.cloud)} does not accept the access token: ${quoted(refusal)}`,
      `Check ${words.theInputs(['cloud', 'tenant-id'])}: the token must come from the cloud and the tenant of the subscription.`,
    ],
  },
  {
    status: [401],
    code: 'AuthenticationFailed',
    lines: (refusal) => [
      `Resource Manager could not authenticate the request: ${quoted(refusal)}`,
      'If the header is missing, something in between removed it: check the proxy, if there is one.',
      ...forSupport(refusal),
    ],
  },
];

/** The tenant that the subscription trusts, from the message or the WWW-Authenticate header. */
function rightTenant({ message, response }: Refusal): string | undefined {
  const challenge = response.headers['www-authenticate'] ?? '';
  return (
    guid(find(/match the tenant 'https:\/\/[^/']+\/([^/']+)/, message)) ??
    guid(find(/authorization_uri="https:\/\/[^/"]+\/([^/"]+)/, challenge))
  );
}

const PASSING: readonly Row[] = [
  {
    status: [409],
    code: 'ScopeLocked',
    lines: ({ message, context }) => [
      `A read-only lock keeps the credential of endpoint${optional(context.endpoint?.name)} from being read. Locked: ${named(find(/are locked: '([^']+)'/, message) ?? 'a scope above it')}.`,
      'Keys and tokens are read with POST, which Resource Manager counts as a change.',
      "Replace the lock with one of kind 'CanNotDelete', move it to a scope that does not contain the workspace, or use an endpoint with aad_token, which needs no such request.",
    ],
  },
  {
    status: [429],
    lines: (refusal) => {
      const wait =
        refusal.response.headers['retry-after'] ?? find(/after '(\d+)' seconds/, refusal.message) ?? '';
      return [
        `${whoWasAsked(refusal)} throttles this identity in subscription${optional(refusal.context.endpoint?.subscriptionId)}: ${reason(refusal)}`,
        `${/^\d{1,6}$/.test(wait) ? `It asks to wait ${wait} s. ` : ''}Run fewer jobs at once with this identity, or try again later.`,
      ];
    },
  },
  {
    status: [408, 500, 502, 503, 504],
    lines: (refusal) => [
      `${whoWasAsked(refusal)} failed with HTTP ${refusal.response.status}, retries included: ${reason(refusal)}`,
      `This is a fault of Azure. Run ${words.job} again later; https://status.azure.com shows known faults.`,
      ...forSupport(refusal),
    ],
  },
];

// A private workspace refuses with 401 or 502, which other rows explain too: only its message tells it apart.
const ROWS: readonly Row[] = [PRIVATE, ...PERMISSION_ROWS, ...NOT_FOUND, ...UNAUTHENTICATED, ...PASSING];

const UNKNOWN: Row = {
  lines: (refusal) => [
    answered(refusal),
    `Check ${addressInputs(refusal.context, 'subscription-id', 'resource-group', 'workspace', 'endpoint')}.`,
    ...forSupport(refusal),
  ],
};
