import { expect, test } from 'vitest';
import type { Fault, LocalAzure } from '../../local-azure/index.ts';
import { brokenModel } from '../../local-azure/models.ts';
import { endpointDocument, metadataDocument } from '../../support/azure-documents.ts';
import { fastClock, misdirected } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE, type Scenario, type Seen } from '../../support/scenario.ts';
import { startTlsServer } from '../../support/self-signed-server.ts';

type FaultyLeg =
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
  readonly leg: FaultyLeg;
  readonly service: string;
  /** What the service was asked for, where it is asked for several things. */
  readonly asked?: string;
  readonly inputs: Readonly<Record<string, string>>;
}

// A lasting fault of the first four legs ends every step, so each has an Azure of its own; so has scoring. The
// steps for the others share one, because none of them takes another's leg.
const rows: readonly (readonly [scenario: Scenario, ...rows: Row[]])[] = [
  [await openScenario(), { leg: 'metadata', service: "The cloud's metadata service", inputs: {} }],
  [await openScenario(), { leg: 'id-token', service: "GitHub's ID-token service", inputs: {} }],
  [await openScenario(), { leg: 'sign-in', service: 'Entra', inputs: {} }],
  [await openScenario(), { leg: 'endpoint', service: 'Resource Manager', asked: 'the endpoint', inputs: {} }],
  [
    await openScenario(),
    { leg: 'keys', service: 'Resource Manager', asked: "the endpoint's keys", inputs: {} },
    {
      leg: 'token',
      service: 'Resource Manager',
      asked: "the endpoint's token",
      inputs: { endpoint: 'churn-token' },
    },
    {
      leg: 'deployments',
      service: 'Resource Manager',
      asked: "the endpoint's deployments",
      inputs: { endpoint: 'churn-aad', deployment: 'green', 'sample-request': SAMPLE },
    },
    {
      leg: 'logs',
      service: 'Resource Manager',
      asked: "a container's log",
      inputs: { endpoint: 'churn-aad', 'sample-request': SAMPLE },
    },
  ],
  [
    await openScenario(),
    {
      leg: 'scoring',
      service: "Endpoint 'churn-key'",
      inputs: { 'sample-request': SAMPLE, 'warm-up': '0s', timeout: '5s' },
    },
  ],
];

function hostOf(azure: LocalAzure, leg: FaultyLeg): string {
  const { oidc, entraHost, scoringHost, resourceManagerHost } = azure;
  const origin =
    { 'id-token': oidc.issuer, 'sign-in': entraHost, scoring: scoringHost }[leg as string] ??
    resourceManagerHost;
  return new URL(origin).host;
}

/** One step for each leg, all at the same time, each with the fault on its leg. */
async function stepOnEachLeg(
  fault: Fault,
  execArgv: readonly string[] = [],
): Promise<readonly (readonly [Row, LocalAzure, Seen])[]> {
  const steps = rows.flatMap(([{ azure, step }, ...legs]) =>
    legs.map(async (row) => {
      azure.setFault(row.leg, fault);
      if (row.leg === 'logs') azure.endpoints.get('churn-aad')!.deployments.get('blue')!.model = brokenModel;
      return [row, azure, await step({ inputs: row.inputs, execArgv })] as const;
    }),
  );
  return Promise.all(steps);
}

const PORTAL = '<!doctype html><html><title>Welcome to Airport WiFi</title><body>Sign in</body></html>';
const FAULTS: readonly (readonly [string, Fault, seen: (row: Row) => RegExp])[] = [
  [
    'a connection that is reset',
    { kind: 'reset' },
    () => /broke the connection off before its answer was complete \(ECONNRESET\)/,
  ],
  [
    'an answer that is cut',
    { kind: 'truncated' },
    ({ leg }) =>
      leg === 'scoring'
        ? /began to answer, and the connection broke before the answer's end/
        : /broke the connection off before its answer was complete/,
  ],
  [
    'an answer that is no JSON',
    { kind: 'body', contentType: 'application/json', body: '{"value": ' },
    () => /answered with something that is not its format/,
  ],
  [
    'the page of a captive portal',
    { kind: 'body', contentType: 'text/html; charset=utf-8', body: PORTAL },
    ({ leg }) =>
      leg === 'scoring' ? /HTML|web page|text\/html/i : /answered with something that is not its format/,
  ],
];

function expectExplained(
  row: Row,
  azure: LocalAzure,
  { error, log, outputs }: Seen,
  seen: RegExp,
  host = hostOf(azure, row.leg),
): void {
  const { leg, service, asked } = row;
  const who = `${service} (${host})${asked === undefined ? '' : `, asked for ${asked},`}`;
  if (leg === 'logs') {
    // The verdict is told already; that the log cannot be shown is no second failure.
    expect(error).toContain("The scoring script's run() failed.");
    const [, told = ''] = /cannot be shown: (.+)/.exec(log) ?? [];
    expect(log).toMatch(/The log of container \S+ of deployment 'blue' cannot be shown: /);
    expect(told.startsWith(who), told).toBe(true);
    expect(told).toMatch(seen);
    return;
  }
  const [first = '', ...advice] = error.split('\n');
  expect(['error', 'inconclusive'], leg).toContain(outputs.verdict);
  expect(error, leg).toContain(service);
  expect(leg === 'scoring' ? error : first).toContain(host);
  if (leg !== 'scoring') expect(first).toContain(who);
  expect(error, leg).toMatch(seen);
  expect(advice.join(' ').length, `${leg}: ${error}`).toBeGreaterThan(20);
}

test.each(FAULTS)('%s', async (_, fault, seen) => {
  for (const [row, azure, step] of await stepOnEachLeg(fault)) {
    // What a model says need not be JSON.
    if (row.leg === 'scoring' && fault.kind === 'body' && fault.contentType === 'application/json') continue;
    expectExplained(row, azure, step, seen(row));
  }
});

test('no answer at all, to none of the tries that the deadline of the leg leaves time for', async () => {
  for (const [row, azure, step] of await stepOnEachLeg({ kind: 'hang' }, fastClock(5))) {
    const seen =
      row.leg === 'scoring'
        ? /gave no whole answer within the timeout of 5 s/
        : /did not answer within \d+ s\./;
    expectExplained(row, azure, step, seen);
    if (!['logs', 'scoring'].includes(row.leg)) expect(step.sent(row.leg).length).toBeGreaterThan(1);
  }
});

/** The legs whose host can be another one than a leg's before it. */
const ELSEWHERE = {
  metadata: ({ step }, host) => step({ inputs: { cloud: `https://${host}/metadata/endpoints` } }),
  'id-token': ({ step }, host) =>
    step({ env: { ACTIONS_ID_TOKEN_REQUEST_URL: `https://${host}/token?a=b` } }),
  'sign-in': ({ azure, step }, host) => {
    azure.setFault('metadata', { kind: 'body', body: metadataDocument(azure, { entra: `https://${host}` }) });
    return step();
  },
  endpoint: ({ azure, step }, host) => {
    const body = metadataDocument(azure, { resourceManager: `https://${host}` });
    azure.setFault('metadata', { kind: 'body', body });
    azure.identity.resources.push(`https://${host}`);
    return step();
  },
  scoring: ({ azure, step }, host) => {
    const scoringUri = `https://${host}/score`;
    azure.setFault('endpoint', { kind: 'body', body: endpointDocument(azure, { scoringUri }) });
    return step({ inputs: { 'sample-request': SAMPLE, 'warm-up': '0s' } });
  },
} as const satisfies Partial<Record<FaultyLeg, (scenario: Scenario, host: string) => Promise<Seen>>>;

/** The legs that go where the endpoint's leg went before them. */
const SAME_HOST = {
  keys: /\/listKeys\?/,
  token: /onlineEndpoints\/[^/]+\/token\?/,
  deployments: /\/deployments\?/,
  logs: /\/getLogs\?/,
} as const satisfies Partial<Record<FaultyLeg, RegExp>>;

const TOMORROW = new Date(Date.now() + 86_400_000);
const HOSTS: readonly (readonly [string, host: () => Promise<string>, seen: RegExp])[] = [
  [
    'a name that the DNS does not know',
    async () => 'nowhere.invalid',
    /has a name that the DNS of this runner does not know \(E\w+\)/,
  ],
  ['a port where nobody listens', async () => 'localhost:1', /refused the connection \(ECONNREFUSED\)/],
  [
    'a certificate that nobody trusts',
    async () => (await startTlsServer({ name: 'localhost', notAfter: TOMORROW })).host,
    /shows a certificate from an authority that this runner does not trust \([A-Z_]+\)/,
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
    /shows a certificate that has expired \(CERT_HAS_EXPIRED\)/,
  ],
  [
    'a certificate for another name',
    async () => {
      const { host, certificate } = await startTlsServer({ name: 'other.example', notAfter: TOMORROW });
      return trusting(host, certificate);
    },
    /shows a certificate for another host name \(ERR_TLS_CERT_ALTNAME_INVALID\)/,
  ],
];

// What NODE_EXTRA_CA_CERTS or `ca-certificate` trust is trusted on every leg.
let trusted = '';
function trusting(host: string, certificate: string): string {
  trusted = certificate;
  return host;
}

test.each(HOSTS)('%s', async (_, start, seen) => {
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
  const steps = rows.flatMap(([scenario, ...legs]) =>
    legs.map(async (row) => {
      const { azure, step } = withTrust(scenario);
      if (row.leg in ELSEWHERE) {
        const elsewhere = ELSEWHERE[row.leg as keyof typeof ELSEWHERE];
        return { row, azure, step: await elsewhere({ azure, step }, host), told: host };
      }
      if (row.leg === 'logs') azure.endpoints.get('churn-aad')!.deployments.get('blue')!.model = brokenModel;
      const execArgv = misdirected(SAME_HOST[row.leg as keyof typeof SAME_HOST], host);
      return { row, azure, step: await step({ inputs: row.inputs, execArgv }), told: hostOf(azure, row.leg) };
    }),
  );

  for (const { row, azure, step, told } of await Promise.all(steps)) {
    expectExplained(row, azure, step, seen, told);
  }
});
