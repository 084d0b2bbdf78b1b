import { type Lines, named, quoted, type Refusal, serviceAt } from './refusal.ts';

/** Headers that a service sets and no proxy does. */
const OF_SERVICES = /^(x-ms-|x-vss-|x-tfs-|x-github-|azureml-|ms-azureml-|x-request-id$)/;

/**
 * Whether the proxy answered in the service's place. A proxy's refusal to open a tunnel comes back as the
 * answer to the request, with nothing in it to say whose it is.
 */
export function isProxys({ answer, codes, situation }: Refusal): boolean {
  if (answer.status === 407) return true;
  if (situation.proxyHost === undefined || answer.status < 400) return false;
  return codes.length === 0 && !Object.keys(answer.headers).some((name) => OF_SERVICES.test(name));
}

export function explainProxy(refusal: Refusal): Lines {
  const { leg, host, answer, situation } = refusal;
  const { proxyHost } = situation;
  const proxy = proxyHost === undefined ? 'A proxy' : `The proxy ${named(proxyHost)}`;
  const target = serviceAt(leg, host, situation);
  if (answer.status === 407) {
    return [
      `${proxy} asks for a user and password before it lets requests through to ${target} (HTTP 407).`,
      'Put them into HTTPS_PROXY (http://user:password@host:port), from a secret, or name the host in NO_PROXY.',
    ];
  }
  const body = quoted(refusal);
  return [
    `${proxy} did not let a request through to ${target}: HTTP ${answer.status}${body === '' ? '' : `, ${body}`}`,
    'Allow the host in the proxy, or name it in NO_PROXY if it can be reached without. Check HTTPS_PROXY.',
  ];
}
