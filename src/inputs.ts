import { type EndpointAddress, readEndpointAddress } from './endpoint-address.ts';
import {
  createReader,
  INPUTS,
  type InputDeclaration,
  InputError,
  type InputName,
  type InputReader,
  type InputSource,
} from './input-reader.ts';
import { brokenRule, NAME_RULES } from './names.ts';
import { guard, keepVisible, type Secret, UnmaskableError } from './secret.ts';
import { readSample, type Sample } from './smoke/sample.ts';

export const LOGIN_CHOICES = [
  'auto',
  'oidc',
  'client-secret',
  'managed-identity',
  'workload-identity',
  'azure-cli',
] as const;
export type LoginChoice = (typeof LOGIN_CHOICES)[number];

export const CLOUD_NAMES = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'] as const;
export type CloudChoice =
  | { readonly kind: 'known'; readonly name: (typeof CLOUD_NAMES)[number] }
  | { readonly kind: 'metadata'; readonly url: string };

export interface LoginInputs {
  readonly choice: LoginChoice;
  readonly clientId: string | undefined;
  readonly tenantId: string | undefined;
  readonly clientSecret: Secret | undefined;
  /** There in a job with `permissions: id-token: write`. */
  readonly idTokenService: IdTokenService | undefined;
  /** There on a runner with workload identity. */
  readonly federatedTokenFile: string | undefined;
}

/** GitHub's ID-token service, as the runner names it. */
export interface IdTokenService {
  readonly url: string;
  readonly requestToken: Secret;
}

export interface SmokeTestInputs {
  readonly sample: Sample;
  /** Empty: wherever traffic goes. */
  readonly deployment: string | undefined;
  readonly timeoutMs: number;
  /** Whether the credential may travel in clear to an `http://` scoring URI. */
  readonly allowInsecureHttp: boolean;
}

export interface Inputs {
  readonly endpoint: EndpointAddress;
  readonly login: LoginInputs;
  readonly cloud: CloudChoice;
  /** Which key to emit. */
  readonly key: 'primary' | 'secondary';
  readonly minimumValidityMs: number;
  readonly outputCredential: boolean;
  readonly smokeTest: SmokeTestInputs | undefined;
  /** PEM text trusted besides the system's certificates. */
  readonly caCertificate: string | undefined;
  readonly summary: boolean;
}

/**
 * Reads every input, and nothing else does.
 * @throws InputError
 */
export function readInputs(source: InputSource): Inputs {
  const reader = createReader(source);
  const endpoint = readEndpointAddress(reader);
  if (endpoint !== undefined) keepVisible(...Object.values(endpoint));
  const login = readLogin(reader, source.environment);
  const inputs = {
    login,
    cloud: readCloud(reader),
    key: reader.oneOf('key', ['primary', 'secondary']),
    minimumValidityMs: reader.duration('minimum-validity', 0),
    outputCredential: reader.boolean('output-credential'),
    smokeTest: readSmokeTest(reader, source),
    caCertificate: readCaCertificate(reader, source),
    summary: reader.boolean('summary'),
  };
  if (endpoint === undefined || reader.mistakes.length > 0) throw new InputError(reader.mistakes);
  return { endpoint, ...inputs };
}

function readLogin(reader: InputReader, environment: InputSource['environment']): LoginInputs {
  const choice = reader.oneOf('login', LOGIN_CHOICES);
  const clientId = reader.text('client-id') || undefined;
  const tenantId = reader.text('tenant-id') || undefined;
  if (clientId !== undefined && !NAME_RULES.subscription.pattern.test(clientId)) {
    reader.mistake(
      'client-id',
      clientId,
      'Write the application (client) ID of the app registration, a GUID.',
    );
  }
  if (tenantId !== undefined && !isTenant(tenantId)) {
    reader.mistake(
      'tenant-id',
      tenantId,
      'Write the directory (tenant) ID, a GUID, or a domain of the tenant.',
    );
  }
  keepVisible(clientId, tenantId);
  const clientSecret = readClientSecret(reader);
  const lacking: readonly [boolean, InputName][] = [
    [needsApplication(choice) && clientId === undefined, 'client-id'],
    [needsApplication(choice) && tenantId === undefined, 'tenant-id'],
    [choice === 'client-secret' && clientSecret === undefined, 'client-secret'],
  ];
  for (const [missing, name] of lacking) {
    if (missing && !reader.mistakes.some((mistake) => mistake.startsWith(name))) {
      reader.mistake(name, '', `login: ${choice} needs it${environmentHint(name)}.`);
    }
  }
  const idTokenService = readIdTokenService(reader, environment);
  const federatedTokenFile = environment.AZURE_FEDERATED_TOKEN_FILE || undefined;
  return { choice, clientId, tenantId, clientSecret, idTokenService, federatedTokenFile };
}

function readIdTokenService(
  reader: InputReader,
  environment: InputSource['environment'],
): IdTokenService | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
  if (!url || !token) return undefined;
  const requestToken = guarded(reader, 'login', token, "The request token of GitHub's ID-token service");
  return requestToken && { url, requestToken };
}

function needsApplication(choice: LoginChoice): boolean {
  return choice === 'oidc' || choice === 'client-secret' || choice === 'workload-identity';
}

function environmentHint(name: InputName): string {
  const { environment }: InputDeclaration = INPUTS[name];
  return environment === undefined ? '' : `, as the input or as ${environment} in the environment`;
}

function isTenant(value: string): boolean {
  return NAME_RULES.subscription.pattern.test(value) || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value);
}

function readClientSecret(reader: InputReader): Secret | undefined {
  const value = reader.text('client-secret');
  return value === '' ? undefined : guarded(reader, 'client-secret', value, 'The client secret');
}

function guarded(reader: InputReader, input: InputName, value: string, what: string): Secret | undefined {
  try {
    return guard(value, what);
  } catch (error) {
    if (!(error instanceof UnmaskableError)) throw error;
    reader.mistake(input, '', error.message);
    return undefined;
  }
}

function readCloud(reader: InputReader): CloudChoice {
  const value = reader.text('cloud');
  if (!value.includes(':')) return { kind: 'known', name: reader.oneOf('cloud', CLOUD_NAMES) };
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '') {
    reader.mistake(
      'cloud',
      value,
      `Choose one of ${CLOUD_NAMES.join(', ')}, or the https URL of a Resource Manager's metadata document.`,
    );
  }
  return { kind: 'metadata', url: value };
}

function readSmokeTest(reader: InputReader, source: InputSource): SmokeTestInputs | undefined {
  const request = reader.text('sample-request');
  const deployment = reader.text('deployment') || undefined;
  const timeoutMs = reader.duration('timeout', 1);
  const allowInsecureHttp = reader.boolean('allow-insecure-http');
  if (deployment !== undefined) {
    const broken = brokenRule('deployment', deployment);
    if (broken !== undefined) reader.mistake('deployment', deployment, broken);
    else if (request === '') {
      reader.mistake(
        'deployment',
        deployment,
        'Nothing would be tested: give a sample-request to send to it.',
      );
    }
  }
  if (request === '') return undefined;
  const sample = readSample(request, source.readFile);
  if (typeof sample === 'string') {
    reader.mistake('sample-request', request, sample);
    return undefined;
  }
  return { sample, deployment, timeoutMs, allowInsecureHttp };
}

function readCaCertificate(reader: InputReader, source: InputSource): string | undefined {
  const path = reader.text('ca-certificate');
  if (path === '') return undefined;
  try {
    const pem = source.readFile(path).toString('utf8');
    if (/-----BEGIN (?:TRUSTED )?CERTIFICATE-----/.test(pem)) return pem;
    reader.mistake(
      'ca-certificate',
      path,
      'The file holds no PEM certificate (-----BEGIN CERTIFICATE-----).',
    );
  } catch (error) {
    reader.mistake('ca-certificate', path, `The file cannot be read (${codeOf(error)}).`);
  }
  return undefined;
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code ?? 'unknown error');
}

/** Where secrets stand in the environment of the step. */
export const SECRET_VARIABLES: readonly string[] = [
  'INPUT_CLIENT-SECRET',
  'AZURE_CLIENT_SECRET',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];
