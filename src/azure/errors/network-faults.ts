import type { ServiceError } from '../../network/service-error.ts';
import type { ErrorContext } from './error-context.ts';
import { type Lines, named } from './refusal.ts';
import { METADATA_URL } from './sign-in.ts';

export interface Place {
  readonly leg: ServiceError['call'];
  readonly situation: ErrorContext;
}

/** One kind of fault on the way; `seen` continues the sentence that begins with who was asked. */
export interface Fault {
  readonly codes: readonly string[];
  readonly seen: string;
  /** Whether it is the proxy's, when there is one: then the connection was the proxy's. */
  readonly ofProxy?: boolean;
  readonly advice: (place: Place) => Lines;
}

export const PROXY_ADVICE =
  'Check HTTPS_PROXY, and name hosts that must be reached without the proxy in NO_PROXY.';

const TRUST =
  "Name a PEM file with the certificate of the authority that signed it in the input 'ca-certificate', or in NODE_EXTRA_CA_CERTS in the step's env. When the system's own store has it, NODE_USE_SYSTEM_CA: 1 there is enough. Never turn verification off: the credential would go to whoever answers.";

export const FAULTS: readonly Fault[] = [
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'],
    seen: 'has a name that the DNS of this runner does not know',
    ofProxy: true,
    advice: (place) => [whereToLook(place), ...privateLink(place)],
  },
  {
    codes: ['ECONNREFUSED'],
    seen: 'refused the connection',
    ofProxy: true,
    advice: () => ['Check that the address is right and that no firewall stands between the runner and it.'],
  },
  {
    codes: ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT', 'DeadlineError', 'AbortError'],
    seen: 'did not answer in time',
    advice: (place) => ['Check the firewall and the proxy between the runner and it.', ...privateLink(place)],
  },
  {
    codes: ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES'],
    seen: 'cannot be reached from the network of this runner',
    ofProxy: true,
    advice: () => ['Check the routes and the firewall of the runner.'],
  },
  {
    codes: ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'aborted', 'socket hang up'],
    seen: 'broke the connection off before its answer was complete',
    advice: () => ['Run the job again. If it happens every time, a firewall or a proxy on the way does it.'],
  },
  {
    codes: [
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_GET_ISSUER_CERT',
      'CERT_UNTRUSTED',
    ],
    seen: 'shows a certificate from an authority that this runner does not trust',
    advice: () => ['A private cloud, or a proxy that reads TLS traffic, has an authority of its own.', TRUST],
  },
  {
    codes: ['CERT_HAS_EXPIRED'],
    seen: 'shows a certificate that has expired',
    advice: () => ['Its operator must renew it. If it is valid elsewhere, the clock of the runner is wrong.'],
  },
  {
    codes: ['CERT_NOT_YET_VALID'],
    seen: 'shows a certificate that is not valid yet',
    advice: () => ['The clock of the runner is probably wrong. Set it by NTP.'],
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    seen: 'shows a certificate for another host name',
    advice: () => [
      'Something else answers in its place: check the DNS of the runner, its proxy and the address. A private endpoint must be asked by the name in its certificate.',
    ],
  },
  {
    codes: ['ELINKLOCAL'],
    seen: 'has a name that leads to a link-local address, where machines find credentials and no endpoint is',
    advice: () => ['Nothing was sent. Check the DNS of the runner.'],
  },
  {
    codes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    seen: 'does not speak TLS as this runner does',
    advice: () => [
      'It may expect plain HTTP, or TLS older than 1.2. Check the address, its port and the proxy.',
    ],
  },
  {
    codes: ['SyntaxError', 'PARSE_ERROR', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_VERSION'],
    seen: 'answered with something that is not its format',
    advice: ({ leg, situation }) => [
      `A proxy, a sign-in page of the network or another server answered in its place.${situation.proxyHost === undefined ? '' : ` ${PROXY_ADVICE}`}`,
      ...(leg === 'metadata' ? [METADATA_URL] : []),
    ],
  },
  {
    codes: ['endpoints_resolution_error', 'openid_config_error'],
    seen: 'gave no description of the tenant',
    advice: ({ situation }) => [
      `Check the inputs 'tenant-id'${situation.tenantId ? ` (now ${named(situation.tenantId)})` : ''} and 'cloud' (now ${named(situation.cloud)}), and that the runner reaches the host.`,
    ],
  },
];

const MICROSOFTS: readonly string[] = ['AzureCloud', 'AzureUSGovernment', 'AzureChinaCloud'];

/** What can be wrong with the address: a name of one's own cloud, but hardly one of Microsoft's or GitHub's. */
export function whereToLook({ leg, situation }: Place): string {
  if (leg === 'metadata') return METADATA_URL;
  return leg === 'ID token' || leg === 'scoring' || MICROSOFTS.includes(situation.cloud)
    ? 'Check the network of the runner: its DNS, its firewall and its proxy.'
    : `Check the input 'cloud' (now ${named(situation.cloud)}), and the DNS of the runner.`;
}

function privateLink({ leg }: Place): Lines {
  return leg === 'ID token'
    ? []
    : [
        'If it is reachable through a private link only, run the job on a self-hosted runner in its virtual network.',
      ];
}
