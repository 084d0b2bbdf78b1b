import { describe, expect, test } from 'vitest';
import { KEY } from '../../support/azure.ts';
import { endpointDocument } from '../../support/azure-documents.ts';
import { openScenario, SAMPLE, type Seen, type StepRequest } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const INPUTS = { 'sample-request': SAMPLE, 'report-directory': 'reports', deployment: 'blue' };
const WHERE_TO_LOOK = "Check the input 'cloud', and whether a proxy in between rewrites the answers.";
const SCORING = ['verdict', 'scoring-uri', 'swagger-uri', 'location', 'traffic', 'endpoint-id'] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Whatever comes, nothing of it is a fault of the action, of a cable or of a type; one error at most is told. */
async function told(request: StepRequest = {}): Promise<Seen> {
  const seen = await step({ ...request, inputs: { ...INPUTS, ...request.inputs } });
  for (const text of [seen.error, seen.log])
    expect(text).not.toMatch(
      /fault of this action|is not a function|Cannot read|Invalid time|gave no answer/,
    );
  return seen;
}

function sayOfEndpoint(properties: Fields, fields: Fields = {}): void {
  azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, properties, fields) });
}

const ODD: readonly (readonly [unknown])[] = [[5], [true], [['https://x/']], [{ x: 'y' }]];

describe('the endpoint', () => {
  test.each(ODD)('without what is not needed, where %j stands', async (odd) => {
    const properties = { swaggerUri: odd, provisioningState: odd, publicNetworkAccess: odd, traffic: odd };
    sayOfEndpoint(properties, { id: odd, location: odd, name: odd, kind: odd, tags: odd });
    const { outputs } = await told();

    expect(Object.fromEntries(SCORING.map((name) => [name, outputs[name]]))).toEqual({
      verdict: 'passed',
      'scoring-uri': azure.endpoints.get('churn-key')!.scoringUri,
      'swagger-uri': '',
      location: '',
      traffic: '{}',
      'endpoint-id': expect.stringMatching(/^\/subscriptions\/.*\/onlineEndpoints\/churn-key$/),
    });
  });

  test.each(ODD)('with the shares of its traffic that are numbers, beside %j', async (odd) => {
    sayOfEndpoint({ traffic: { blue: 100, green: odd === 5 ? '5' : odd, red: null } });

    expect((await told()).outputs).toMatchObject({ verdict: 'passed', traffic: '{"blue":100}' });
  });

  test.each(ODD)('that has %j as its scoring URI', async (scoringUri) => {
    sayOfEndpoint({ scoringUri });
    for (const inputs of [
      {},
      { 'sample-request': undefined, deployment: undefined, 'report-directory': undefined },
    ]) {
      const { error, outputs, sent } = await told({ inputs: inputs as NonNullable<StepRequest['inputs']> });

      expect(error).toBe(
        `Resource Manager names '${JSON.stringify(scoringUri)}' as the 'scoringUri' of endpoint 'churn-key', where a string was expected.\n${WHERE_TO_LOOK}`,
      );
      expect(outputs).toMatchObject({ verdict: 'error', 'scoring-uri': '', location: 'westeurope' });
      expect(sent('scoring')).toEqual([]);
    }
  });

  test.each(ODD)('that has the auth mode %j, which nobody knows', async (authMode) => {
    sayOfEndpoint({ authMode });
    const { error, sent } = await told();

    expect(error).toContain(
      `Endpoint 'churn-key' has the auth mode '${JSON.stringify(authMode)}', which this version of the action does not know.`,
    );
    expect([...sent('keys'), ...sent('token')]).toEqual([]);
  });

  test.each([[null], [5], ['text'], [[]]])('that has %j as its properties', async (properties) => {
    sayOfEndpoint({}, { properties });

    expect((await told()).error).toBe(
      `Resource Manager returned '${properties === null ? 'nothing' : JSON.stringify(properties)}' as the 'properties' of endpoint 'churn-key', where an object was expected.\n${WHERE_TO_LOOK}`,
    );
  });

  test.each(['null', '5', '"text"', '[]', '[null]'])('that is %s', async (body) => {
    azure.setFault('endpoint', { kind: 'body', body });

    expect((await told()).error).toContain(
      "returned 'nothing' as the 'properties' of endpoint 'churn-key', where an object was expected.",
    );
  });
});

describe('a key', () => {
  test.each([
    ['an object', { value: KEY }],
    ['a list', [KEY]],
    ['a number', 8_471_836_254_719],
    ['a boolean', true],
  ])('that is %s, of which nothing is shown', async (kind, primaryKey) => {
    const body = JSON.stringify({
      primaryKey,
      secondaryKey: azure.endpoints.get('churn-key')!.keys.secondary,
    });
    azure.setFault('keys', { kind: 'body', body });
    const secrets = [{ name: 'odd key', value: KEY }];
    const { error, log, outputs } = await told({ secrets });

    expect(error).toBe(
      `Resource Manager returned ${kind} as 'primaryKey' of endpoint 'churn-key', where a string was expected. The value is not shown, because it may be the credential.\n${WHERE_TO_LOOK}`,
    );
    expect(outputs).not.toHaveProperty('credential');
    expect(log).not.toContain('8471836254719');

    expect((await told({ secrets, inputs: { key: 'secondary' } })).outputs.verdict).toBe('passed');
  });

  test.each(['null', '5', '"text"', '[]', '{}'])('in %s is none', async (body) => {
    azure.setFault('keys', { kind: 'body', body });

    expect((await told()).error).toContain("Azure answered with no primary key for endpoint 'churn-key'");
  });
});

describe('a token', () => {
  test.each(['1e18', '1e999', '-1', '"NaN"', '"soon"', 'true', '[1]', '{}'])(
    'that expires at %s, which is no time',
    async (time) => {
      const body = `{"accessToken":"${KEY}","expiryTimeUtc":${time},"refreshAfterTimeUtc":${time}}`;
      azure.setFault('token', { kind: 'body', body });
      const inputs = { endpoint: 'churn-token', 'sample-request': undefined, deployment: undefined };
      const { outputs } = await step({ inputs, secrets: [{ name: 'token', value: KEY }] });

      expect(outputs).toMatchObject({
        verdict: 'skipped',
        'expiry-time-utc': '',
        'refresh-after-time-utc': '',
        'expires-on': '',
      });
    },
  );

  test('that is an object', async () => {
    const secrets = [{ name: 'odd token', value: KEY }];
    azure.setFault('token', {
      kind: 'body',
      body: JSON.stringify({ accessToken: { token: secrets[0]!.value } }),
    });

    expect((await told({ secrets, inputs: { endpoint: 'churn-token' } })).error).toContain(
      "returned an object as 'accessToken' of endpoint 'churn-token', where a string was expected.",
    );
  });
});

describe('the lists', () => {
  test.each(['null', '5', '{"value":5}', '{"value":[null,5,{},{"name":5}]}', '{"value":[],"nextLink":5}'])(
    'are empty in %s',
    async (body) => {
      azure.setFault('endpoints', { kind: 'body', body });
      azure.setFault('deployments', { kind: 'body', body });

      expect((await told()).error).toContain("has no deployment 'blue'. It has none at all.");
      expect((await told({ inputs: { endpoint: 'churn-kye' } })).error).toContain(
        "has no online endpoint 'churn-kye'. It has none at all.",
      );
    },
  );

  test('of deployments name those that have a name, whatever their state is', async () => {
    const value = [null, { name: 'blue', properties: { provisioningState: ['Succeeded'] } }];
    azure.setFault('deployments', { kind: 'body', body: JSON.stringify({ value }) });

    expect((await told()).outputs.verdict).toBe('passed');
  });

  test.each(['null', '5', '{"content":5}', '{"content":{"x":"y"}}'])(
    'of log lines are empty in %s',
    async (body) => {
      azure.setFault('logs', { kind: 'body', body });
      const { outputs } = await told({ inputs: { deployment: 'broken' } });

      expect(outputs.verdict).toBe('failed');
    },
  );
});

describe('a part of a secret that is known by then', () => {
  // Nobody knows the token before the step: the client secret, which the step guards first too, stands for it.
  const piece = azure.clientSecret.slice(0, 24);
  const inputs = { login: 'client-secret', 'client-secret': azure.clientSecret };

  test('in the location and in names of the traffic is not emitted', async () => {
    sayOfEndpoint({ traffic: { blue: 100, [`green-${piece}`]: 0 } }, { location: `west-${piece}` });

    expect((await told({ inputs })).outputs).toMatchObject({
      verdict: 'passed',
      location: 'west-***',
      traffic: '{"blue":100,"green-***":0}',
    });
  });

  test.each<[string, Fields, Fields]>([
    ['scoringUri', { scoringUri: `${azure.scoringHost}/${piece}` }, {}],
    ['swaggerUri', { swaggerUri: `${azure.scoringHost}/${piece}` }, {}],
    ['id', {}, { id: `/subscriptions/${piece}` }],
  ])('in the %s ends the step', async (field, properties, fields) => {
    sayOfEndpoint(properties, fields);
    const { error, outputs, sent } = await told({ inputs });

    expect(error).toMatch(
      new RegExp(
        `^Resource Manager names '.*\\*\\*\\*' as the '${field}' of endpoint 'churn-key'. It holds a part of a secret`,
      ),
    );
    expect(Object.keys(outputs)).toEqual(['verdict', 'report-file']);
    expect(sent('scoring')).toEqual([]);
  });
});
