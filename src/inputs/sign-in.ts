import { CLOUD_NAMES, type CloudChoice } from '../azure/clouds.ts';
import {
  type IdTokenService,
  SIGN_IN_CHOICES,
  type SignInChoice,
  type SignInSettings,
} from '../azure/sign-in/settings.ts';
import { guard, keepVisible, type Secret, UnmaskableError } from '../secrets/secret.ts';
import { GUID } from '../text/guid.ts';
import { INPUTS, type InputName } from './declarations.ts';
import { type InputReader, type InputSource, variableOf } from './reader.ts';

/** The variables in the environment of the step that hold secrets. */
export const SECRET_VARIABLES: readonly string[] = [...secretInputs(), 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'];

function secretInputs(): readonly string[] {
  return (Object.keys(INPUTS) as InputName[]).flatMap((name) => {
    const { secret, environment } = INPUTS[name];
    if (!secret) return [];
    return environment === undefined ? [variableOf(name)] : [variableOf(name), environment];
  });
}

export function readSignInSettings(
  reader: InputReader,
  environment: InputSource['environment'],
): SignInSettings {
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
  const requirements: readonly [boolean, InputName][] = [
    [needsApplication(choice) && clientId === undefined, 'client-id'],
    [needsApplication(choice) && tenantId === undefined, 'tenant-id'],
    [choice === 'client-secret' && clientSecret === undefined, 'client-secret'],
  ];
  for (const [missing, name] of requirements) {
    if (missing && !reader.mistakes.some((mistake) => mistake.startsWith(name))) {
      reader.mistake(name, '', `login: ${choice} needs it${environmentHint(name)}.`);
    }
  }
  const idTokenService = readIdTokenService(reader, environment);
  const federatedTokenFile = environment.AZURE_FEDERATED_TOKEN_FILE || undefined;
  return { choice, clientId, tenantId, clientSecret, idTokenService, federatedTokenFile };
}

export function readCloud(reader: InputReader): CloudChoice {
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
  const { environment } = INPUTS[name];
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
