import { type LookupAddress, type LookupOptions, lookup } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/**
 * Addresses at which a machine in a cloud gets credentials, and which no scoring endpoint has: link-local ones,
 * such as the instance metadata service's 169.254.169.254, and Azure's platform address.
 * @see https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
 */
const FORBIDDEN = new BlockList();
FORBIDDEN.addSubnet('169.254.0.0', 16, 'ipv4');
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6');
FORBIDDEN.addAddress('168.63.129.16', 'ipv4');
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6');
// The same addresses as NAT64, 6to4 and older gateways write them in IPv6.
for (const prefix of ['64:ff9b::', '::', '::ffff:0:']) {
  FORBIDDEN.addSubnet(`${prefix}a9fe:0`, 112, 'ipv6');
  FORBIDDEN.addAddress(`${prefix}a83f:8110`, 'ipv6');
}
FORBIDDEN.addSubnet('2002:a9fe::', 32, 'ipv6');
FORBIDDEN.addSubnet('2002:a83f:8110::', 48, 'ipv6');

export function isLinkLocal(address: string): boolean {
  const bare = address.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  const family = isIP(bare);
  return family !== 0 && FORBIDDEN.check(bare, family === 6 ? 'ipv6' : 'ipv4');
}

/** A host name resolved to an address that no credential is sent to. */
export class LinkLocalError extends Error {
  override name = 'LinkLocalError';
  readonly code = 'ELINKLOCAL';
}

type Found = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** A DNS look-up for connections that carry a credential: it refuses a name that resolves to a link-local address. */
export function lookupSafely(hostname: string, options: LookupOptions, found: Found): void {
  lookup(hostname, options, (error, address, family) => {
    if (error !== null) return found(error, address, family);
    const addresses = typeof address === 'string' ? [address] : address.map((each) => each.address);
    const forbidden = addresses.find(isLinkLocal);
    if (forbidden === undefined) return found(null, address, family);
    found(new LinkLocalError(`the name leads to the link-local address ${forbidden}`), '', undefined);
  });
}
