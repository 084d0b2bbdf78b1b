import tls from 'node:tls';

/**
 * Makes every TLS connection of the process trust certificates, besides those that Node and the system trust.
 * @param certificates PEM texts that are known to be good: Node leaves out what it cannot read
 */
export function trust(certificates: readonly string[]): void {
  const { getCACertificates, setDefaultCACertificates } = tls as Partial<typeof tls>;
  if (getCACertificates === undefined || setDefaultCACertificates === undefined) {
    trustEach(certificates);
    return;
  }
  // Node leaves out the certificates of the system unless NODE_USE_SYSTEM_CA is set, because reading them takes
  // 15 ms and more during which nothing else runs. A step without a certificate of its own does the same.
  const trusted = [...getCACertificates('default'), ...getCACertificates('system'), ...certificates];
  setDefaultCACertificates([...new Set(trusted)]);
}

/**
 * Node 20 cannot change what is trusted by default. Each new connection asks this function what to trust, and there the
 * certificates are added to Node's own and to those of NODE_EXTRA_CA_CERTS.
 */
function trustEach(certificates: readonly string[]): void {
  const create = tls.createSecureContext;
  tls.createSecureContext = (options) => {
    const secure = create(options);
    if (options?.ca !== undefined) return secure;
    const { context } = secure as { readonly context: { addCACert(pem: string): void } };
    for (const certificate of certificates) context.addCACert(certificate);
    return secure;
  };
}
