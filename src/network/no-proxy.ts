import { BlockList, isIP } from 'node:net';
import { unbracketed } from './connect-to.ts';

/** One entry of NO_PROXY. */
interface Entry {
  readonly host: string;
  readonly port: string | undefined;
}

let alsoBypassed: readonly RegExp[] = [];

/** Has URLs whose scheme, host and port match one of these go past the proxy, and all of this machine's own. */
export function bypassAlso(patterns: readonly RegExp[]): void {
  alsoBypassed = patterns;
}

function isBypassedByPattern({ protocol, hostname, host }: URL): boolean {
  if (alsoBypassed.length === 0) return false;
  const origin = `${protocol}//${host}`;
  const isThisMachine = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/i.test(hostname);
  return isThisMachine || alsoBypassed.some((pattern) => pattern.test(origin));
}

/**
 * Whether NO_PROXY exempts a URL, as curl reads it: `*` alone, names that also cover what is below them (with or
 * without a leading dot), addresses, and networks as CIDR; each with a port or without.
 * @param noProxy entries separated by commas or white space
 */
export function bypassesProxy(url: string, noProxy: string): boolean {
  if (isBypassedByPattern(new URL(url))) return true;
  const { hostname, port, protocol } = new URL(url);
  const host = unbracketed(hostname).toLowerCase();
  const actualPort = port || (protocol === 'https:' ? '443' : '80');
  // The star means all hosts only when it stands alone.
  if (noProxy.trim() === '*') return true;
  return noProxy
    .split(/[\s,]+/)
    .filter((text) => text !== '')
    .map(entryOf)
    .some((entry) => (entry.port ?? actualPort) === actualPort && covers(entry.host, host));
}

function entryOf(text: string): Entry {
  const lower = text.toLowerCase();
  const [, bracketed, bracketedPort] = /^\[(.*)\](?::(\d+))?$/.exec(lower) ?? [];
  if (bracketed !== undefined) return { host: bracketed, port: bracketedPort };
  // An IPv6 address has colons of its own.
  const [, name, port] = /^([^:]+):(\d+)$/.exec(lower) ?? [];
  return name === undefined ? { host: lower, port: undefined } : { host: name, port };
}

function covers(entry: string, host: string): boolean {
  if (isIP(host) !== 0) return coversAddress(entry, host);
  const name = entry.replace(/^\./, '').replace(/\.$/, '');
  const bare = host.replace(/\.$/, '');
  return name !== '' && (bare === name || bare.endsWith(`.${name}`));
}

function coversAddress(entry: string, address: string): boolean {
  const [network = '', prefix] = entry.split('/');
  const family = isIP(network);
  if (family === 0) return false;
  const type = family === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  const bits = prefix === undefined ? undefined : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN;
  if (bits === undefined) list.addAddress(network, type);
  else if (Number.isInteger(bits) && bits >= 0 && bits <= (family === 6 ? 128 : 32)) {
    list.addSubnet(network, bits, type);
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}
