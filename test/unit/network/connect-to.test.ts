import { describe, expect, test } from 'vitest';
import { type ConnectTo, formatConnectTo, parseConnectTo } from '../../../src/network/connect-to.ts';

describe('a place to connect to', () => {
  test.each<[string, ConnectTo]>([
    ['10.1.0.4:443', { host: '10.1.0.4', port: 443 }],
    ['Gateway.internal:80', { host: 'gateway.internal', port: 80 }],
    ['[::1]:8443', { host: '::1', port: 8_443 }],
    ['a:65535', { host: 'a', port: 65_535 }],
  ])('may be %s', (text, place) => {
    expect(parseConnectTo(text)).toEqual(place);
    expect(formatConnectTo(place)).toBe(text.toLowerCase());
  });

  test.each([
    '',
    'gateway',
    ':443',
    'gateway:',
    'gateway:https',
    '::1:443',
    '[::1]',
    '[gateway]:443',
    'https://gateway:443',
    'user@gateway:443',
    'gateway:443/score',
    'two words:443',
    'gateway:443\nHost: evil',
    'a%0d:443',
    '[::1%eth0]:443',
    '999.1.1.1:443',
  ])('is not %j', (text) => {
    expect(parseConnectTo(text)).toContain('Write host:port');
  });

  test.each(['gateway:0', 'gateway:65536', 'gateway:99999'])('has no port like that of %s', (text) => {
    expect(parseConnectTo(text)).toBe('A port is a number from 1 to 65535.');
  });

  test.each([
    '169.254.169.254:80',
    '168.63.129.16:80',
    '[fe80::1]:443',
    '[::ffff:169.254.169.254]:80',
    '0xa9fea9fe:80',
    '2852039166:80',
  ])('is not %s, where a machine finds credentials', (text) => {
    expect(parseConnectTo(text)).toContain('link-local');
  });
});
