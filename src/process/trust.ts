import tls from 'node:tls';

/**
 * Makes every TLS connection of the process trust this certificate besides those that it trusts already.
 * @param certificate PEM text
 */
export function trust(certificate: string): void {
  // Setting certificates replaces Node's own use of the system's store, so that is added again. It takes 15 ms and
  // more to read, during which the process stands still.
  const trusted = [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), certificate];
  tls.setDefaultCACertificates([...new Set(trusted)]);
}
