import type { InputName, InputReader } from '../inputs/reader.ts';
import { brokenRule, type NamedThing } from './naming-rules.ts';

/** Where an endpoint lives in Resource Manager. Every part keeps Azure's rule for its name. */
export interface EndpointAddress {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  readonly workspace: string;
  readonly name: string;
}

const RESOURCE_ID =
  /^\/?subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.MachineLearningServices\/workspaces\/([^/]+)\/onlineEndpoints\/([^/]+)\/?$/i;

/** The resource ID as Resource Manager writes it. */
export function resourceId({ subscriptionId, resourceGroup, workspace, name }: EndpointAddress): string {
  return `${workspaceId({ subscriptionId, resourceGroup, workspace })}/onlineEndpoints/${name}`;
}

export function workspaceId(address: Omit<EndpointAddress, 'name'>): string {
  const { subscriptionId, resourceGroup, workspace } = address;
  return `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
}

/** Reads `endpoint` as a name or a resource ID, with the three inputs that a name needs. */
export function readEndpointAddress(reader: InputReader): EndpointAddress | undefined {
  const endpoint = reader.text('endpoint');
  if (endpoint === '') {
    reader.mistake('endpoint', '', 'Name the online endpoint, or give its full resource ID.');
    return undefined;
  }
  const parts = RESOURCE_ID.exec(endpoint);
  if (parts !== null) return fromResourceId(reader, parts);
  if (endpoint.includes('/')) {
    reader.mistake(
      'endpoint',
      endpoint,
      'Write the name alone, or the full resource ID: /subscriptions/…/resourceGroups/…/providers/Microsoft.MachineLearningServices/workspaces/…/onlineEndpoints/….',
    );
    return undefined;
  }
  const name = part(reader, 'endpoint', 'endpoint', endpoint);
  const workspace = part(reader, 'workspace', 'workspace', reader.text('workspace'));
  const resourceGroup = part(reader, 'resource-group', 'resource group', reader.text('resource-group'));
  const subscriptionId = part(reader, 'subscription-id', 'subscription', reader.text('subscription-id'));
  return { subscriptionId, resourceGroup, workspace, name };
}

function fromResourceId(reader: InputReader, parts: RegExpExecArray): EndpointAddress {
  const [, subscriptionId = '', resourceGroup = '', workspace = '', name = ''] = parts;
  const named: readonly [InputName, NamedThing, string][] = [
    ['subscription-id', 'subscription', subscriptionId],
    ['resource-group', 'resource group', resourceGroup],
    ['workspace', 'workspace', workspace],
    ['endpoint', 'endpoint', name],
  ];
  for (const [input, thing, value] of named) {
    const broken = brokenRule(thing, value);
    if (broken !== undefined) reader.mistake('endpoint', value, `In the resource ID: ${broken}`);
    const given = input === 'endpoint' ? '' : reader.given(input);
    if (given !== '' && given.toLowerCase() !== value.toLowerCase()) {
      reader.mistake(input, given, `The resource ID in 'endpoint' says '${value}'. Leave this input out.`);
    }
  }
  return { subscriptionId, resourceGroup, workspace, name };
}

function part(reader: InputReader, input: InputName, thing: NamedThing, value: string): string {
  if (value === '') {
    const environment = input === 'subscription-id' ? ', or set AZURE_SUBSCRIPTION_ID' : '';
    reader.mistake(
      input,
      '',
      `Needed with an endpoint's name${environment}; a full resource ID holds it already.`,
    );
    return value;
  }
  const broken = brokenRule(thing, value);
  if (broken !== undefined) reader.mistake(input, value, broken);
  return value;
}
