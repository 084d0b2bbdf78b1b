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
import { readCloud, readSignInSettings } from './sign-in.ts';
import { readSmokeTest } from './smoke-test.ts';

export interface Inputs extends CredentialSettings {
  readonly endpoint: EndpointAddress;
  readonly login: SignInSettings;
  readonly cloud: CloudChoice;
  /** Without it the step only resolves the credential. */
  readonly smokeTest: SmokeTestInputs | undefined;
  /** `deployment: idle` without a smoke test: which it is is all that is asked. */
  readonly findsIdle: boolean;
  /** PEM texts trusted besides the system's certificates. */
  readonly caCertificates: readonly string[];
  readonly summary: boolean;
}

/**
 * Reads every input, and nothing else does.
 * @throws InputError
 */
export async function readInputs(source: InputSource): Promise<Inputs> {
  const reader = createReader(source);
  guardProxyPasswords(source);
  refuseUnusableProxies(reader, source);
  refuseBlankInputs(reader);
  const creds = readCreds(reader);
  const endpoint = readEndpointAddress(reader, creds);
  if (endpoint !== undefined) keepVisible(...Object.values(endpoint));
  const login = readSignInSettings(reader, source.environment, creds);
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
  if (endpoint === undefined || reader.mistakes.length + reader.fileMistakes.length > 0) {
    throw new InputError(reader.mistakes, reader.fileMistakes, {
      endpoint: shownEndpoint(reader, endpoint),
      // A value that is neither true nor false is a mistake, which the summary should show.
      summary: reader.text('summary').toLowerCase() !== 'false',
    });
  }
  return { endpoint, ...inputs };
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
      `It holds nothing but white space. Give a value, or leave the ${words.inputNoun} out.`,
    );
  }
}
