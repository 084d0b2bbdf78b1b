import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECK_CLOUD_AND_PROXY } from '../../../../src/azure/errors/advice.ts';
import type { Endpoint } from '../../../../src/azure/resource-manager/answers.ts';
import { announceMasksTo, guard } from '../../../../src/secrets/secret.ts';
import { requireScoringUri } from '../../../../src/smoke-test/request/scoring-uri.ts';
import { Failure } from '../../../../src/text/failure.ts';
import {
  ACCESS_TOKEN,
  ADDRESS,
  type ResourceManager,
  startResourceManager,
} from '../../../support/resource-manager.ts';

const ID =
  '/subscriptions/sub/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws/onlineEndpoints/churn';

const announced: string[] = [];
let resourceManager: ResourceManager;

beforeAll(async () => {
  announceMasksTo((masks) => void announced.push(...masks));
  resourceManager = await startResourceManager();
});
afterAll(() => resourceManager.close());

/** The endpoint as it is read when some fields of a good response are changed. */
async function endpointWith(
  properties: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, unknown>> = {},
): Promise<Endpoint> {
  const good = {
    authMode: 'Key',
    scoringUri: 'https://churn.example/score',
    swaggerUri: 'https://churn.example/swagger.json',
    provisioningState: 'Succeeded',
    traffic: { blue: 100, green: 0 },
  };
  resourceManager.respondWith(
    JSON.stringify({
      id: ID,
      name: 'churn',
      location: 'westeurope',
      properties: { ...good, ...properties },
      ...fields,
    }),
  );
  return resourceManager.workspace.endpoint();
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

describe('an endpoint', () => {
  test('it is read as Resource Manager describes it', async () => {
    expect(await endpointWith({})).toEqual(GOOD);
  });

  describe.each([
    ['null', null],
    ['a number', 5],
    ['a boolean', true],
    ['an array', ['x']],
    ['an object', { x: 'y' }],
  ])('with %s in place of the expected value', (_, odd) => {
    test('an unusable id is replaced by the one that was asked for', async () => {
      expect(await endpointWith({}, { id: odd })).toEqual(GOOD);
    });

    test('an unusable location is empty', async () => {
      expect(await endpointWith({}, { location: odd })).toEqual({ ...GOOD, location: '' });
    });

    test.each([
      ['swaggerUri', undefined],
      ['provisioningState', ''],
    ])('an unusable %s reads as %j', async (field, none) => {
      expect(await endpointWith({ [field]: odd })).toEqual({ ...GOOD, [field]: none });
    });

    test('an unusable scoringUri is kept for the message', async () => {
      const unreadScoringUri = odd === null ? undefined : JSON.stringify(odd);
      expect(await endpointWith({ scoringUri: odd })).toEqual({
        ...GOOD,
        scoringUri: undefined,
        unreadScoringUri,
      });
    });

    test('the message about an unusable scoringUri names Resource Manager', async () => {
      const endpoint = await endpointWith({ scoringUri: odd });
      expect(() => requireScoringUri(endpoint)).toThrow(
        odd === null
          ? "Endpoint 'churn' has no scoring URI."
          : new Failure(
              `Resource Manager names '${JSON.stringify(odd)}' as the 'scoringUri' of endpoint 'churn', where a string was expected.\n${CHECK_CLOUD_AND_PROXY}`,
            ),
      );
    });

    test('an unusable authMode is kept as JSON', async () => {
      const authMode = odd === null ? '' : JSON.stringify(odd);
      expect(await endpointWith({ authMode: odd })).toEqual({ ...GOOD, authMode });
    });

    test('an unusable share of the traffic is left out', async () => {
      const traffic = { blue: 90, green: odd };
      const shares = typeof odd === 'number' ? traffic : { blue: 90 };
      expect(await endpointWith({ traffic })).toEqual({ ...GOOD, traffic: shares });
    });
  });

  test.each([[null], [5], [true], ['100'], [['blue', 100]], [[100]], [{}]])(
    'traffic that is %j is empty',
    async (traffic) => {
      expect(await endpointWith({ traffic })).toEqual({ ...GOOD, traffic: {} });
    },
  );

  test.each([
    [null, 'nothing'],
    ['', 'nothing'],
    [5, '5'],
    ['x', '"x"'],
    [['x'], '["x"]'],
  ])('the message about properties that are %j names Resource Manager', async (properties, shown) => {
    await expect(endpointWith({}, { properties })).rejects.toThrow(
      new Failure(
        `Resource Manager returned '${shown}' as the 'properties' of endpoint 'churn', where an object was expected.\n${CHECK_CLOUD_AND_PROXY}`,
      ),
    );
  });

  test.each(['null', '5', '"text"', '[]', '{}'])('a response that is %s has no properties', async (body) => {
    resourceManager.respondWith(body);
    await expect(resourceManager.workspace.endpoint()).rejects.toThrow(
      "Resource Manager returned 'nothing' as the 'properties'",
    );
  });

  test('an access token that the response echoes is not shown', async () => {
    const properties = [ACCESS_TOKEN];
    await expect(endpointWith({}, { properties })).rejects.toThrow(
      `Resource Manager returned '["***"]' as the 'properties'`,
    );
  });

  describe('limits', () => {
    test('a share that is too large for a number is left out', async () => {
      const body = JSON.stringify({ properties: { authMode: 'Key', traffic: { blue: 0 } } });
      resourceManager.respondWith(body.replace('"blue":0', '"blue":1e999,"green":100'));
      expect((await resourceManager.workspace.endpoint()).traffic).toEqual({ green: 100 });
    });

    test('properties that are nested too deeply are not shown', async () => {
      resourceManager.respondWith(`{"properties":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);
      await expect(resourceManager.workspace.endpoint()).rejects.toThrow(
        "Resource Manager returned 'a value of endless depth' as the 'properties'",
      );
    });
  });
});

test.each([
  ['its name', ID.replace(/churn$/, 'fraud')],
  ['its workspace', ID.replace(/workspaces\/[^/]+/, 'workspaces/other')],
  [
    'its subscription',
    ID.replace(/subscriptions\/[^/]+/, 'subscriptions/00000000-0000-0000-0000-000000000000'),
  ],
])('an endpoint that is another one by %s is refused', async (_, id) => {
  await expect(endpointWith({}, { id })).rejects.toThrow(
    `Resource Manager was asked for endpoint 'churn' and answered with another one: '${id}'. The answer was not used.`,
  );
});

test('an endpoint is the same one in whatever case its ID is written', async () => {
  expect((await endpointWith({}, { id: ID.toUpperCase() })).id).toBe(ID.toUpperCase());
});

describe('the keys of an endpoint', () => {
  test.each([
    ['a number', 12345678],
    ['a boolean', true],
    ['a list', ['a-key-in-a-list-0123456789']],
    ['an object', { value: 'a-key-in-an-object-0123456789' }],
  ])('a key that is %s is not read, and its kind is kept for the message', async (kind, odd) => {
    resourceManager.respondWith(
      JSON.stringify({ primaryKey: odd, secondaryKey: 'the-secondary-key-0123456789' }),
    );
    const { primary, secondary, unread } = await resourceManager.workspace.keys();

    expect(primary).toBeUndefined();
    expect(secondary?.reveal()).toBe('the-secondary-key-0123456789');
    expect(unread).toEqual({ primary: kind, secondary: undefined });
  });

  test.each(['null', '5', '"text"', '[]', '{}', '{"primaryKey":null,"secondaryKey":""}'])(
    'a response that is %s has no keys',
    async (body) => {
      resourceManager.respondWith(body);
      expect(await resourceManager.workspace.keys()).toEqual({
        primary: undefined,
        secondary: undefined,
        unread: { primary: undefined, secondary: undefined },
      });
    },
  );

  test('a key that no mask can hide is not reported as a failed call', async () => {
    resourceManager.respondWith('{"primaryKey":"short"}');
    await expect(resourceManager.workspace.keys()).rejects.toMatchObject({ name: 'UnmaskableError' });
  });
});

describe('the token of an endpoint', () => {
  const token = 'the-endpoints-token-0123456789';

  test.each([
    ['null', 0],
    ['"1795500000"', 0],
    ['"soon"', 0],
    ['[1795500000]', 0],
    ['{}', 0],
    ['1e999', 0],
    ['1795500000', 1_795_500_000],
  ])('a time of %s reads as %d', async (time, seconds) => {
    resourceManager.respondWith(
      `{"accessToken":"${token}","expiryTimeUtc":${time},"refreshAfterTimeUtc":${time}}`,
    );
    const read = await resourceManager.workspace.token();

    expect(read).toMatchObject({ expiresOnSeconds: seconds, refreshAfterSeconds: seconds });
    expect(read.secret?.reveal()).toBe(token);
  });

  test('a token that is an object is not read, and its kind is kept for the message', async () => {
    resourceManager.respondWith(JSON.stringify({ accessToken: { token } }));
    expect(await resourceManager.workspace.token()).toEqual({
      secret: undefined,
      unread: 'an object',
      expiresOnSeconds: 0,
      refreshAfterSeconds: 0,
    });
  });
});

describe('a value that holds a part of the access token', () => {
  const later = 'm4Xc7TqLwE9sRz2VbNk5YhGd';
  const echo = `${ACCESS_TOKEN.slice(20, 60)}/${later}`;

  test.each<[string, Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>]>([
    ['id', {}, { id: echo }],
    ['location', {}, { location: echo }],
    ['name in the traffic', { traffic: { [echo]: 1 } }, {}],
    ['scoringUri', { scoringUri: `https://x.example/${echo}` }, {}],
    ['swaggerUri', { swaggerUri: `https://x.example/${echo}` }, {}],
  ])('a later secret that stands in such a value gets its mask: %s', async (_, properties, fields) => {
    await endpointWith(properties, fields);
    announced.length = 0;

    expect(guard(later, 'The key').reveal()).toBe(later);
    expect(announced).toContain(later);
  });

  test('a value without a part of the token stays visible to later steps', async () => {
    await endpointWith({}, { location: 'a-region-far-away' });
    expect(() => guard('region-far', 'The key')).toThrow('later steps need to see');
  });
});
