import tls from 'node:tls';

/**
 * Makes every TLS connection of the process trust certificates, besides those that Node and the system trust.
 * @param certificates PEM texts that are known to be good: Node leaves out what it cannot read
 */
export function trust(certificates: readonly string[]): void {
  // Node leaves out the certificates of the system unless NODE_USE_SYSTEM_CA is set, because reading them takes
  // 15 ms and more during which nothing else runs. A step without a certificate of its own does the same.
  const trusted = [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), ...certificates];
  tls.setDefaultCACertificates([...new Set(trusted)]);
}
