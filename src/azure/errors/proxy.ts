import { type Lines, named, quoted, type Refusal, serviceAt } from './refusal.ts';

/** Headers that services set, and proxies do not. */
const OF_SERVICES = /^(x-ms-|x-vss-|x-tfs-|x-github-|azureml-|ms-azureml-|x-request-id$)/;

/**
 * Whether the proxy answered in the service's place. When a proxy refuses to open a tunnel, its refusal comes back
 * as the response to the request, and nothing in it says that the proxy sent it.
 */
export function isOfProxy({ response, codes, context }: Refusal): boolean {
  if (response.status === 407) return true;
  if (context.proxyHost === undefined || response.status < 400) return false;
  return codes.length === 0 && !Object.keys(response.headers).some((name) => OF_SERVICES.test(name));
}

export function explainProxy(refusal: Refusal): Lines {
  const { call, host, response, context } = refusal;
  const { proxyHost } = context;
  const proxy = proxyHost === undefined ? 'A proxy' : `The proxy ${named(proxyHost)}`;
  const target = serviceAt(call, host, context);
  if (response.status === 407) {
    return [
      `${proxy} asks for a user and password before it lets requests through to ${target} (HTTP 407).`,
      'Put them into HTTPS_PROXY (http://user:password@host:port), from a secret, or name the host in NO_PROXY.',
    ];
  }
  const body = quoted(refusal);
  return [
    `${proxy} did not let a request through to ${target}: HTTP ${response.status}${body === '' ? '' : `, ${body}`}`,
    'Allow the host in the proxy, or name it in NO_PROXY if it can be reached without. Check HTTPS_PROXY.',
  ];
}
