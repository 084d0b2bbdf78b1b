import { expect, test } from 'vitest';
import type { Fault, LocalAzure } from '../../local-azure/index.ts';
import { brokenModel } from '../../local-azure/models.ts';
import { endpointDocument } from '../../support/azure-documents.ts';
import { fastClock, misdirected } from '../../support/preloaded-modules.ts';
import { CLOSED_HOST, openScenario, SAMPLE, type Scenario, type Seen } from '../../support/scenario.ts';
import { startTlsServer } from '../../support/self-signed-server.ts';

type FaultyCall =
  | 'metadata'
  | 'id-token'
  | 'sign-in'
  | 'endpoint'
  | 'keys'
  | 'token'
  | 'deployments'
  | 'logs'
  | 'scoring';

interface Row {
  readonly call: FaultyCall;
  readonly service: string;
  /** What the service was asked for, where it is asked for several things. */
  readonly asked?: string;
  readonly inputs: Readonly<Record<string, string>>;
}

// A lasting fault of the first four calls ends every step, so each has an Azure of its own; so has scoring. The
// steps for the others share one, because none of them makes another's call.
const rows: readonly (readonly [scenario: Scenario, ...rows: Row[]])[] = [
  [await openScenario(), { call: 'metadata', service: "The cloud's metadata service", inputs: {} }],
  [await openScenario(), { call: 'id-token', service: "GitHub's ID-token service", inputs: {} }],
  [await openScenario(), { call: 'sign-in', service: 'Entra', inputs: {} }],
  [
    await openScenario(),
    { call: 'endpoint', service: 'Resource Manager', asked: 'the endpoint', inputs: {} },
  ],
  [
    await openScenario(),
    { call: 'keys', service: 'Resource Manager', asked: "the endpoint's keys", inputs: {} },
    {
      call: 'token',
      service: 'Resource Manager',
      asked: "the endpoint's token",
      inputs: { endpoint: 'churn-token' },
    },
    {
      call: 'deployments',
      service: 'Resource Manager',
      asked: "the endpoint's deployments",
      inputs: { endpoint: 'churn-aad', deployment: 'green', 'sample-request': SAMPLE },
    },
    {
      call: 'logs',
      service: 'Resource Manager',
      asked: "a container's log",
      inputs: { endpoint: 'churn-aad', 'sample-request': SAMPLE },
    },
  ],
  [
    await openScenario(),
    {
      call: 'scoring',
      service: "Endpoint 'churn-key'",
      inputs: { 'sample-request': SAMPLE, 'warm-up': '0s', timeout: '5s' },
    },
  ],
];

function hostOf(azure: LocalAzure, call: FaultyCall): string {
  const { oidc, entraHost, scoringHost, resourceManagerHost } = azure;
  const origin =
    { 'id-token': oidc.issuer, 'sign-in': entraHost, scoring: scoringHost }[call as string] ??
    resourceManagerHost;
  return new URL(origin).host;
}

/** One step for each call, all at the same time, each with the fault on its call. */
async function stepOnEachCall(
  fault: Fault,
  execArgv: readonly string[] = [],
): Promise<readonly (readonly [Row, LocalAzure, Seen])[]> {
  const steps = rows.flatMap(([{ azure, step }, ...calls]) =>
    calls.map(async (row) => {
      azure.setFault(row.call, fault);
      if (row.call === 'logs') azure.endpoints.get('churn-aad')!.deployments.get('blue')!.model = brokenModel;
      return [row, azure, await step({ inputs: row.inputs, execArgv })] as const;
    }),
  );
  return Promise.all(steps);
}

type Scored = 'error' | 'inconclusive';

const PORTAL = '<!doctype html><html><title>Welcome to Airport WiFi</title><body>Sign in</body></html>';
/** What each fault looks like, and what it makes of the smoke test. */
const FAULTS: readonly (readonly [string, Fault, seen: (row: Row) => RegExp, scored: Scored])[] = [
  [
    'a connection that is reset',
    { kind: 'reset' },
    () => /broke the connection off before its answer was complete \(ECONNRESET\)/,
    'inconclusive',
  ],
  [
    'an answer that is cut',
    { kind: 'truncated' },
    ({ call }) =>
      call === 'scoring'
        ? /began to answer, but the connection broke before the end of the answer/
        : /broke the connection off before its answer was complete/,
    'inconclusive',
  ],
  [
    'an answer that is no JSON',
    { kind: 'body', contentType: 'application/json', body: '{"value": ' },
    () => /answered in an unexpected format/,
    'error',
  ],
  [
    'the page of a captive portal',
    { kind: 'body', contentType: 'text/html; charset=utf-8', body: PORTAL },
    ({ call }) =>
      call === 'scoring'
        ? /answered with a web page of something in between, such as a sign-in page or a proxy/
        : /answered in an unexpected format/,
    'error',
  ],
  [
    'an answer without a body',
    { kind: 'body', body: '' },
    () => /answered 200 with an empty body, retries included/,
    'error',
  ],
];

function expectExplained(
  row: Row,
  azure: LocalAzure,
  { error, log, outputs }: Seen,
  seen: RegExp,
  scored: Scored,
  host = hostOf(azure, row.call),
): void {
  const { call, service, asked } = row;
  const who = `${service} (${host})${asked === undefined ? '' : `, asked for ${asked},`}`;
  if (call === 'logs') {
    // The verdict is told already; that the log cannot be shown is no second failure.
    expect(error).toContain("The scoring script's run() failed.");
    const [, told = ''] = /cannot be shown: (.+)/.exec(log) ?? [];
    expect(log).toMatch(/The log of container \S+ of deployment 'blue' cannot be shown: /);
    expect(told.startsWith(who), told).toBe(true);
    expect(told).toMatch(seen);
    return;
  }
  const [first = '', ...advice] = error.split('\n');
  expect(outputs.verdict, call).toBe(call === 'scoring' ? scored : 'error');
  // The credential is emitted before the smoke test, and stays so.
  expect('credential' in outputs, call).toBe(['deployments', 'scoring'].includes(call));
  expect(error, call).toContain(service);
  expect(call === 'scoring' ? error : first).toContain(host);
  if (call !== 'scoring') expect(first).toContain(who);
  expect(error, call).toMatch(seen);
  expect(advice.join(' ').length, `${call}: ${error}`).toBeGreaterThan(20);
}

test.each(FAULTS)('%s', async (_, fault, seen, scored) => {
  for (const [row, azure, step] of await stepOnEachCall(fault)) {
    // What a model says need not be JSON.
    if (row.call === 'scoring' && fault.kind === 'body' && fault.body !== PORTAL) continue;
    expectExplained(row, azure, step, seen(row), scored);
    if (fault.kind === 'body' && fault.body === PORTAL && !['logs', 'scoring'].includes(row.call))
      expect(step.error).toContain('a sign-in page of the network');
    // The scoring request is not tried again once the warm-up is over.
    if (row.call === 'scoring') expect(step.sent('scoring')).toHaveLength(1);
  }
});

test('no answer at all, to none of the tries that the deadline of the call leaves time for', async () => {
  for (const [row, azure, step] of await stepOnEachCall({ kind: 'hang' }, fastClock(5))) {
    const seen =
      row.call === 'scoring'
        ? /did not finish its answer within the timeout of 5 s/
        : /did not answer within \d+ s\./;
    expectExplained(row, azure, step, seen, 'inconclusive');
    if (!['logs', 'scoring'].includes(row.call)) expect(step.sent(row.call).length).toBeGreaterThan(1);
  }
});

/** The calls whose host can be another one than that of a call before. */
const ELSEWHERE = {
  metadata: ({ step }, host) => step({ inputs: { cloud: `https://${host}/metadata/endpoints` } }),
  'id-token': ({ step }, host) =>
    step({ env: { ACTIONS_ID_TOKEN_REQUEST_URL: `https://${host}/token?a=b` } }),
  scoring: ({ azure, step }, host) => {
    const scoringUri = `https://${host}/score`;
    azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, { scoringUri }) });
    return step({ inputs: { 'sample-request': SAMPLE, 'warm-up': '0s' } });
  },
} as const satisfies Partial<Record<FaultyCall, (scenario: Scenario, host: string) => Promise<Seen>>>;

/** The calls that go to a host of the cloud, all of which are of the domain that described it. */
const SAME_HOST = {
  'sign-in': /\/oauth2\/v2\.0\/token/,
  endpoint: /onlineEndpoints\/[^/?]+\?/,
  keys: /\/listKeys\?/,
  token: /onlineEndpoints\/[^/]+\/token\?/,
  deployments: /\/deployments\?/,
  logs: /\/getLogs\?/,
} as const satisfies Partial<Record<FaultyCall, RegExp>>;

const TOMORROW = new Date(Date.now() + 86_400_000);
const HOSTS: readonly (readonly [string, host: () => Promise<string>, seen: RegExp, scored: Scored])[] = [
  [
    'a name that the DNS does not know',
    async () => 'nowhere.invalid',
    /has a name that the DNS of this runner does not know \(E\w+\)/,
    'error',
  ],
  [
    'a port where nobody listens',
    async () => CLOSED_HOST,
    /refused the connection \(ECONNREFUSED\)/,
    'inconclusive',
  ],
  [
    'a certificate that nobody trusts',
    async () => (await startTlsServer({ name: 'localhost', notAfter: TOMORROW })).host,
    /presents a certificate from an authority that this runner does not trust \([A-Z_]+\)/,
    'error',
  ],
  [
    'a certificate that has expired',
    async () => {
      const { host, certificate } = await startTlsServer({
        name: 'localhost',
        notAfter: new Date('2021-01-01'),
      });
      return trusting(host, certificate);
    },
    /presents a certificate that has expired \(CERT_HAS_EXPIRED\)/,
    'error',
  ],
  [
    'a certificate for another name',
    async () => {
      const { host, certificate } = await startTlsServer({ name: 'other.example', notAfter: TOMORROW });
      return trusting(host, certificate);
    },
    /presents a certificate for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
    'error',
  ],
];

// What NODE_EXTRA_CA_CERTS or `ca-certificate` trust is trusted in every call.
let trusted = '';
function trusting(host: string, certificate: string): string {
  trusted = certificate;
  return host;
}

test.each(HOSTS)('%s', async (_, start, seen, scored) => {
  trusted = '';
  const host = await start();
  const withTrust = ({ azure, step }: Scenario): Scenario => ({
    azure,
    step: (request = {}) =>
      step({
        ...request,
        inputs: { 'ca-certificate': 'trusted.pem', ...request.inputs },
        files: { 'trusted.pem': `${azure.caPem}${trusted}` },
      }),
  });
  const steps = rows.flatMap(([scenario, ...calls]) =>
    calls.map(async (row) => {
      const { azure, step } = withTrust(scenario);
      if (row.call in ELSEWHERE) {
        const elsewhere = ELSEWHERE[row.call as keyof typeof ELSEWHERE];
        return { row, azure, step: await elsewhere({ azure, step }, host), told: host };
      }
      if (row.call === 'logs') azure.endpoints.get('churn-aad')!.deployments.get('blue')!.model = brokenModel;
      const execArgv = misdirected(SAME_HOST[row.call as keyof typeof SAME_HOST], host);
      return {
        row,
        azure,
        step: await step({ inputs: row.inputs, execArgv }),
        told: hostOf(azure, row.call),
      };
    }),
  );

  for (const { row, azure, step, told } of await Promise.all(steps)) {
    expectExplained(row, azure, step, seen, scored, told);
    if (row.call === 'metadata' && host.endsWith('.invalid'))
      expect(step.error).toContain("Check the URL in the input 'cloud'");
  }
});

test('a service that stays too busy is told with its own words, retries included', async () => {
  const [[{ azure, step }]] = rows as [[Scenario]];
  azure.setFault('keys', {
    kind: 'body',
    status: 503,
    body: '{"error":{"code":"ServerBusy","message":"The server is busy."}}',
  });
  const { error, outputs, sent } = await step();

  expect(error).toContain(
    `Resource Manager (${new URL(azure.resourceManagerHost).host}), asked for the endpoint's keys, failed with HTTP 503, retries included: ServerBusy: The server is busy.`,
  );
  expect(outputs).toMatchObject({ verdict: 'error', 'auth-mode': 'key' });
  expect(outputs).not.toHaveProperty('credential');
  expect(sent('keys')).toHaveLength(4);
});

test('the page of a captive portal is not taken for a list without any endpoint', async () => {
  const [[{ azure, step }]] = rows as [[Scenario]];
  azure.setFault('endpoints', { kind: 'body', contentType: 'text/html; charset=utf-8', body: PORTAL });
  const { error } = await step({ inputs: { endpoint: 'churn-x' } });

  expect(error).toContain("'churn-x'");
  expect(error).not.toContain('It has none at all.');
});
