import type { Call } from '../../network/deadlines.ts';
import { words } from '../../text/words.ts';
import { isKnownCloud } from '../clouds.ts';
import { CHECK_METADATA_URL, CHECK_PROXY_VARIABLES } from './advice.ts';
import type { ErrorContext } from './error-context.ts';
import { type Lines, withValue } from './refusal.ts';

/** Where a fault was met, for advice that depends on it. */
export interface Place {
  readonly call: Call;
  readonly context: ErrorContext;
}

/** One kind of network fault. `seen` continues a sentence that begins with the service that was called. */
export interface Fault {
  readonly codes: readonly string[];
  readonly seen: string;
  /** Whether it is a fault of connecting, and thus the proxy's when there is one. */
  readonly ofProxy?: boolean;
  readonly advice: (place: Place) => Lines;
}

const TRUST = `Name a PEM file with the certificate of the authority that signed it in ${words.theInputs(['ca-certificate'])}, or in NODE_EXTRA_CA_CERTS in ${words.environment}. When the system's own store has it, NODE_USE_SYSTEM_CA: 1 there is enough. Never turn verification off: the credential would go to any server that answers.`;

export const FAULTS: readonly Fault[] = [
  {
    codes: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENODATA'],
    seen: `has a name that the DNS of this ${words.machine} does not know`,
    ofProxy: true,
    advice: (place) => [whereToLook(place), ...privateLink(place)],
  },
  {
    codes: ['EmptyResponse'],
    seen: 'answered 200 with an empty body, retries included',
    advice: () => [
      `Run ${words.job} again. If it happens every time, a firewall or a proxy in between is the cause.`,
    ],
  },
  {
    codes: ['HPE_HEADER_OVERFLOW'],
    seen: 'answered with more than 16 KiB of headers',
    advice: () => [
      'That is more than is read. Does the server, or a gateway in front of it, put whole values or many cookies into headers?',
    ],
  },
  {
    codes: ['ECONNREFUSED'],
    seen: 'refused the connection',
    ofProxy: true,
    advice: () => [
      `Check that the address is right and that no firewall stands between the ${words.machine} and it.`,
    ],
  },
  {
    codes: ['ETIMEDOUT', 'ESOCKETTIMEDOUT', 'ERR_SOCKET_CONNECTION_TIMEOUT', 'DeadlineError', 'AbortError'],
    seen: 'did not answer in time',
    advice: (place) => [
      `Check the firewall and the proxy between the ${words.machine} and it.`,
      ...privateLink(place),
    ],
  },
  {
    codes: ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL', 'EACCES'],
    seen: `cannot be reached from the network of this ${words.machine}`,
    ofProxy: true,
    advice: () => [`Check the routes and the firewall of the ${words.machine}.`],
  },
  {
    codes: ['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'aborted', 'socket hang up'],
    seen: 'broke the connection off before its answer was complete',
    advice: () => [
      `Run ${words.job} again. If it happens every time, a firewall or a proxy in between is the cause.`,
    ],
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
    seen: `presents a certificate from an authority that this ${words.machine} does not trust`,
    advice: () => ['A private cloud, or a proxy that reads TLS traffic, has an authority of its own.', TRUST],
  },
  {
    codes: ['CERT_HAS_EXPIRED'],
    seen: 'presents a certificate that has expired',
    advice: () => [
      `Its operator must renew it. If it is valid elsewhere, the clock of the ${words.machine} is wrong.`,
    ],
  },
  {
    codes: ['CERT_NOT_YET_VALID'],
    seen: 'presents a certificate that is not valid yet',
    advice: () => [`The clock of the ${words.machine} is probably wrong. Set it by NTP.`],
  },
  {
    codes: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    seen: 'presents a certificate for another host name',
    advice: () => [
      `Something else answers in its place: check the DNS of the ${words.machine}, its proxy and the address. A private endpoint must be asked by the name in its certificate.`,
    ],
  },
  {
    codes: ['ELINKLOCAL'],
    seen: 'has a name that leads to a link-local address, which machines use to get credentials',
    advice: () => [`Nothing was sent. Check the DNS of the ${words.machine}.`],
  },
  {
    codes: ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
    seen: `could not agree on TLS with this ${words.machine}`,
    advice: () => [
      'It may expect plain HTTP, or TLS older than 1.2. Check the address, its port and the proxy.',
    ],
  },
  {
    codes: ['SyntaxError', 'PARSE_ERROR', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_VERSION'],
    seen: 'answered in an unexpected format',
    advice: ({ call, context }) => [
      `A proxy, a sign-in page of the network or another server answered in its place.${context.proxyHost === undefined ? '' : ` ${CHECK_PROXY_VARIABLES}`}`,
      ...(call === 'metadata' ? [CHECK_METADATA_URL] : []),
    ],
  },
  {
    codes: [
      'HPE_UNEXPECTED_CONTENT_LENGTH',
      'HPE_INVALID_CONTENT_LENGTH',
      'HPE_INVALID_TRANSFER_ENCODING',
      'HPE_INVALID_CHUNK_SIZE',
      'HPE_INVALID_HEADER_TOKEN',
      'HPE_INVALID_STATUS',
      'HPE_CR_EXPECTED',
      'HPE_LF_EXPECTED',
      'HPE_STRICT',
    ],
    seen: 'answered with something that is not HTTP: its length is given twice or not in digits, or a header is malformed',
    advice: () => [
      'The network delivered it. Fix the server, or the gateway in front of it, that writes these headers.',
    ],
  },
  {
    codes: ['endpoints_resolution_error', 'openid_config_error'],
    seen: 'gave no description of the tenant',
    advice: ({ context }) => [
      `Check ${words.theInputs(['tenant-id', 'cloud'], (name) => withValue(name, context))}, and that the ${words.machine} reaches the host.`,
    ],
  },
];

/** What to check when a service cannot be reached. Only the address of a private cloud is likely to be wrong. */
export function whereToLook({ call, context }: Place): string {
  if (call === 'metadata') return CHECK_METADATA_URL;
  return call === 'ID token' || call === 'scoring' || isKnownCloud(context.cloud)
    ? `Check the network of the ${words.machine}: its DNS, its firewall and its proxy.`
    : `Check ${words.theInputs(['cloud'], (name) => withValue(name, context))}, and the DNS of the ${words.machine}.`;
}

function privateLink({ call, context }: Place): Lines {
  return call === 'ID token' || context.isServer
    ? []
    : [
        `If it is reachable through a private link only, run ${words.job} on ${words.ownMachine} in its virtual network.`,
      ];
}
