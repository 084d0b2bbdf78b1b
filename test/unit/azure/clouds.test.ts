import { describe, expect, test } from 'vitest';
import {
  type Cloud,
  cloudFromMetadata,
  findCloud,
  idTokenAudience,
  MetadataError,
  requireOwnHosts,
} from '../../../src/azure/clouds.ts';
import { Failure } from '../../../src/text/failure.ts';

const URL_2022 = 'https://arm.local:8443/metadata/endpoints?api-version=2022-09-01';

/** One cloud as its Resource Manager describes it. */
function described(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'LocalCloud',
    portal: 'https://portal.arm.local',
    resourceManager: 'https://arm.local:8443',
    authentication: {
      loginEndpoint: 'https://login.local',
      audiences: ['https://arm.local:8443'],
      tenant: 'common',
      identityProvider: 'AAD',
    },
    suffixes: { storage: 'core.arm.local' },
    ...changes,
  };
}

const LOCAL = {
  name: 'LocalCloud',
  resourceManager: 'https://arm.local:8443',
  authority: 'https://login.local',
  dataPlaneAudience: 'https://ml.arm.local',
  discoverable: false,
  identityProvider: 'AAD',
};

describe('a cloud of Microsoft', () => {
  test.each([
    [
      'AzureCloud',
      'https://management.azure.com',
      'https://login.microsoftonline.com',
      'https://ml.azure.com',
      'api://AzureADTokenExchange',
    ],
    [
      'AzureUSGovernment',
      'https://management.usgovcloudapi.net',
      'https://login.microsoftonline.us',
      'https://ml.azure.us',
      'api://AzureADTokenExchangeUSGov',
    ],
    [
      'AzureChinaCloud',
      'https://management.chinacloudapi.cn',
      'https://login.chinacloudapi.cn',
      'https://ml.azure.cn',
      'api://AzureADTokenExchangeChina',
    ],
  ] as const)(
    '%s is known without a request',
    async (name, resourceManager, authority, dataPlaneAudience, audience) => {
      expect(await findCloud({ kind: 'known', name })).toEqual({
        name,
        resourceManager,
        authority,
        dataPlaneAudience,
        discoverable: true,
        identityProvider: 'AAD',
      });
      expect(idTokenAudience({ kind: 'known', name })).toBe(audience);
    },
  );

  test('any other cloud takes ID tokens for the audience of the public cloud', () => {
    expect(idTokenAudience({ kind: 'metadata', url: URL_2022 })).toBe('api://AzureADTokenExchange');
  });
});

describe('a metadata document', () => {
  test('it may be an array of clouds, or a single one', () => {
    expect(cloudFromMetadata([described()], URL_2022)).toEqual(LOCAL);
    expect(cloudFromMetadata(described(), URL_2022)).toEqual(LOCAL);
  });

  test('its URLs may have trailing slashes', () => {
    const document = described({
      portal: 'https://portal.arm.local/',
      resourceManager: 'https://ARM.local:8443//',
      authentication: { loginEndpoint: 'https://login.local/' },
    });
    expect(cloudFromMetadata(document, URL_2022)).toEqual(LOCAL);
  });

  test('slashes without an end in it end', () => {
    const authority = `https://login.local/${'/'.repeat(400_000)}x`;
    const document = described({ authentication: { loginEndpoint: authority } });
    expect(cloudFromMetadata(document, URL_2022).authority).toBe(authority);
  });

  test('of several clouds, the one that served it is chosen', () => {
    const others = [
      described({ name: 'Other', resourceManager: 'https://other.local' }),
      described(),
      described({ name: 'AzureCloud', resourceManager: 'https://management.azure.com/' }),
    ];
    expect(cloudFromMetadata(others, URL_2022)).toEqual(LOCAL);
  });

  test('a single cloud is chosen even when another host served it', () => {
    expect(cloudFromMetadata([described()], 'https://mirror.local/clouds.json')).toEqual(LOCAL);
  });

  test('it cannot give one of the clouds of Microsoft another authority', () => {
    const document = [
      described({
        name: 'AzureUSGovernment',
        resourceManager: 'https://management.usgovcloudapi.net',
        authentication: { loginEndpoint: 'https://login.evil.example' },
      }),
    ];
    const url = 'https://management.usgovcloudapi.net/metadata/endpoints?api-version=2022-09-01';
    expect(cloudFromMetadata(document, url)).toMatchObject({
      authority: 'https://login.microsoftonline.us',
      dataPlaneAudience: 'https://ml.azure.us',
    });
  });

  test('an Azure Stack Hub may have a federation server of its own', () => {
    const document = {
      galleryEndpoint: 'https://providers.hub.local:30016/',
      graphEndpoint: 'https://graph.hub.local/',
      portalEndpoint: 'https://portal.hub.local/',
      name: 'AzureStack-User-1',
      portal: 'https://portal.hub.local/',
      resourceManager: 'https://management.hub.local/',
      authentication: {
        loginEndpoint: 'https://adfs.hub.local/adfs/',
        audiences: ['https://management.adfs.hub.local/x'],
        identityProvider: 'Adfs',
      },
    };
    expect(cloudFromMetadata(document, 'https://management.hub.local/metadata/endpoints')).toEqual({
      name: 'AzureStack-User-1',
      resourceManager: 'https://management.hub.local',
      authority: 'https://adfs.hub.local/adfs',
      dataPlaneAudience: 'https://ml.hub.local',
      discoverable: false,
      identityProvider: 'ADFS',
    });
  });

  test("a cloud with Microsoft's authority uses Entra's instance discovery", () => {
    const document = described({
      authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
    });
    expect(cloudFromMetadata(document, URL_2022).discoverable).toBe(true);
  });

  test.each([undefined, 42, 'none', 'http://portal.arm.local', 'https://console.arm.local'])(
    'a cloud whose portal is %j scores with the audience of the public cloud',
    (portal) => {
      expect(cloudFromMetadata(described({ portal }), URL_2022).dataPlaneAudience).toBe(
        'https://ml.azure.com',
      );
    },
  );

  test.each([undefined, '', 42])('a cloud whose name is %j is called by its host', (name) => {
    expect(cloudFromMetadata(described({ name }), URL_2022).name).toBe('arm.local:8443');
  });

  test.each([
    ['null', null],
    ['an empty array', []],
    ['a number', 42],
    ['a string', 'cloud'],
    ['no Resource Manager', described({ resourceManager: undefined })],
    ['a Resource Manager over http', described({ resourceManager: 'http://arm.local' })],
    ['a Resource Manager with a user name', described({ resourceManager: 'https://me@arm.local' })],
    ['a login endpoint over http', described({ authentication: { loginEndpoint: 'http://login.local' } })],
    ['no authentication', described({ authentication: null })],
  ])('it describes no cloud when it is or has %s', (_what, document) => {
    expect(() => cloudFromMetadata(document, URL_2022)).toThrow(MetadataError);
  });

  test('the error about several other clouds names them', () => {
    const others = [
      described({ resourceManager: 'https://one.local/' }),
      described({ resourceManager: 'https://two.local' }),
      { broken: true },
    ];
    expect(() => cloudFromMetadata(others, URL_2022)).toThrow(
      expect.objectContaining({
        message: 'The metadata document does not describe the cloud that serves it.',
        described: ['https://one.local', 'https://two.local'],
      }),
    );
  });
});

describe('the hosts that a metadata document may name', () => {
  const cloud: Cloud = { ...LOCAL, identityProvider: 'AAD' };
  const allowed = (served: string, changes: Partial<Cloud>): boolean => {
    try {
      requireOwnHosts({ ...cloud, ...changes }, `https://${served}/metadata/endpoints`);
      return true;
    } catch (error) {
      expect(error).toBeInstanceOf(Failure);
      return false;
    }
  };

  test.each([
    ['management.hub.example', 'https://adfs.hub.example/adfs', true],
    ['management.hub.example', 'https://login.region.hub.example', true],
    ['management.hub.example', 'https://hub.example', true],
    ['MANAGEMENT.hub.example', 'https://adfs.HUB.example', true],
    ['management.hub.example', 'https://login.microsoftonline.com', true],
    ['management.hub.example', 'https://login.chinacloudapi.cn', true],
    ['management.hub.example', 'https://login.microsoftonline.com.evil.example', false],
    ['management.hub.example', 'https://adfs.anotherhub.example', false],
    ['management.hub.example', 'https://hub.example.evil.example', false],
    ['management.hub.example', 'https://management.azure.com', false],
    ['hub.example', 'https://evil.example', false],
    ['hub.example', 'https://hub.example:8443', true],
    ['localhost', 'https://localhost:8443', true],
    ['localhost', 'https://login.localhost', false],
    ['10.0.0.5', 'https://10.0.0.5:8443', true],
    ['10.0.0.5', 'https://1.0.0.5', false],
    ['10.0.0.5', 'https://x.0.0.5.example', false],
    ['[fd00::5]', 'https://[fd00::5]:8443', true],
    ['[fd00::5]', 'https://[fd00::6]', false],
  ])('%s names the authority %s: %s', (served, address, expected) => {
    const authority = new URL(address).href.replace(/\/$/, '');
    expect(allowed(served, { authority, resourceManager: `https://${served.toLowerCase()}` })).toBe(expected);
  });

  test.each([
    ['management.hub.example', 'https://management.region.hub.example', true],
    ['mirror.example', 'https://management.usgovcloudapi.net', true],
    ['mirror.example', 'https://management.hub.example', false],
    ['management.hub.example', 'https://login.microsoftonline.com', false],
  ])('%s names the Resource Manager %s: %s', (served, resourceManager, expected) => {
    expect(allowed(served, { authority: 'https://login.microsoftonline.com', resourceManager })).toBe(
      expected,
    );
  });

  test.each(['AzureCloud', 'AzureChinaCloud'])('no cloud of its own is called %s', (name) => {
    expect(cloudFromMetadata(described({ name }), URL_2022).name).toBe('arm.local:8443');
  });
});
