import { isIP } from 'node:net';
import { isLinkLocal } from './link-local.ts';

/** Where to connect in the place of a URL's own host and port, as curl's --connect-to. */
export interface ConnectTo {
  /** A name or an address, an IPv6 one without brackets. */
  readonly host: string;
  readonly port: number;
}

/** @returns what is wrong with it, for a person, when it is not `host:port` or leads where no endpoint is */
export function parseConnectTo(text: string): ConnectTo | string {
  const [, name = '', digits = ''] = /^(\[[\da-f:.]+\]|[^\s:/@?#%[\]\\]+):(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (name === '' || !URL.canParse(`http://${name}`))
    return 'Write host:port, such as 10.1.0.4:443, gateway.internal:8443 or [fd00::4]:443.';
  if (port < 1 || port > 65_535) return 'A port is a number from 1 to 65535.';
  // A URL knows every spelling of an address, such as one number in hex.
  const { hostname } = new URL(`http://${name}`);
  if (isLinkLocal(hostname)) return 'That is a link-local address, which machines use to get credentials.';
  return { host: unbracketed(hostname), port };
}

/** `host:port`, as it is written in inputs and in a proxy's CONNECT. */
export function formatConnectTo({ host, port }: ConnectTo): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** The host of a URL as it is connected to: without the brackets of an IPv6 address. */
export function unbracketed(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}
