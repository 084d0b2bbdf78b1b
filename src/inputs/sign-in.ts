import { CLOUD_NAMES, type CloudChoice, knownCloudAt } from '../azure/clouds.ts';
import {
  type IdTokenSource,
  SIGN_IN_CHOICES,
  type SignInChoice,
  type SignInSettings,
} from '../azure/sign-in/settings.ts';
import { guard, keepVisible, type Secret, UnmaskableError } from '../secrets/secret.ts';
import { GUID } from '../text/guid.ts';
import { words } from '../text/words.ts';
import { type Creds, guardCreds } from './creds.ts';
import { INPUTS, type InputName } from './declarations.ts';
import type { InputReader, InputSource } from './reader.ts';

/** @param creds what is in `creds`; an input of its own comes before it, a variable of the environment after it */
export function readSignInSettings(
  reader: InputReader,
  { environment, idTokens: ofHost }: Pick<InputSource, 'environment' | 'idTokens'>,
  creds: Creds,
): SignInSettings {
  const choice = reader.oneOf('login', SIGN_IN_CHOICES);
  const clientId = identity(reader, creds.clientId, 'client-id');
  const tenantId = identity(reader, creds.tenantId, 'tenant-id');
  if (clientId !== undefined && !GUID.test(clientId)) {
    reportId(
      reader,
      'client-id',
      clientId,
      creds.clientId,
      'the application (client) ID of the app registration, a GUID.',
    );
  }
  if (tenantId !== undefined && !isTenant(tenantId)) {
    reportId(
      reader,
      'tenant-id',
      tenantId,
      creds.tenantId,
      'the directory (tenant) ID, a GUID, or a domain of the tenant.',
    );
  }
  if (clientId !== creds.clientId) keepVisible(clientId);
  if (tenantId !== creds.tenantId) keepVisible(tenantId);
  guardCreds(creds);
  const clientSecret = readClientSecret(reader, creds);
  const areBothEmpty = clientId === undefined && tenantId === undefined;
  const whyEmpty = areBothEmpty ? words.whyIdentityIsEmpty(environment) : undefined;
  const requirements: readonly [boolean, InputName][] = [
    [needsApplication(choice) && clientId === undefined, 'client-id'],
    [needsApplication(choice) && tenantId === undefined, 'tenant-id'],
    [choice === 'client-secret' && clientSecret === undefined, 'client-secret'],
  ];
  for (const [missing, name] of requirements) {
    if (missing && !reader.mistakes.some((mistake) => mistake.startsWith(words.label(name)))) {
      const why = name === 'tenant-id' && whyEmpty !== undefined ? ` ${whyEmpty}` : '';
      reader.mistake(
        name,
        '',
        `It is missing, and ${words.setting('login', choice)} needs it${environmentHint(name)}.${why}`,
      );
    }
  }
  const idTokens = ofHost ?? readIdTokens(reader, environment);
  if (idTokens?.kind === 'github' && !URL.canParse(idTokens.url)) {
    const isNeeded = choice === 'oidc' || (choice === 'auto' && clientSecret === undefined);
    if (isNeeded) {
      reader.mistake('login', '', words.idToken.brokenAddress);
    }
  }
  const federatedTokenFile = environment.AZURE_FEDERATED_TOKEN_FILE || undefined;
  return { choice, clientId, tenantId, clientSecret, idTokens, federatedTokenFile, whyEmpty };
}

/** A client or tenant ID. */
function identity(
  reader: InputReader,
  inCreds: string | undefined,
  name: 'client-id' | 'tenant-id',
): string | undefined {
  const given = reader.given(name);
  if (given !== '' && inCreds !== undefined && given.toLowerCase() !== inCreds.toLowerCase()) {
    reader.mistake(name, given, `${words.input('creds')} has a different value. Leave one of the two out.`);
  }
  return given || inCreds || reader.text(name) || undefined;
}

/** What is in `creds` is not shown. */
function reportId(
  reader: InputReader,
  name: 'client-id' | 'tenant-id',
  value: string,
  inCreds: string | undefined,
  rule: string,
): void {
  const areSwapped = name === 'client-id' && GUID.test(reader.text('client-secret'));
  const swapped = areSwapped
    ? ` Are ${words.input('client-id')} and ${words.input('client-secret')} swapped?`
    : '';
  if (value !== inCreds) reader.mistake(name, value, `Write ${rule}${swapped}`);
  else reader.mistake('creds', '', `${name === 'client-id' ? 'clientId' : 'tenantId'} must be ${rule}`);
}

/** `creds` may be those of another cloud than the public one. */
export function readCloud(reader: InputReader, { resourceManager }: Creds): CloudChoice {
  const ofCreds = resourceManager === undefined ? undefined : knownCloudAt(resourceManager);
  if (ofCreds !== undefined && reader.given('cloud') === '') return { kind: 'known', name: ofCreds };
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

/** What the CI system says of its ID-token service; else the token that it has put into a variable. */
function readIdTokens(
  reader: InputReader,
  environment: InputSource['environment'],
): IdTokenSource | undefined {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = environment;
  if (!url || !token) return readGivenToken(reader, environment);
  const requestToken = guarded(reader, 'login', token, `The request token of ${words.idToken.service}`);
  return requestToken && { kind: 'github', url, requestToken };
}

function readGivenToken(
  reader: InputReader,
  { ARM_OIDC_TOKEN: value = '' }: InputSource['environment'],
): IdTokenSource | undefined {
  if (value.trim() === '') return undefined;
  const token = guarded(reader, 'login', value.trim(), 'The ID token in ARM_OIDC_TOKEN');
  return token && { kind: 'given', token };
}

function needsApplication(choice: SignInChoice): boolean {
  return choice === 'oidc' || choice === 'client-secret' || choice === 'workload-identity';
}

function environmentHint(name: InputName): string {
  const { environment } = INPUTS[name];
  return environment === undefined
    ? ''
    : `, as the ${words.inputNoun} or as ${environment} in the environment`;
}

function isTenant(value: string): boolean {
  return GUID.test(value) || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(value);
}

function readClientSecret(reader: InputReader, creds: Creds): Secret | undefined {
  const given = reader.given('client-secret');
  if (given !== '' && creds.clientSecret !== undefined && given !== creds.clientSecret) {
    reader.mistake(
      'client-secret',
      '',
      `${words.input('creds')} has a different value. Leave one of the two out.`,
    );
  }
  const value = given || creds.clientSecret || reader.text('client-secret');
  if (/^\s*\{/.test(value)) {
    reader.mistake(
      'client-secret',
      '',
      `It is JSON, not a secret. Give the JSON for azure/login as ${words.input('creds')}.`,
    );
    return undefined;
  }
  const from = value === creds.clientSecret ? 'creds' : 'client-secret';
  return value === '' ? undefined : guarded(reader, from, value, 'The client secret');
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
