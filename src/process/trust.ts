import tls from 'node:tls';

/**
 * Makes every TLS connection of the process trust a certificate, besides those that Node and the system trust.
 * @param certificate PEM text
 */
export function trust(certificate: string): void {
  // Node leaves out the certificates of the system unless NODE_USE_SYSTEM_CA is set, because reading them takes
  // 15 ms and more during which nothing else runs. A step without a certificate of its own does the same.
  const trusted = [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), certificate];
  tls.setDefaultCACertificates([...new Set(trusted)]);
}
