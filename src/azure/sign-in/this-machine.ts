import { once } from 'node:events';
import { connect } from 'node:net';
import { within } from '../../network/deadlines.ts';
import { ServiceError } from '../../network/service-error.ts';

/**
 * Asks whether something listens at an address of this machine's, such as its metadata service. That is known soon,
 * while a token may take long: the metadata service has to fetch it.
 * @throws ServiceError
 */
export async function requireListener(address: URL): Promise<void> {
  const { hostname, port, protocol, host } = address;
  const socket = connect({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (protocol === 'https:' ? 443 : 80),
  });
  try {
    await within('managed identity probe', (signal) => once(socket, 'connect', { signal }));
  } catch (error) {
    throw new ServiceError('managed identity probe', host, undefined, error);
  } finally {
    socket.destroy();
  }
}
