import { beforeAll, describe, expect, test } from 'vitest';
import {
  authModeOf,
  type Credential,
  keepCurrent,
  requireValidity,
  resolveCredential,
} from '../../../src/azure/credential.ts';
import { CHECK_CLOUD_AND_PROXY } from '../../../src/azure/errors/advice.ts';
import type { Endpoint, EndpointToken, Keys } from '../../../src/azure/resource-manager/answers.ts';
import type { Workspace } from '../../../src/azure/resource-manager/calls.ts';
import type { Azure } from '../../../src/azure/sign-in/sign-in.ts';
import { announceMasksTo, guard, type Secret } from '../../../src/secrets/secret.ts';
import { Failure } from '../../../src/text/failure.ts';
import { azureOf } from '../../support/azure.ts';
import { workspaceOf } from '../../support/smoke-test.ts';

let primary: Secret;
let secondary: Secret;
let token: Secret;

beforeAll(() => {
  announceMasksTo(() => undefined);
  primary = guard('the-primary-key-0123456789', 'The primary key');
  secondary = guard('the-secondary-key-0123456789', 'The secondary key');
  token = guard('an-access-token-0123456789', 'The token');
});

function endpoint(authMode: string): Endpoint {
  return {
    address: { subscriptionId: 'sub', resourceGroup: 'rg', workspace: 'ws', name: 'churn' },
    id: '/subscriptions/sub',
    authMode,
    scoringUri: undefined,
    swaggerUri: undefined,
    location: 'westeurope',
    provisioningState: 'Succeeded',
    traffic: {},
  };
}

/** A workspace with one credential. Any other call fails. */
function workspace(credential: { keys?: Keys; token?: EndpointToken }): Workspace {
  const { keys, token: endpointToken } = credential;
  return workspaceOf({
    ...(keys === undefined ? {} : { keys: async () => keys }),
    ...(endpointToken === undefined ? {} : { token: async () => endpointToken }),
  });
}

/** An identity that gets tokens for these audiences only. */
function azure(tokens: Record<string, Date>): Azure {
  return azureOf((audience) => {
    const expiresOn = tokens[audience];
    if (expiresOn === undefined) throw new Error(`was not to be asked for ${audience}`);
    return { secret: token, expiresOn };
  });
}

describe('the auth mode', () => {
  test.each([
    ['Key', 'key'],
    ['key', 'key'],
    ['KEY', 'key'],
    ['AMLToken', 'aml_token'],
    ['aml_token', 'aml_token'],
    ['amltoken', 'aml_token'],
    ['AADToken', 'aad_token'],
    ['aad_token', 'aad_token'],
    ['AAD_TOKEN', 'aad_token'],
  ])('%s is read as %s', (written, mode) => {
    expect(authModeOf(endpoint(written))).toBe(mode);
  });

  test.each(['', 'ManagedIdentity', 'keys', 'token', 'Key ', 'constructor'])(
    'an unknown mode such as %j is named',
    (written) => {
      expect(() => authModeOf(endpoint(written))).toThrow(
        new Failure(
          `Endpoint 'churn' has the auth mode '${written.trim()}', which this version of the action does not know. It knows Key, AMLToken and AADToken. Is there a newer version of the action?`,
        ),
      );
    },
  );
});

describe('the credential of an endpoint with keys', () => {
  test.each(['primary', 'secondary'] as const)(
    'the %s key is the credential, and no other call is made',
    async (key) => {
      const found = await resolveCredential(
        azure({}),
        workspace({ keys: { primary, secondary } }),
        endpoint('Key'),
        key,
      );
      expect(found).toEqual({ mode: 'key', secret: expect.anything(), which: key });
      expect(found.secret.reveal()).toBe(`the-${key}-key-0123456789`);
    },
  );

  test.each(['primary', 'secondary'] as const)(
    'the message about a missing %s key says what to look at',
    async (key) => {
      const keys = { primary: undefined, secondary: undefined };
      await expect(resolveCredential(azure({}), workspace({ keys }), endpoint('Key'), key)).rejects.toThrow(
        new Failure(
          `Azure answered with no ${key} key for endpoint 'churn', whose auth mode is 'Key'. Was its auth mode changed a moment ago? Look at it in the studio, and regenerate the credential there if this persists.`,
        ),
      );
    },
  );

  test('the message about a key that is not a string says of what kind it is, and shows nothing of it', async () => {
    const unread = { primary: 'an object', secondary: undefined } as const;
    const keys = { primary: undefined, secondary, unread };
    await expect(
      resolveCredential(azure({}), workspace({ keys }), endpoint('Key'), 'primary'),
    ).rejects.toThrow(
      new Failure(
        `Resource Manager returned an object as 'primaryKey' of endpoint 'churn', where a string was expected. The value is not shown, because it may be the credential.\n${CHECK_CLOUD_AND_PROXY}`,
      ),
    );
    const found = await resolveCredential(azure({}), workspace({ keys }), endpoint('Key'), 'secondary');
    expect(found.secret).toBe(secondary);
  });

  test.each([
    ['a key of other letters', 'ключ-от-модели-0123456789'],
    ['a key with a line break', 'the-primary-key\n0123456789-and-more'],
  ])('%s is told as that, and not shown', async (_what, value) => {
    const odd = guard(value, 'The key');
    const resolving = resolveCredential(
      azure({}),
      workspace({ keys: { primary: odd, secondary } }),
      endpoint('Key'),
      'primary',
    );
    const error = await resolving.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Failure);
    expect(String(error)).toContain(
      "The primary key of endpoint 'churn' holds characters that no HTTP header can carry",
    );
    expect(String(error)).not.toContain(value.slice(0, 6));
  });

  test('the other key never takes the place of a missing one', async () => {
    const keys = { primary: undefined, secondary };
    await expect(
      resolveCredential(azure({}), workspace({ keys }), endpoint('Key'), 'primary'),
    ).rejects.toThrow('no primary key');
  });
});

describe('the credential of an endpoint with tokens', () => {
  const tokenWith = (expiresOnSeconds: number, refreshAfterSeconds: number): EndpointToken => ({
    secret: token,
    expiresOnSeconds,
    refreshAfterSeconds,
  });

  test('the token has the times that Azure gives in Unix seconds', async () => {
    expect(
      await resolveCredential(
        azure({}),
        workspace({ token: tokenWith(1_795_500_000, 1_795_456_800) }),
        endpoint('AMLToken'),
        'primary',
      ),
    ).toEqual({
      mode: 'aml_token',
      secret: token,
      expiresOn: new Date('2026-11-24T06:00:00Z'),
      refreshAfter: new Date('2026-11-23T18:00:00Z'),
    });
  });

  test('a token has no expiry when Azure gives none, least of all in 1970', async () => {
    expect(
      await resolveCredential(
        azure({}),
        workspace({ token: tokenWith(0, 0) }),
        endpoint('AMLToken'),
        'primary',
      ),
    ).toMatchObject({ expiresOn: undefined, refreshAfter: undefined });
  });

  test.each([8_640_000_000_001, 1e18, Number.MAX_VALUE, Number.POSITIVE_INFINITY, Number.NaN, -1])(
    'a token has no expiry when its time is impossible, such as %d',
    async (seconds) => {
      const found = await resolveCredential(
        azure({}),
        workspace({ token: tokenWith(seconds, seconds) }),
        endpoint('AMLToken'),
        'primary',
      );
      expect(found).toMatchObject({ expiresOn: undefined, refreshAfter: undefined });
    },
  );

  test('the message about a token that is not a string says of what kind it is', async () => {
    const list = { ...tokenWith(0, 0), secret: undefined, unread: 'a list' } as const;
    await expect(
      resolveCredential(azure({}), workspace({ token: list }), endpoint('AMLToken'), 'primary'),
    ).rejects.toThrow(
      new Failure(
        `Resource Manager returned a list as 'accessToken' of endpoint 'churn', where a string was expected. The value is not shown, because it may be the credential.\n${CHECK_CLOUD_AND_PROXY}`,
      ),
    );
  });

  test('the message about a missing token names endpoint and auth mode', async () => {
    const empty = { secret: undefined, expiresOnSeconds: 0, refreshAfterSeconds: 0 };
    await expect(
      resolveCredential(azure({}), workspace({ token: empty }), endpoint('AMLToken'), 'primary'),
    ).rejects.toThrow(/^Azure answered with no token for endpoint 'churn', whose auth mode is 'AMLToken'\./);
  });
});

test('the credential of an endpoint with aad_token is an Entra token for the audience of its own cloud', async () => {
  const expiresOn = new Date('2026-11-24T07:00:00Z');
  expect(
    await resolveCredential(
      azure({ 'https://ml.arm.local': expiresOn }),
      workspace({}),
      endpoint('AADToken'),
      'primary',
    ),
  ).toEqual({ mode: 'aad_token', secret: token, expiresOn, refreshAfter: undefined });
});

describe('the validity that minimum-validity asks for', () => {
  const NOW = new Date('2026-11-24T06:00:00Z');
  const until = (expiresOn: Date | undefined): Credential => ({
    mode: 'aml_token',
    secret: token,
    expiresOn,
    refreshAfter: undefined,
  });

  test.each([
    [
      'a key, which does not expire',
      () => ({ mode: 'key', secret: primary, which: 'primary' }) as const,
      1e9,
    ],
    ['a token that lasts exactly so long', () => until(new Date('2026-11-24T06:30:00Z')), 1_800_000],
    ['a token that lasts longer', () => until(new Date('2026-11-25T06:00:00Z')), 1_800_000],
    [
      'a token that is about to expire when none is asked for',
      () => until(new Date('2026-11-24T06:00:01Z')),
      0,
    ],
    ['a token of unknown expiry when none is asked for', () => until(undefined), 0],
  ])('it is met by %s', (_what, credential, ms) => {
    expect(() => requireValidity(credential(), ms, NOW)).not.toThrow();
  });

  test('a token that expires a second too early is refused, with both times in the message', () => {
    expect(() => requireValidity(until(new Date('2026-11-24T06:29:59Z')), 1_800_000, NOW)).toThrow(
      new Failure(
        'The token expires at 2026-11-24T06:29:59Z, in 29 min 59 s, but minimum-validity asks for 30 min, until 2026-11-24T06:30:00Z. Ask for less, or fetch the credential again right before it is used.',
      ),
    );
  });

  test('a token that has expired is refused, also when none is asked for', () => {
    expect(() => requireValidity(until(NOW), 0, NOW)).toThrow(
      new Failure(
        'Azure sent a token that expired at 2026-11-24T06:00:00Z. Is the clock of this runner right? It says 2026-11-24T06:00:00Z.',
      ),
    );
  });

  test('a token of unknown expiry is refused', () => {
    expect(() => requireValidity(until(undefined), 7_200_000, NOW)).toThrow(
      new Failure(
        'Azure did not say when the token expires, and minimum-validity asks for 2 h, until 2026-11-24T08:00:00Z.',
      ),
    );
  });
});

describe('the credential at any time of the step', () => {
  const MINUTE_MS = 60_000;
  const tokenFor = (minutes: number): Credential => ({
    mode: 'aad_token',
    secret: token,
    expiresOn: new Date(Date.now() + minutes * MINUTE_MS),
    refreshAfter: undefined,
  });
  /** Gives one credential after the other, and counts. */
  function source(...credentials: readonly (Credential | Error)[]) {
    const asked: number[] = [];
    const resolve = async (leastMs: number): Promise<Credential> => {
      asked.push(leastMs);
      const next = credentials[asked.length - 1];
      if (next === undefined || next instanceof Error) throw next;
      return next;
    };
    return { asked, resolve };
  }

  test.each([6, 60])(
    'is the same for as long as it is good for more than five minutes: %i',
    async (minutes) => {
      const first = tokenFor(minutes);
      const { asked, resolve } = source();
      expect(await keepCurrent(first, resolve)()).toBe(first);
      expect(asked).toEqual([]);
    },
  );

  test('is a new one within five minutes of its end, asked for once by two at a time', async () => {
    const renewed = tokenFor(60);
    const { asked, resolve } = source(renewed);
    const current = keepCurrent(tokenFor(4), resolve);
    expect(await Promise.all([current(), current()])).toEqual([renewed, renewed]);
    expect(await current()).toBe(renewed);
    expect(asked).toEqual([5 * MINUTE_MS]);
  });

  test('is a new one when it must be good for longer', async () => {
    const renewed = tokenFor(60);
    const { asked, resolve } = source(renewed);
    const current = keepCurrent(tokenFor(20), resolve);
    expect(await current(30 * MINUTE_MS)).toBe(renewed);
    expect(asked).toEqual([30 * MINUTE_MS]);
  });

  test('stays when a new one is refused, and is asked for again', async () => {
    const first = tokenFor(4);
    const renewed = tokenFor(60);
    const { resolve } = source(new Error('not now'), renewed);
    const current = keepCurrent(first, resolve);
    expect(await current()).toBe(first);
    expect(await current()).toBe(renewed);
  });

  test('fails when it has expired and a new one is refused', async () => {
    const { resolve } = source(new Error('not now'));
    await expect(keepCurrent(tokenFor(-1), resolve)()).rejects.toThrow('not now');
  });

  test('is always the same when it does not expire, or Azure did not say when', async () => {
    const key: Credential = { mode: 'key', secret: primary, which: 'primary' };
    const untold: Credential = {
      mode: 'aml_token',
      secret: token,
      expiresOn: undefined,
      refreshAfter: undefined,
    };
    for (const credential of [key, untold]) {
      expect(await keepCurrent(credential, source().resolve)(60 * MINUTE_MS)).toBe(credential);
    }
  });
});
