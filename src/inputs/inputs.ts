import { CLOUD_NAMES, type CloudChoice } from '../azure/clouds.ts';
import type { EndpointAddress } from '../azure/resource-id.ts';
import type { SignInSettings } from '../azure/sign-in/settings.ts';
import { keepVisible } from '../secrets/secret.ts';
import type { SmokeTestInputs } from '../smoke-test/settings.ts';
import { readEndpointAddress } from './endpoint.ts';
import { codeOf, createReader, InputError, type InputReader, type InputSource } from './reader.ts';
import { guardProxyPasswords, readLogin } from './sign-in.ts';
import { readSmokeTest } from './smoke-test.ts';

export interface Inputs {
  readonly endpoint: EndpointAddress;
  readonly login: SignInSettings;
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
export async function readInputs(source: InputSource): Promise<Inputs> {
  const reader = createReader(source);
  guardProxyPasswords(source);
  for (const { name } of source.unusableProxies ?? []) {
    reader.mistakes.push(
      `${name} is no address of a proxy. Write http://host:port, or http://user:password@host:port with what is special in them percent-encoded.`,
    );
  }
  const endpoint = readEndpointAddress(reader);
  if (endpoint !== undefined) keepVisible(...Object.values(endpoint));
  const login = readLogin(reader, source.environment);
  const inputs = {
    login,
    cloud: readCloud(reader),
    key: reader.oneOf('key', ['primary', 'secondary']),
    minimumValidityMs: reader.duration('minimum-validity', 0),
    outputCredential: reader.boolean('output-credential'),
    smokeTest: await readSmokeTest(reader, source),
    caCertificate: readCaCertificate(reader, source),
    summary: reader.boolean('summary'),
  };
  if (endpoint === undefined || reader.mistakes.length + reader.fileMistakes.length > 0) {
    throw new InputError(reader.mistakes, reader.fileMistakes, {
      endpoint: endpoint?.name ?? reader.text('endpoint'),
      // One that is neither true nor false is a mistake to tell of.
      summary: reader.text('summary').toLowerCase() !== 'false',
    });
  }
  return { endpoint, ...inputs };
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
