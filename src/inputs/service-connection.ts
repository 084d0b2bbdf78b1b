import type { IdTokenSource } from '../azure/sign-in/settings.ts';
import { guard, type Secret, UnmaskableError } from '../secrets/secret.ts';
import { quote } from '../secrets/untrusted.ts';
import { objectIn, parseJson, stringIn } from '../text/json.ts';
import { words } from '../text/words.ts';
import { type Inputs, readInputs, type ServerInputs } from './inputs.ts';
import type { InputSource } from './reader.ts';

/** The job's own connection, whose token asks for ID tokens. */
const OWN = 'SYSTEMVSSCONNECTION';

/** What a service connection says of the sign-in and of the endpoint's place, by the names of the inputs. */
interface Connection {
  /** As if they were given. */
  readonly identity: Readonly<Record<string, string>>;
  /** Where neither the user nor the environment says anything. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly idTokens?: IdTokenSource | undefined;
  readonly mistakes: readonly string[];
}

/**
 * Reads the inputs of a task of Azure Pipelines. The service connection signs in, unless `login` says another way.
 * @throws InputError
 */
export function readTaskInputs(source: InputSource): Promise<Inputs | ServerInputs> {
  const id = (source.input('azure-subscription') ?? '').trim();
  if (id === '' || (source.input('url') ?? '').trim() !== '') return readInputs(source);
  const login = (source.input('login') ?? '').trim().toLowerCase();
  const signsIn = login === '' || login === 'auto';
  const { identity, defaults, idTokens, mistakes } = readConnection(id, source.environment);
  return readInputs({
    ...source,
    // `login` says no more than that the connection may sign in.
    input: (name) => {
      const given = name === 'login' && signsIn ? '' : source.input(name)?.trim();
      return given || (signsIn ? identity[name] : undefined);
    },
    fallback: (name) => defaults[name],
    idTokens: signsIn ? idTokens : undefined,
    mistakes: signsIn ? mistakes : [],
  });
}

/** The agent hands over a connection in variables, each named after the connection's ID. */
function readConnection(id: string, environment: InputSource['environment']): Connection {
  const parameter = (name: string): string =>
    environment[`ENDPOINT_AUTH_PARAMETER_${id}_${name}`]?.trim() ?? '';
  const data = (name: string): string => environment[`ENDPOINT_DATA_${id}_${name}`]?.trim() ?? '';
  const scheme = (environment[`ENDPOINT_AUTH_SCHEME_${id}`] ?? '').trim();
  const defaults = present({
    'subscription-id': data('SUBSCRIPTIONID'),
    'resource-group': data('RESOURCEGROUPNAME'),
    workspace: data('MLWORKSPACENAME'),
  });
  const cloud = data('ENVIRONMENT');
  const application = present({
    'client-id': parameter('SERVICEPRINCIPALID'),
    'tenant-id': parameter('TENANTID'),
    cloud: cloud === 'AzureStack' ? '' : cloud,
  });
  const connection = (
    login: string,
    identity: Readonly<Record<string, string>> = {},
    more: Partial<Connection> = {},
  ): Connection => ({ identity: { login, ...application, ...identity }, defaults, mistakes: [], ...more });
  const mistaken = (why: string): Connection => ({
    identity: {},
    defaults,
    mistakes: [`${words.label('azure-subscription')}: ${why}`],
  });
  switch (scheme.toLowerCase()) {
    case 'workloadidentityfederation': {
      const idTokens = idTokensOf(id, environment, parameter('IDTOKEN'));
      return typeof idTokens === 'string' ? mistaken(idTokens) : connection('oidc', {}, { idTokens });
    }
    case 'serviceprincipal':
      return parameter('AUTHENTICATIONTYPE').toLowerCase() === 'spncertificate'
        ? mistaken(
            'The connection signs in with a certificate, which this task does not. Convert it: Project settings, Service connections, the connection, Convert to workload identity federation. No secret is needed then.',
          )
        : connection('client-secret', { 'client-secret': parameter('SERVICEPRINCIPALKEY') });
    case 'managedserviceidentity':
      return connection('managed-identity');
    case '':
      return mistaken(
        'There is no such service connection, or this pipeline may not use it. Allow that under Project settings, Service connections, Security.',
      );
    default:
      return mistaken(
        `The connection's scheme is '${quote(scheme, 60)}'. A connection of type Azure Resource Manager with workload identity federation, a secret or a managed identity signs in here.`,
      );
  }
}

/** @returns a sentence when there is no way to get ID tokens */
function idTokensOf(
  id: string,
  environment: InputSource['environment'],
  handedOver: string,
): IdTokenSource | string {
  const url = (environment.SYSTEM_OIDCREQUESTURI ?? '').trim();
  const accessToken = ownToken(environment);
  if (URL.canParse(url) && accessToken !== '') {
    const requestToken = guarded(accessToken, "The job's access token");
    if (typeof requestToken === 'string') return requestToken;
    return { kind: 'service-connection', url, connectionId: id, requestToken };
  }
  if (handedOver === '')
    return `The connection federates a workload identity, and the ${words.machine} does not say where to get its ID token (SYSTEM_OIDCREQUESTURI). Update the ${words.machine}.`;
  const token = guarded(handedOver, "The service connection's ID token");
  return typeof token === 'string' ? token : { kind: 'given', token };
}

function ownToken(environment: InputSource['environment']): string {
  const alone = environment[`ENDPOINT_AUTH_PARAMETER_${OWN}_ACCESSTOKEN`]?.trim();
  if (alone) return alone;
  const { parameters } = objectIn(parseJson(environment[`ENDPOINT_AUTH_${OWN}`] ?? ''));
  return stringIn(objectIn(parameters).AccessToken) ?? environment.SYSTEM_ACCESSTOKEN?.trim() ?? '';
}

function guarded(value: string, what: string): Secret | string {
  try {
    return guard(value, what);
  } catch (error) {
    if (!(error instanceof UnmaskableError)) throw error;
    return error.message;
  }
}

function present(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}
