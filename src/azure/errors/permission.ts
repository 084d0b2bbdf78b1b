import { words } from '../../text/words.ts';
import { type EndpointAddress, resourceId } from '../resource-id.ts';
import {
  addressInputs,
  find,
  forSupport,
  guid,
  type Lines,
  named,
  quoted,
  type Refusal,
  type Row,
} from './refusal.ts';

const WORKSPACES = 'Microsoft.MachineLearningServices/workspaces';
const ENDPOINTS = `${WORKSPACES}/onlineEndpoints`;

const ROLE = 'AzureML Data Scientist';

/** The permission that each call needs, for refusals that name none. */
const NEEDED: Readonly<Partial<Record<Refusal['call'], string>>> = {
  endpoint: `${ENDPOINTS}/read`,
  endpoints: `${ENDPOINTS}/read`,
  keys: `${ENDPOINTS}/listKeys/action`,
  token: `${ENDPOINTS}/token/action`,
  deployments: `${ENDPOINTS}/deployments/read`,
};

/** What a custom role must hold besides the action that is missing. */
const COMPANIONS: readonly { readonly action: RegExp; readonly also: Lines }[] = [
  { action: /\/score\/action$/i, also: [`${WORKSPACES}/*/read`] },
  { action: /\/(listKeys|token)\/action$/i, also: [`${ENDPOINTS}/read`] },
  {
    action: /\/onlineEndpoints\/read$/i,
    also: [
      `for an endpoint with keys ${ENDPOINTS}/listKeys/action`,
      `for aml_token ${ENDPOINTS}/token/action`,
      `for aad_token ${ENDPOINTS}/score/action and ${WORKSPACES}/*/read`,
    ],
  },
];

/** Refusals for want of a role: Resource Manager's own, and those of Azure Machine Learning. */
export const PERMISSION_ROWS: readonly Row[] = [
  { status: [403], code: 'AuthorizationFailed', lines: lacksPermission },
  { status: [403], code: 'ForbiddenError', lines: lacksPermission },
  { status: [403], says: /does not have permissions for \S+ actions/, lines: lacksPermission },
];

function lacksPermission(refusal: Refusal): Lines {
  const { call, message, context } = refusal;
  const action = actionOf(message) ?? NEEDED[call];
  if (action === undefined) {
    return [`Resource Manager refused the request: ${quoted(refusal)}`, ...forSupport(refusal)];
  }
  const scope = scopeOf(message) ?? endpointScope(context.endpoint);
  const objectId = guid(find(/object id:? '?([0-9a-f-]{36})/i, message)) ?? guid(context.objectId);
  const user = /The client '[^'@]*@[^']*' with object id/.test(message);
  const identity = objectId === undefined ? 'The identity' : `The identity with object ID '${objectId}'`;
  return [
    `${identity} lacks the permission '${action}'${scope === undefined ? '' : ` on ${named(scope)}`}.`,
    `The built-in role '${ROLE}' has it. An owner of the workspace can assign the role:`,
    `  az role assignment create --assignee-object-id ${objectId ?? '<object-id>'} ` +
      `--assignee-principal-type ${user ? 'User' : 'ServicePrincipal'} ` +
      `--role "${ROLE}" --scope "${scope === undefined ? '<workspace-id>' : assignable(scope, action)}"`,
    `A custom role needs at least: ${[action, ...companions(action)].join(', ')}.`,
    `A new assignment takes a few minutes to take effect. Then run ${words.job} again.`,
    `A resource that does not exist is refused in the same way: check ${addressInputs(context, 'subscription-id', 'resource-group', 'workspace', 'endpoint')}.`,
  ];
}

function actionOf(message: string): string | undefined {
  const action =
    find(/perform action '([^']+)'/, message) ?? find(/does not have permissions for (\S+) actions/, message);
  return action !== undefined && /^[A-Za-z0-9.]{1,100}(\/[A-Za-z0-9*_-]{1,100}){1,10}$/.test(action)
    ? action
    : undefined;
}

/** A scope without characters that a shell would read within quotes. Names may hold letters of any script. */
const SCOPE = /^\/subscriptions(\/[\p{L}\p{N}._()-]{1,260}){1,20}$/u;

function scopeOf(message: string): string | undefined {
  const scope = find(/over scope '([^']+)'/, message);
  return scope !== undefined && SCOPE.test(scope) ? scope : undefined;
}

function endpointScope(endpoint: EndpointAddress | undefined): string | undefined {
  if (endpoint === undefined) return undefined;
  const scope = resourceId(endpoint);
  return SCOPE.test(scope) ? scope : undefined;
}

/** The scope to assign the role on: the endpoint, or the workspace for scoring, which reads more than the endpoint. */
function assignable(scope: string, action: string): string {
  const workspace = find(/^(.*?\/workspaces\/[^/]+)/i, scope);
  if (/\/score\/action$/i.test(action)) return workspace ?? scope;
  return find(/^(.*?\/onlineEndpoints\/[^/]+)/i, scope) ?? workspace ?? scope;
}

function companions(action: string): Lines {
  const known = COMPANIONS.find((row) => row.action.test(action));
  return known?.also ?? [`${ENDPOINTS}/read`];
}
