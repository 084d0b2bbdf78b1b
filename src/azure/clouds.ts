import { isIP } from 'node:net';
import { getJson } from '../network/client.ts';
import { ServiceError } from '../network/service-error.ts';
import { quote } from '../secrets/untrusted.ts';
import { Failure } from '../text/failure.ts';
import { objectIn, stringIn } from '../text/json.ts';
import { words } from '../text/words.ts';

/** Where a cloud's services are, and for whom their tokens are issued. URLs have no trailing slash. */
export interface Cloud {
  readonly name: string;
  /** Resource Manager, e.g. `https://management.azure.com`. */
  readonly resourceManager: string;
  /** Entra, e.g. `https://login.microsoftonline.com`. */
  readonly authority: string;
  /** Audience of an Entra token that scores, e.g. `https://ml.azure.com`. */
  readonly dataPlaneAudience: string;
  /** Whether Entra's own instance discovery knows the authority. */
  readonly discoverable: boolean;
  /** Entra (`AAD`), or the federation server (`ADFS`) that an Azure Stack Hub may have in its place. */
  readonly identityProvider: 'AAD' | 'ADFS';
}

/** The clouds that Microsoft runs. */
export const CLOUD_NAMES = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const;
type KnownCloud = (typeof CLOUD_NAMES)[number];

export function isKnownCloud(name: string): name is KnownCloud {
  return CLOUD_NAMES.some((known) => known === name);
}

export type CloudChoice =
  | { readonly kind: 'known'; readonly name: KnownCloud }
  | { readonly kind: 'metadata'; readonly url: string };

/**
 * The clouds that Microsoft runs.
 * @see https://github.com/Azure/azure-cli/blob/dev/src/azure-cli-core/azure/cli/core/cloud.py and
 *   azure-ai-ml's `_azure_environments.py` for the data-plane audiences
 */
const KNOWN_CLOUDS: Readonly<Record<KnownCloud, Cloud>> = {
  AzureCloud: {
    name: 'AzureCloud',
    resourceManager: 'https://management.azure.com',
    authority: 'https://login.microsoftonline.com',
    dataPlaneAudience: 'https://ml.azure.com',
    discoverable: true,
    identityProvider: 'AAD',
  },
  AzureUSGovernment: {
    name: 'AzureUSGovernment',
    resourceManager: 'https://management.usgovcloudapi.net',
    authority: 'https://login.microsoftonline.us',
    dataPlaneAudience: 'https://ml.azure.us',
    discoverable: true,
    identityProvider: 'AAD',
  },
  AzureChinaCloud: {
    name: 'AzureChinaCloud',
    resourceManager: 'https://management.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    dataPlaneAudience: 'https://ml.azure.cn',
    discoverable: true,
    identityProvider: 'AAD',
  },
};

/** The cloud of Microsoft's whose Resource Manager has this URL. */
export function knownCloudAt(resourceManager: string): KnownCloud | undefined {
  return CLOUD_NAMES.find((name) => KNOWN_CLOUDS[name].resourceManager === httpsUrl(resourceManager));
}

const ID_TOKEN_AUDIENCES: Readonly<Record<KnownCloud, string>> = {
  AzureCloud: 'api://AzureADTokenExchange',
  AzureUSGovernment: 'api://AzureADTokenExchangeUSGov',
  AzureChinaCloud: 'api://AzureADTokenExchangeChina',
};

/**
 * The audience that GitHub's ID token must name for the cloud's Entra to accept it. It follows from the choice
 * alone, so that the ID token can be requested while the cloud's metadata document is still on its way.
 */
export function idTokenAudience(choice: CloudChoice): string {
  return ID_TOKEN_AUDIENCES[choice.kind === 'known' ? choice.name : 'AzureCloud'];
}

/**
 * The chosen cloud. One that is named by a URL is read from the metadata document there.
 * @throws ServiceError, with a MetadataError as its cause when the document does not describe a cloud; Failure when it
 *   names hosts that are not the cloud's own
 */
export async function findCloud(choice: CloudChoice): Promise<Cloud> {
  if (choice.kind === 'known') return KNOWN_CLOUDS[choice.name];
  const document = await getJson('metadata', choice.url);
  try {
    return requireOwnHosts(cloudFromMetadata(document, choice.url), choice.url);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new ServiceError('metadata', new URL(choice.url).host, undefined, error);
  }
}

/**
 * The authority gets the client secret or the ID token, and Resource Manager the access token. So the document may name
 * only those of a cloud that is known, or of the domain of the host that served it.
 * @throws Failure
 */
export function requireOwnHosts(cloud: Cloud, url: string): Cloud {
  const known = Object.values(KNOWN_CLOUDS);
  const served = new URL(url).hostname;
  const named = [
    { what: 'authority', address: cloud.authority, ofKnown: known.map(({ authority }) => authority) },
    {
      what: 'Resource Manager',
      address: cloud.resourceManager,
      ofKnown: known.map(({ resourceManager }) => resourceManager),
    },
  ];
  for (const { what, address, ofKnown } of named) {
    if (ofKnown.includes(address) || isOfDomain(new URL(address).hostname, served)) continue;
    throw new Failure(
      `The metadata document of '${quote(served, 200)}' names '${quote(address, 300)}' as the cloud's ${what}. That host is neither in its own domain nor in a known cloud, so nothing was sent there.\nGive ${words.theInputs(['cloud'])} (or ARM_CLOUD_METADATA_URL) the metadata URL of the cloud's own Resource Manager, such as https://management.<domain>/metadata/endpoints?api-version=2022-09-01.`,
    );
  }
  return cloud;
}

/**
 * Whether a host is the one that served a document, or lies in its domain: what stands below its first label, so that
 * `management.hub.example` may name `adfs.hub.example`. A domain of one label would be everybody's, and an IP address
 * has none.
 */
function isOfDomain(host: string, served: string): boolean {
  if (host === served) return true;
  if (isIP(served.replace(/^\[(.*)\]$/, '$1')) !== 0) return false;
  const domain = served.slice(served.indexOf('.') + 1);
  return served.includes('.') && domain.includes('.') && (host === domain || host.endsWith(`.${domain}`));
}

/**
 * One cloud out of a metadata document, which is an array of clouds or a single one.
 * Of several clouds it is the one whose Resource Manager served the document.
 * @see https://learn.microsoft.com/rest/api/azure — `GET /metadata/endpoints?api-version=2022-09-01`
 */
export function cloudFromMetadata(document: unknown, url: string): Cloud {
  const entries: readonly unknown[] = Array.isArray(document) ? document : [document];
  const clouds = entries.map(readCloud).filter((cloud) => cloud !== undefined);
  const origin = new URL(url).origin;
  const servedBy = clouds.find(({ resourceManager }) => new URL(resourceManager).origin === origin);
  const cloud = servedBy ?? (clouds.length === 1 ? clouds[0] : undefined);
  if (cloud === undefined) throw new MetadataError(clouds.map(({ resourceManager }) => resourceManager));
  return cloud;
}

/** The metadata document describes no cloud, or several others than the one that served it. */
export class MetadataError extends Error {
  override name = 'MetadataError';
  /** Resource Managers of the clouds that the document does describe. */
  readonly described: readonly string[];
  constructor(described: readonly string[]) {
    super('The metadata document does not describe the cloud that serves it.');
    this.described = described;
  }
}

function readCloud(entry: unknown): Cloud | undefined {
  const { name, portal, resourceManager, authentication } = objectIn(entry);
  const { loginEndpoint, identityProvider } = objectIn(authentication);
  const arm = httpsUrl(resourceManager);
  const authority = httpsUrl(loginEndpoint);
  if (arm === undefined || authority === undefined) return undefined;
  const known = Object.values(KNOWN_CLOUDS).find((cloud) => cloud.resourceManager === arm);
  if (known !== undefined) return known;
  return {
    name: nameOf(stringIn(name), arm),
    resourceManager: arm,
    authority,
    dataPlaneAudience: audienceFromPortal(portal) ?? KNOWN_CLOUDS.AzureCloud.dataPlaneAudience,
    discoverable: Object.values(KNOWN_CLOUDS).some((cloud) => cloud.authority === authority),
    identityProvider: stringIn(identityProvider)?.toUpperCase() === 'ADFS' ? 'ADFS' : 'AAD',
  };
}

/** A cloud of another's is not called by the name of one of Microsoft's, which messages tell apart. */
function nameOf(name: string | undefined, resourceManager: string): string {
  return name === undefined || isKnownCloud(name) ? new URL(resourceManager).host : name;
}

/** The audience for scoring, derived from the portal's URL as the Azure CLI does it. */
function audienceFromPortal(portal: unknown): string | undefined {
  const url = httpsUrl(portal);
  return url?.includes('portal') ? url.replace('portal', 'ml') : undefined;
}

function httpsUrl(value: unknown): string | undefined {
  const text = stringIn(value);
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '') return undefined;
  const { origin, pathname } = url;
  // Not by a pattern: one for slashes at the end takes quadratic time for slashes elsewhere.
  let end = pathname.length;
  while (pathname[end - 1] === '/') end--;
  return `${origin}${pathname.slice(0, end)}`;
}
