import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import { openWorkspace, type Workspace } from '../../../../src/azure/resource-manager/workspace.ts';
import type { Azure } from '../../../../src/azure/sign-in/sign-in.ts';
import { announceMasksTo, guard, type Secret } from '../../../../src/secrets/secret.ts';
import { requireScoringUri } from '../../../../src/smoke-test/request/scoring-uri.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { issueCertificates } from '../../../local-azure/certificates.ts';

const ADDRESS = { subscriptionId: 'sub', resourceGroup: 'rg', workspace: 'ws', name: 'churn' };
const ID =
  '/subscriptions/sub/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws/onlineEndpoints/churn';
const WHERE_TO_LOOK = "Check the input 'cloud', and whether a proxy on the way rewrites what is answered.";
const ACCESS_TOKEN = 'eyJ0eXAiOiJKV1QifQ.q8K3hYt0Zr7WvN2dXbLpE5sM.fC1uJgRaT4yHk9QwZx6VbN3m';

const announced: string[] = [];
let answer = '';
let workspace: Workspace;

/** Resource Manager, which answers whatever it is asked as a test wants. */
const server = https.createServer((request, response) => {
  request.resume();
  response.setHeader('Content-Type', 'application/json').end(answer);
});

beforeAll(async () => {
  announceMasksTo((masks) => void announced.push(...masks));
  const { caPem, certificatePem: cert, keyPem: key } = await issueCertificates();
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), caPem]);
  server.setSecureContext({ cert, key });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const secret = guard(ACCESS_TOKEN, 'The access token');
  workspace = openWorkspace(azureAt(`https://localhost:${port}`, secret), ADDRESS);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

function azureAt(resourceManager: string, secret: Secret): Azure {
  return {
    cloud: {
      name: 'LocalAzure',
      resourceManager,
      authority: 'https://localhost:1',
      dataPlaneAudience: 'https://ml.example',
      discoverable: true,
      identityProvider: 'AAD',
    },
    token: async () => ({ secret, expiresOn: new Date(Date.now() + 3_600_000) }),
    errorContext: () => ({}),
  };
}

/** The endpoint as it is read when Resource Manager answers with one field changed. */
async function endpointWith(
  properties: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Endpoint> {
  answer = JSON.stringify({
    id: ID,
    name: 'churn',
    location: 'westeurope',
    properties: {
      authMode: 'Key',
      scoringUri: 'https://churn.example/score',
      swaggerUri: 'https://churn.example/swagger.json',
      provisioningState: 'Succeeded',
      traffic: { blue: 100, green: 0 },
      ...properties,
    },
    ...fields,
  });
  return workspace.endpoint();
}

const GOOD = {
  address: ADDRESS,
  id: ID,
  authMode: 'Key',
  scoringUri: 'https://churn.example/score',
  unreadScoringUri: undefined,
  swaggerUri: 'https://churn.example/swagger.json',
  location: 'westeurope',
  provisioningState: 'Succeeded',
  traffic: { blue: 100, green: 0 },
};

/** What no field has for a value. */
const ODD: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a number', 5],
  ['true', true],
  ['a list', ['x']],
  ['an object', { x: 'y' }],
];

describe('an endpoint', () => {
  test('is read as Resource Manager describes it', async () => {
    expect(await endpointWith({})).toEqual(GOOD);
  });

  describe.each(ODD)('with %s', (_, odd) => {
    test('as its id has the one that it was asked for with', async () => {
      expect(await endpointWith({}, { id: odd })).toEqual(GOOD);
    });

    test('as its location has none', async () => {
      expect(await endpointWith({}, { location: odd })).toEqual({ ...GOOD, location: '' });
    });

    test.each([
      ['swaggerUri', undefined],
      ['provisioningState', ''],
    ])('as its %s has none', async (field, none) => {
      expect(await endpointWith({ [field]: odd })).toEqual({ ...GOOD, [field]: none });
    });

    test('as its scoringUri has none, and what came is known', async () => {
      const unreadScoringUri = odd === null ? undefined : JSON.stringify(odd);
      expect(await endpointWith({ scoringUri: odd })).toEqual({
        ...GOOD,
        scoringUri: undefined,
        unreadScoringUri,
      });
    });

    test('as its scoringUri is asked nothing, and Resource Manager is named', async () => {
      const endpoint = await endpointWith({ scoringUri: odd });
      expect(() => requireScoringUri(endpoint)).toThrow(
        odd === null
          ? "Endpoint 'churn' has no scoring URI."
          : new Failure(
              `Resource Manager names '${JSON.stringify(odd)}' as the 'scoringUri' of endpoint 'churn', where a text belongs.\n${WHERE_TO_LOOK}`,
            ),
      );
    });

    test('as its authMode has that mode', async () => {
      const authMode = odd === null ? '' : JSON.stringify(odd);
      expect(await endpointWith({ authMode: odd })).toEqual({ ...GOOD, authMode });
    });

    test('as a share of the traffic has other shares only', async () => {
      const traffic = { blue: 90, green: odd };
      const shares = typeof odd === 'number' ? traffic : { blue: 90 };
      expect(await endpointWith({ traffic })).toEqual({ ...GOOD, traffic: shares });
    });
  });

  test.each([[null], [5], [true], ['100'], [['blue', 100]], [[100]], [{}]])(
    'with traffic %j has none',
    async (traffic) => {
      expect(await endpointWith({ traffic })).toEqual({ ...GOOD, traffic: {} });
    },
  );

  test('has no share that is larger than any number', async () => {
    answer = JSON.stringify({ properties: { authMode: 'Key', traffic: { blue: 0 } } }).replace(
      '"blue":0',
      '"blue":1e999,"green":100',
    );
    expect((await workspace.endpoint()).traffic).toEqual({ green: 100 });
  });

  test.each([
    [null, 'nothing'],
    ['', 'nothing'],
    [5, '5'],
    ['x', '"x"'],
    [['x'], '["x"]'],
  ])('with %j as its properties cannot be used, and Resource Manager is named', async (properties, came) => {
    await expect(endpointWith({}, { properties })).rejects.toThrow(
      new Failure(
        `Resource Manager describes endpoint 'churn' with '${came}' as its 'properties', where an object belongs.\n${WHERE_TO_LOOK}`,
      ),
    );
  });

  test.each(['null', '5', '"text"', '[]', '{}'])('that is %s has no properties', async (whole) => {
    answer = whole;
    await expect(workspace.endpoint()).rejects.toThrow("with 'nothing' as its 'properties'");
  });

  test('nested without end is told without its text', async () => {
    answer = `{"properties":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    await expect(workspace.endpoint()).rejects.toThrow("with 'a value of endless depth' as its 'properties'");
  });

  test('that echoes the access token is shown without it', async () => {
    const properties = [ACCESS_TOKEN];
    await expect(endpointWith({}, { properties })).rejects.toThrow(`with '["***"]' as its 'properties'`);
  });
});

describe('keys', () => {
  test.each([
    ['a number', 12345678],
    ['a truth value', true],
    ['a list', ['a-key-in-a-list-0123456789']],
    ['an object', { value: 'a-key-in-an-object-0123456789' }],
  ])('of which one is %s are read as the other alone, and say of what kind it is', async (kind, odd) => {
    answer = JSON.stringify({ primaryKey: odd, secondaryKey: 'the-secondary-key-0123456789' });
    const { primary, secondary, unread } = await workspace.keys();

    expect(primary).toBeUndefined();
    expect(secondary?.reveal()).toBe('the-secondary-key-0123456789');
    expect(unread).toEqual({ primary: kind, secondary: undefined });
  });

  test.each(['null', '5', '"text"', '[]', '{}', '{"primaryKey":null,"secondaryKey":""}'])(
    'are none in %s',
    async (body) => {
      answer = body;
      expect(await workspace.keys()).toEqual({
        primary: undefined,
        secondary: undefined,
        unread: { primary: undefined, secondary: undefined },
      });
    },
  );

  test('that no mask can hide are no fault of the way to them', async () => {
    answer = '{"primaryKey":"short"}';
    await expect(workspace.keys()).rejects.toMatchObject({ name: 'UnmaskableError' });
  });
});

describe('a token', () => {
  const token = 'the-endpoints-token-0123456789';

  test.each([
    ['null', 0],
    ['"1795500000"', 0],
    ['"soon"', 0],
    ['[1795500000]', 0],
    ['{}', 0],
    ['1e999', 0],
    ['1795500000', 1_795_500_000],
  ])('with the times %s has %d', async (time, seconds) => {
    answer = `{"accessToken":"${token}","expiryTimeUtc":${time},"refreshAfterTimeUtc":${time}}`;
    const read = await workspace.token();

    expect(read).toMatchObject({ expiresOnSeconds: seconds, refreshAfterSeconds: seconds });
    expect(read.secret?.reveal()).toBe(token);
  });

  test('that is an object is none, and says so', async () => {
    answer = JSON.stringify({ accessToken: { token } });
    expect(await workspace.token()).toEqual({
      secret: undefined,
      unread: 'an object',
      expiresOnSeconds: 0,
      refreshAfterSeconds: 0,
    });
  });
});

describe('lists', () => {
  const ENTRIES = [
    null,
    5,
    'text',
    [],
    {},
    { name: 5 },
    { name: 'blue', properties: null },
    { name: 'green', properties: { provisioningState: ['Failed'] } },
    { name: 'red', properties: { provisioningState: 'Failed' } },
  ];

  test('hold what has a name', async () => {
    answer = JSON.stringify({ value: ENTRIES });
    expect(await workspace.endpointNames()).toEqual(['blue', 'green', 'red']);
    expect(await workspace.deployments()).toEqual([
      { name: 'blue', provisioningState: '' },
      { name: 'green', provisioningState: '' },
      { name: 'red', provisioningState: 'Failed' },
    ]);
  });

  test.each(['null', '5', '[]', '{}', '{"value":5}', '{"value":{"name":"x"}}', '{"value":"text"}'])(
    'are empty in %s',
    async (body) => {
      answer = body;
      expect(await workspace.endpointNames()).toEqual([]);
      expect(await workspace.deployments()).toEqual([]);
    },
  );

  test.each([[5], [true], [['x']], [{ x: 'y' }]])('end where the next page is %j', async (nextLink) => {
    answer = JSON.stringify({ value: ENTRIES, nextLink });
    expect(await workspace.endpointNames()).toEqual(['blue', 'green', 'red']);
    expect(await workspace.deployments()).toHaveLength(3);
  });
});

test.each(ODD)('a deployment of which the rest is %s has the name that was asked for', async (_, odd) => {
  answer = JSON.stringify({ name: odd, properties: odd });
  expect(await workspace.deployment('blue')).toEqual({ name: 'blue', provisioningState: '' });
});

test.each(ODD)('a log that is %s is empty', async (_, content) => {
  answer = JSON.stringify({ content });
  expect(await workspace.logs('blue', 'InferenceServer', 10)).toBe('');
});

describe('a value that holds a part of the access token', () => {
  const later = 'm4Xc7TqLwE9sRz2VbNk5YhGd';
  const echo = `${ACCESS_TOKEN.slice(20, 60)}/${later}`;

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ['id', {}, { id: echo }],
    ['location', {}, { location: echo }],
    ['name of the traffic', { traffic: { [echo]: 1 } }, {}],
    ['scoringUri', { scoringUri: `https://x.example/${echo}` }, {}],
    ['swaggerUri', { swaggerUri: `https://x.example/${echo}` }, {}],
  ])('as its %s takes no mask from a later secret', async (_, properties, fields) => {
    await endpointWith(properties, fields);
    announced.length = 0;

    expect(guard(later, 'The key').reveal()).toBe(later);
    expect(announced).toContain(later);
  });

  test('is told from one that does not: what is emitted as it is must stay to be seen', async () => {
    await endpointWith({}, { location: 'a-region-far-away' });
    expect(() => guard('region-far', 'The key')).toThrow('later steps need to see');
  });
});
