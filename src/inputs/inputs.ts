import type { CloudChoice } from '../azure/clouds.ts';
import type { EndpointAddress } from '../azure/resource-id.ts';
import type { SignInSettings } from '../azure/sign-in/settings.ts';
import { keepVisible } from '../secrets/secret.ts';
import type { SmokeTestInputs } from '../smoke-test/settings.ts';
import { words } from '../text/words.ts';
import { type CredentialSettings, readCredentialSettings } from './credential.ts';
import { readCreds } from './creds.ts';
import { INPUTS, type InputName } from './declarations.ts';
import { readEndpointAddress, requireSubscription } from './endpoint.ts';
import { guardProxyPasswords, readCaCertificates, refuseUnusableProxies } from './network.ts';
import { createReader, InputError, type InputReader, type InputSource } from './reader.ts';
import { readServer, refuseIdleCredential, type Server } from './server.ts';
import { readCloud, readSignInSettings } from './sign-in.ts';
import { readSmokeTest } from './smoke-test.ts';

/** What both kinds of a step have. */
interface CommonInputs {
  /** PEM texts trusted besides the system's certificates. */
  readonly caCertificates: readonly string[];
  readonly summary: boolean;
}

/** A step that tests a server without Azure before it. */
export interface ServerInputs extends CommonInputs {
  readonly server: Server;
  readonly smokeTest: SmokeTestInputs;
}

/** A step that gets the credential of an endpoint, and may test it. */
export interface Inputs extends CredentialSettings, CommonInputs {
  readonly server?: undefined;
  readonly endpoint: EndpointAddress;
  readonly login: SignInSettings;
  readonly cloud: CloudChoice;
  /** Without it the step only resolves the credential. */
  readonly smokeTest: SmokeTestInputs | undefined;
  /** `deployment: idle` without a smoke test: which it is is all that is asked. */
  readonly findsIdle: boolean;
}

/**
 * Reads every input, and nothing else does.
 * @throws InputError
 */
export async function readInputs(source: InputSource): Promise<Inputs | ServerInputs> {
  const reader = createReader(source);
  guardProxyPasswords(source);
  refuseUnusableProxies(reader, source);
  refuseBlankInputs(reader);
  if (reader.text('url') !== '') return readServerInputs(reader, source);
  refuseIdleCredential(reader);
  const creds = readCreds(reader);
  const endpoint = readEndpointAddress(reader, creds);
  if (endpoint !== undefined) keepVisible(...Object.values(endpoint));
  const lacksSubscription = endpoint?.subscriptionId === '' ? { lacksSubscription: true as const } : {};
  const login = { ...readSignInSettings(reader, source, creds), ...lacksSubscription };
  requireSubscription(reader, endpoint, login);
  const inputs = {
    login,
    cloud: readCloud(reader, creds),
    ...readCredentialSettings(reader),
    smokeTest: await readSmokeTest(reader, source),
    findsIdle: reader.text('deployment') === 'idle',
    caCertificates: readCaCertificates(reader, source),
    summary: reader.boolean('summary'),
  };
  if (endpoint === undefined || isMistaken(reader)) throw inputError(reader, shownEndpoint(reader, endpoint));
  return { endpoint, ...inputs };
}

async function readServerInputs(reader: InputReader, source: InputSource): Promise<ServerInputs> {
  const server = readServer(reader, source.environment);
  const smokeTest = await readSmokeTest(reader, source, true);
  if (smokeTest === undefined && !isMistaken(reader))
    reader.mistake(
      'url',
      '',
      `No request would be sent. Give one in ${words.label('sample-request')}, or name a smoke-test file.`,
    );
  const inputs = {
    caCertificates: readCaCertificates(reader, source),
    summary: reader.boolean('summary'),
  };
  if (server === undefined || smokeTest === undefined || isMistaken(reader))
    throw inputError(reader, server?.name ?? '');
  return { server, smokeTest, ...inputs };
}

function isMistaken({ mistakes, fileMistakes }: InputReader): boolean {
  return mistakes.length + fileMistakes.length > 0;
}

/** @param endpoint its name for the title of a summary */
function inputError(reader: InputReader, endpoint: string): InputError {
  return new InputError(reader.mistakes, reader.fileMistakes, {
    endpoint,
    // A value that is neither true nor false is a mistake, which the summary should show.
    summary: reader.text('summary').toLowerCase() !== 'false',
  });
}

/** The endpoint's name, or its input as it was given, for the title of a summary. */
function shownEndpoint(reader: InputReader, endpoint: EndpointAddress | undefined): string {
  const name = endpoint?.name ?? reader.text('endpoint');
  return name === '' || !reader.mayBeSecret(name) ? name : reader.shown(name);
}

/** An input of blanks would mean the same as none at all: less would be tested than was meant. */
function refuseBlankInputs(reader: InputReader): void {
  for (const name of Object.keys(INPUTS) as InputName[]) {
    if (!['Test', 'Report'].includes(INPUTS[name].group) || !reader.isBlank(name)) continue;
    reader.mistake(
      name,
      '',
      `It contains only white space. Give a value, or leave the ${words.inputNoun} out.`,
    );
  }
}
