import { brokenRule, type NamedThing } from '../azure/naming-rules.ts';
import { type EndpointAddress, RESOURCE_ID } from '../azure/resource-id.ts';
import type { SignInSettings } from '../azure/sign-in/settings.ts';
import { mayUseAzureCli } from '../azure/sign-in/sign-in.ts';
import { words } from '../text/words.ts';
import type { Creds } from './creds.ts';
import { INPUTS, type InputName } from './declarations.ts';
import type { InputReader } from './reader.ts';

/**
 * Reads `endpoint` as a name or a resource ID, with the three inputs that a name needs. The subscription may stay empty:
 * az's session may have one, which {@link requireSubscription} decides.
 */
export function readEndpointAddress(reader: InputReader, creds: Creds): EndpointAddress | undefined {
  const endpoint = reader.text('endpoint');
  if (endpoint === '') {
    reader.mistake('endpoint', '', 'Name the online endpoint, or give its full resource ID.');
    return undefined;
  }
  const parts = RESOURCE_ID.exec(endpoint);
  if (parts !== null) return fromResourceId(reader, parts);
  const [, kind] = /\/((?:batch|serverless)Endpoints)\//i.exec(endpoint) ?? [];
  if (kind !== undefined) {
    reader.mistake(
      'endpoint',
      '',
      `This is a ${kind.toLowerCase().replace('endpoints', '')} endpoint; only onlineEndpoints are served.`,
    );
    return undefined;
  }
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
  const given = reader.given('subscription-id') || creds.subscriptionId || reader.text('subscription-id');
  const subscriptionId = given === '' ? '' : part(reader, 'subscription-id', 'subscription', given);
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
      reader.mistake(
        input,
        given,
        `The resource ID in ${words.input('endpoint')} says ${reader.shown(value)}. Leave this one out.`,
      );
    }
  }
  return { subscriptionId, resourceGroup, workspace, name };
}

/** @param login of a method that cannot be az's, the inputs must name the subscription */
export function requireSubscription(
  reader: InputReader,
  address: EndpointAddress | undefined,
  login: SignInSettings,
): void {
  if (address?.subscriptionId !== '' || mayUseAzureCli(login)) return;
  part(reader, 'subscription-id', 'subscription', '');
}

function part(reader: InputReader, input: InputName, thing: NamedThing, value: string): string {
  if (value === '') {
    const { environment } = INPUTS[input];
    const hint = environment === undefined ? '' : ` or ${environment}`;
    reader.mistake(
      input,
      '',
      `It is missing. Set it${hint}, or give the full resource ID as ${words.input('endpoint')}.`,
    );
    return value;
  }
  const broken = brokenRule(thing, value);
  if (broken !== undefined) reader.mistake(input, value, broken);
  return value;
}
