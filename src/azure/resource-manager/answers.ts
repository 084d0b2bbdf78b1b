import { guard, keepVisible, type Secret } from '../../secrets/secret.ts';
import { holdsSecret, quote } from '../../secrets/untrusted.ts';
import { Failure } from '../../text/failure.ts';
import { isObject, numberIn, objectIn, stringIn } from '../../text/json.ts';
import { CHECK_CLOUD_AND_PROXY } from '../errors/advice.ts';
import { brokenRule } from '../naming-rules.ts';
import { type EndpointAddress, RESOURCE_ID, resourceId } from '../resource-id.ts';

// What Resource Manager's responses say, once they are parsed. Nothing is known of their types: see text/json.ts.

/** Deployment name → percentage of the live traffic. */
export type Traffic = Readonly<Record<string, number>>;

/** An online endpoint as Resource Manager describes it. All of it is remote text. */
export interface Endpoint {
  readonly address: EndpointAddress;
  readonly id: string;
  /** As Azure writes it: `Key`, `AMLToken`, `AADToken`, or what it may add. */
  readonly authMode: string;
  readonly scoringUri: string | undefined;
  /** The JSON that came in place of the scoring URI when that is not a string. */
  readonly unreadScoringUri?: string | undefined;
  readonly swaggerUri: string | undefined;
  readonly location: string;
  readonly provisioningState: string;
  readonly traffic: Traffic;
}

/** A deployment as Resource Manager describes it; remote text. */
export interface Deployment {
  readonly name: string;
  readonly provisioningState: string;
}

export type KeyName = 'primary' | 'secondary';

export interface Keys {
  readonly primary: Secret | undefined;
  readonly secondary: Secret | undefined;
  readonly unread?: Readonly<Record<KeyName, Unread | undefined>>;
}

export interface EndpointToken {
  readonly secret: Secret | undefined;
  readonly unread?: Unread | undefined;
  /** Unix seconds; 0 when Azure does not say. */
  readonly expiresOnSeconds: number;
  readonly refreshAfterSeconds: number;
}

/**
 * The kind of a value that came in place of a credential and is not a string, for a message.
 * The value itself is not kept: it may hold the credential, and has no mask.
 */
export type Unread = 'a number' | 'a boolean' | 'a list' | 'an object';

/**
 * Reads an endpoint, and keeps what later steps must see from being masked.
 * @throws Failure when it has no properties: the auth mode is one of them
 */
export function readEndpoint(address: EndpointAddress, body: unknown): Endpoint {
  const { id, location, properties } = objectIn(body);
  if (!isObject(properties)) {
    throw new Failure(
      `Resource Manager returned '${quote(jsonOf(properties) ?? 'nothing', 200)}' as the 'properties' of endpoint '${address.name}', where an object was expected.\n${CHECK_CLOUD_AND_PROXY}`,
    );
  }
  requireSameEndpoint(address, stringIn(id));
  const { authMode, scoringUri, swaggerUri, provisioningState, traffic } = properties;
  const endpoint = {
    address,
    id: stringIn(id) ?? resourceId(address),
    // A mode that is not a string is unknown like any new one, and the message about it shows its JSON.
    authMode: stringIn(authMode) ?? jsonOf(authMode) ?? '',
    scoringUri: stringIn(scoringUri),
    unreadScoringUri: stringIn(scoringUri) === undefined ? jsonOf(scoringUri) : undefined,
    swaggerUri: stringIn(swaggerUri),
    location: stringIn(location) ?? '',
    provisioningState: stringIn(provisioningState) ?? '',
    traffic: readTraffic(traffic),
  };
  const uris = [endpoint.scoringUri, endpoint.swaggerUri];
  const shown = [endpoint.id, endpoint.location, ...uris, ...uris.map(addressOf)];
  // A value that holds a part of a secret must not be kept visible: a later secret may need a mask for that part.
  for (const value of [...shown, ...Object.keys(endpoint.traffic)])
    if (value !== undefined && !holdsSecret(value)) keepVisible(value);
  return endpoint;
}

/** Azure writes the parts of an ID in any case. @throws Failure when the ID is that of another endpoint */
function requireSameEndpoint(address: EndpointAddress, id: string | undefined): void {
  const [, ...named] = RESOURCE_ID.exec(id ?? '') ?? [];
  const [, ...asked] = RESOURCE_ID.exec(resourceId(address)) ?? [];
  if (named.every((part, index) => part.toLowerCase() === asked[index]?.toLowerCase())) return;
  throw new Failure(
    `Resource Manager was asked for endpoint '${address.name}' and answered with another one: '${quote(id ?? '', 300)}'. The answer was not used.\n${CHECK_CLOUD_AND_PROXY}`,
  );
}

/** An http(s) address as it is sent, with what is special in it percent-encoded; undefined for anything else. */
export function addressOf(uri = ''): string | undefined {
  const { protocol, href } = new URL(URL.canParse(uri) ? uri : 'none:');
  return /^https?:$/.test(protocol) ? href : undefined;
}

/** A share that is not a number is left out. */
function readTraffic(traffic: unknown): Traffic {
  const shares = Object.entries(objectIn(traffic)).map(([name, share]) => [name, numberIn(share)] as const);
  return Object.fromEntries(shares.filter((entry): entry is [string, number] => entry[1] !== undefined));
}

/** Whether a name may become a part of a URL: `..` would lead to another resource. */
export function isDeploymentName(name: string): boolean {
  return brokenRule('deployment', name) === undefined;
}

/** @throws UnmaskableError */
export function readKeys(body: unknown): Keys {
  const { primaryKey, secondaryKey } = objectIn(body);
  return {
    primary: secretIn(primaryKey, 'The primary key'),
    secondary: secretIn(secondaryKey, 'The secondary key'),
    unread: { primary: unread(primaryKey), secondary: unread(secondaryKey) },
  };
}

/** @throws UnmaskableError */
export function readToken(body: unknown): EndpointToken {
  const { accessToken, expiryTimeUtc, refreshAfterTimeUtc } = objectIn(body);
  return {
    secret: secretIn(accessToken, "The endpoint's token"),
    unread: unread(accessToken),
    expiresOnSeconds: numberIn(expiryTimeUtc) ?? 0,
    refreshAfterSeconds: numberIn(refreshAfterTimeUtc) ?? 0,
  };
}

/** @param asked the name that was asked for, for a response without one */
export function readDeployment(body: unknown, asked = ''): Deployment {
  const { name, properties } = objectIn(body);
  const { provisioningState } = objectIn(properties);
  return { name: stringIn(name) ?? asked, provisioningState: stringIn(provisioningState) ?? '' };
}

/** The name of an entry of a list; undefined when it has none. */
export function readName(entry: unknown): string | undefined {
  return stringIn(objectIn(entry).name);
}

/** The text of a container's log. */
export function readLog(body: unknown): string {
  return stringIn(objectIn(body).content) ?? '';
}

function secretIn(value: unknown, what: string): Secret | undefined {
  const raw = stringIn(value);
  return raw === undefined ? undefined : guard(raw, what);
}

/** A value for a message; undefined when there is nothing to show. */
function jsonOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  try {
    return JSON.stringify(value);
  } catch {
    // It is nested more deeply than the stack of the process can follow.
    return 'a value of endless depth';
  }
}

function unread(value: unknown): Unread | undefined {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a boolean';
  return isObject(value) ? 'an object' : undefined;
}
