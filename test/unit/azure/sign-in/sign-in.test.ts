import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Cloud } from '../../../../src/azure/clouds.ts';
import type { SignInSettings } from '../../../../src/azure/sign-in/settings.ts';
import { type Azure, signIn } from '../../../../src/azure/sign-in/sign-in.ts';
import { ServiceError } from '../../../../src/network/service-error.ts';
import { announceMasksTo, guard, type Secret, UnmaskableError } from '../../../../src/secrets/secret.ts';
import { Failure } from '../../../../src/text/failure.ts';
import { CLOUD } from '../../../support/azure.ts';
import { CLIENT, OBJECT, TENANT } from '../../../support/explain.ts';

const IDS = { clientId: CLIENT, tenantId: TENANT };

const masked: string[] = [];
let directory: string;
let secret: Secret;
let said: string[];

beforeAll(() => announceMasksTo((masks) => masked.push(...masks)));

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sign-in-'));
  // There is neither az nor a managed identity service.
  vi.stubEnv('PATH', directory);
  vi.stubEnv('AZURE_POD_IDENTITY_AUTHORITY_HOST', `http://127.0.0.1:${await closedPort()}`);
  for (const name of ['IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'MSI_ENDPOINT', 'AZURE_FEDERATED_TOKEN_FILE']) {
    vi.stubEnv(name, undefined);
  }
  secret = guard('a-client-secret~0123456789', 'The client secret');
  said = [];
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

function signInWith(
  settings: Partial<SignInSettings>,
  cloud: Cloud | Promise<Cloud> = CLOUD,
): Promise<Azure> {
  const all: SignInSettings = {
    choice: 'auto',
    clientId: undefined,
    tenantId: undefined,
    clientSecret: undefined,
    idTokens: undefined,
    federatedTokenFile: undefined,
    ...settings,
  };
  const cloudChoice = { kind: 'metadata', url: 'https://arm.local/metadata/endpoints' } as const;
  return signIn({
    settings: all,
    cloudChoice,
    cloud: Promise.resolve(cloud),
    say: (line) => said.push(line),
  });
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** GitHub's service where nothing listens. */
const idTokenService = () => ({
  kind: 'github' as const,
  url: 'http://127.0.0.1:9/token?api-version=2.0',
  requestToken: guard('an-id-token-request-token', 'The request token'),
});

function jwt(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg`;
}

function federatedTokenFile(): string {
  const path = join(directory, 'federated-token');
  writeFileSync(
    path,
    `${jwt({ sub: 'system:serviceaccount:ml:runner', iss: 'https://oidc.local', aud: 'api://x' })}\n`,
  );
  return path;
}

/** An az that has a session, and writes down its arguments. */
function fakeAz(token: string): { asked: () => string[] } {
  const journal = join(directory, 'asked');
  appendFileSync(journal, '');
  const output = JSON.stringify({
    accessToken: token,
    expiresOn: '2027-01-01 00:00:00.000000',
    expires_on: 1_798_761_600,
    tenant: TENANT,
    tokenType: 'Bearer',
  });
  writeFileSync(
    join(directory, 'az'),
    `#!/bin/sh\necho "$*" >> '${journal}'\ncat <<'OUTPUT'\n${output}\nOUTPUT\n`,
    { mode: 0o755 },
  );
  // The script needs cat.
  vi.stubEnv('PATH', `${directory}:/usr/bin:/bin`);
  return { asked: () => readFileSync(journal, 'utf8').split('\n').filter(Boolean) };
}

describe('the method that auto chooses', () => {
  test('a client secret comes before everything else', async () => {
    const azure = await signInWith({
      ...IDS,
      clientSecret: secret,
      idTokens: idTokenService(),
      federatedTokenFile: federatedTokenFile(),
    });
    expect(said).toEqual(['Signing in with client-secret: a client secret is given.']);
    expect(azure.cloud).toEqual(CLOUD);
    expect(azure.errorContext()).toEqual({
      signInMethod: 'client-secret',
      couldUseOidc: true,
      clientId: CLIENT,
      tenantId: TENANT,
    });
  });

  test("GitHub's ID token comes before a token file, and its failure ends the sign-in", async () => {
    const failed = signInWith({
      ...IDS,
      idTokens: idTokenService(),
      federatedTokenFile: federatedTokenFile(),
    });
    await expect(failed).rejects.toThrow(ServiceError);
    await expect(failed).rejects.toMatchObject({ call: 'ID token', host: '127.0.0.1:9' });
    expect(said).toEqual([
      "Signing in with oidc: GitHub's ID-token service is there, and client and tenant are known.",
    ]);
  });

  test('a token file comes before a session of az', async () => {
    const { asked } = fakeAz('an-access-token-of-az-0123');
    const azure = await signInWith({ ...IDS, federatedTokenFile: federatedTokenFile() });
    expect(said).toEqual([
      'Signing in with workload-identity: AZURE_FEDERATED_TOKEN_FILE is set, and client and tenant are known.',
    ]);
    expect(azure.errorContext()).toEqual({
      signInMethod: 'workload-identity',
      clientId: CLIENT,
      tenantId: TENANT,
      assertion: {
        subject: 'system:serviceaccount:ml:runner',
        issuer: 'https://oidc.local',
        audience: 'api://x',
      },
    });
    expect(asked()).toEqual([]);
  });

  test.each([
    ['client', { tenantId: TENANT }],
    ['tenant', { clientId: CLIENT }],
  ])('a session of az is used when no %s is known', async (_what, ids) => {
    const token = jwt({ oid: OBJECT });
    const { asked } = fakeAz(token);
    const azure = await signInWith({
      ...ids,
      clientSecret: secret,
      idTokens: idTokenService(),
      federatedTokenFile: federatedTokenFile(),
    });
    expect(said).toEqual(['Signed in with azure-cli: az has a session.']);
    expect(azure.errorContext()).toEqual({ signInMethod: 'azure-cli', ...ids, objectId: OBJECT });
    expect(asked()).toEqual([expect.stringContaining('--resource https://arm.local')]);
    expect(masked).toContain(token);
  });
});

describe('a sign-in for which no method works', () => {
  test('the message says what each method needs, and what was tried', async () => {
    const failed = signInWith({});
    await expect(failed).rejects.toThrow(Failure);
    const message = await failed.then(String, (error: Error) => error.message);
    expect(message.split('\n').slice(0, 7)).toEqual([
      'There is no way to sign in to Azure.',
      "- oidc (recommended) needs permissions: id-token: write on the job, client-id and tenant-id. Missing: client-id, tenant-id, the job's permissions: id-token: write.",
      '- client-secret needs client-id, tenant-id and client-secret.',
      '- workload-identity needs AZURE_FEDERATED_TOKEN_FILE, client-id and tenant-id.',
      '- azure-cli needs a session: a step with azure/login (or az login) before this one.',
      '- managed-identity needs a self-hosted runner in Azure with an identity assigned; client-id for a user-assigned one.',
      'Tried:',
    ]);
    const [cli = '', identity = '', ...more] = message.split('\n').slice(7);
    expect(cli).toMatch(/^- azure-cli: .*Azure CLI/);
    expect(identity).toMatch(/^- managed-identity: \S/);
    expect(more).toEqual([]);
    expect(said).toEqual([]);
  });

  test('the message also says that the subscription is missing', async () => {
    await expect(signInWith({ lacksSubscription: true })).rejects.toThrow(
      '\nAll but azure-cli also need subscription-id, which is empty.\n',
    );
  });

  test.each([
    ["client-id, the job's permissions: id-token: write", { tenantId: TENANT }],
    ['tenant-id', { clientId: CLIENT, service: true }],
    ['client-id, tenant-id', { service: true }],
  ])(
    'the message names only what is missing for oidc: %s',
    async (missing, given: Partial<SignInSettings> & { service?: boolean }) => {
      const { service, ...ids } = given;
      const settings = { ...ids, ...(service ? { idTokens: idTokenService() } : {}) };
      await expect(signInWith(settings)).rejects.toThrow(`client-id and tenant-id. Missing: ${missing}.\n`);
    },
  );
});

describe('an error that concerns every method', () => {
  test('a cloud that cannot be found ends the sign-in', async () => {
    const { asked } = fakeAz('an-access-token-of-az-nowhere');
    const unreachable = new ServiceError('metadata', 'arm.local', undefined, new Error('no'));
    await expect(signInWith({}, Promise.reject(unreachable))).rejects.toBe(unreachable);
    expect(asked()).toEqual([]);
  });

  test('a token that no mask can hide ends the sign-in', async () => {
    fakeAz('short');
    await expect(signInWith({})).rejects.toThrow(UnmaskableError);
  });
});

describe('a method that is named', () => {
  test('it is used even when auto would choose another', async () => {
    const { asked } = fakeAz('an-access-token-of-az-4567');
    await signInWith({
      ...IDS,
      choice: 'azure-cli',
      clientSecret: secret,
      federatedTokenFile: federatedTokenFile(),
    });
    expect(said).toEqual(['Signing in with azure-cli.']);
    // A token is requested only when it is needed.
    expect(asked()).toEqual([]);
  });

  test('the message about oidc without the permission of the job says what to add', async () => {
    await expect(signInWith({ ...IDS, choice: 'oidc' })).rejects.toThrow(
      new Failure(
        "login: oidc needs GitHub's ID-token service, which is not there. Add to the job: permissions: id-token: write (and contents: read). Workflows that pull requests from forks start get no ID token.",
      ),
    );
  });

  test('the message about workload-identity without a token file names its variable', async () => {
    await expect(signInWith({ ...IDS, choice: 'workload-identity' })).rejects.toThrow(
      'login: workload-identity needs AZURE_FEDERATED_TOKEN_FILE, which is not set.',
    );
  });

  test('a token file that cannot be read is named', async () => {
    const path = join(directory, 'none');
    await expect(
      signInWith({ ...IDS, choice: 'workload-identity', federatedTokenFile: path }),
    ).rejects.toThrow(
      `AZURE_FEDERATED_TOKEN_FILE names '${path}', which cannot be read (ENOENT).\nCheck the path, and that the user of the runner may read the file.`,
    );
  });

  test('the message about az without a session says how to get one', async () => {
    const azure = await signInWith({ choice: 'azure-cli' });
    const failed = azure.token('https://arm.local');
    await expect(failed).rejects.toThrow(Failure);
    await expect(failed).rejects.toThrow(
      /^The Azure CLI gave no token: .+\nRun azure\/login \(or az login\) in a step before this one, in the same job\.$/s,
    );
  });
});

describe('an access token', () => {
  test('it is masked, and says when it expires', async () => {
    fakeAz('an-access-token-of-az-89ab');
    const azure = await signInWith({ choice: 'azure-cli' });
    const { secret: token, expiresOn } = await azure.token('https://ml.arm.local');
    expect(masked).toContain('an-access-token-of-az-89ab');
    expect(token.reveal()).toBe('an-access-token-of-az-89ab');
    expect(expiresOn).toEqual(new Date('2027-01-01T00:00:00Z'));
  });

  test('it is requested once for each audience, even by two at a time', async () => {
    const { asked } = fakeAz('an-access-token-of-az-cdef');
    const azure = await signInWith({ choice: 'azure-cli' });
    const [one, two, other] = await Promise.all([
      azure.token('https://ml.arm.local'),
      azure.token('https://ml.arm.local'),
      azure.token('https://arm.local'),
    ]);
    expect(one).toBe(two);
    expect(other).not.toBe(one);
    expect(
      asked()
        .map((line) => /--resource (\S+)/.exec(line)?.[1])
        .sort(),
    ).toEqual(['https://arm.local', 'https://ml.arm.local']);
  });
});
