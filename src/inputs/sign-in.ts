import {
  type IdTokenService,
  SIGN_IN_CHOICES,
  type SignInChoice,
  type SignInSettings,
} from '../azure/sign-in/settings.ts';
import { passwordIn } from '../network/proxy-environment.ts';
import { MINIMUM_LENGTH } from '../secrets/masks.ts';
import { guard, keepVisible, type Secret, UnmaskableError } from '../secrets/secret.ts';
import { GUID } from '../text/guid.ts';
import {
  INPUTS,
  type InputDeclaration,
  type InputName,
  type InputReader,
  type InputSource,
} from './reader.ts';

/** Proxies may be given with user and password. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'] as const;

/** Has the password of a proxy masked, as it is written and as it is sent. */
export function guardProxyPasswords({ environment, unusableProxies = [] }: InputSource): void {
  for (const { name, value } of unusableProxies) {
    const password = passwordIn(value);
    if (password.length >= MINIMUM_LENGTH) guard(password, `The password in ${name}`);
  }
  for (const name of PROXY_VARIABLES.flatMap((each) => [each, each.toLowerCase()])) {
    const value = environment[name] ?? '';
    const { username = '', password = '' } = URL.canParse(value) ? new URL(value) : {};
    if (password === '') continue;
    const plain = decoded(password);
    for (const each of new Set([password, plain, `${decoded(username)}:${plain}`])) {
      // A short one cannot be masked; nothing here prints it.
      if (each.length >= MINIMUM_LENGTH) guard(each, `The password in ${name}`);
    }
  }
}

/** A stray percent sign stands for itself, as proxies read it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Where secrets stand in the environment of the step. */
export const SECRET_VARIABLES: readonly string[] = [
  'INPUT_CLIENT-SECRET',
  'AZURE_CLIENT_SECRET',
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];

export function readLogin(reader: InputReader, environment: InputSource['environment']): SignInSettings {
  const choice = reader.oneOf('login', SIGN_IN_CHOICES);
  const clientId = reader.text('client-id') || undefined;
  const tenantId = reader.text('tenant-id') || undefined;
  if (clientId !== undefined && !GUID.test(clientId)) {
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

function needsApplication(choice: SignInChoice): boolean {
  return choice === 'oidc' || choice === 'client-secret' || choice === 'workload-identity';
}

function environmentHint(name: InputName): string {
  const { environment }: InputDeclaration = INPUTS[name];
  return environment === undefined ? '' : `, as the input or as ${environment} in the environment`;
}

function isTenant(value: string): boolean {
  return GUID.test(value) || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value);
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
