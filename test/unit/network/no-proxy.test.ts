import { isIPv4 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bypassesProxy } from '../../../src/network/no-proxy.ts';

const AZURE = 'https://churn.westeurope.inference.ml.azure.com/score';

/** @see https://everything.curl.dev/usingcurl/proxies/env.html and `--noproxy` in curl(1) */
describe('NO_PROXY', () => {
  test.each([
    ['', AZURE],
    [' , ,', AZURE],
    ['azure.co', AZURE],
    ['ml.azure.com.example', AZURE],
    ['l.azure.com', AZURE],
    ['*.azure.com', AZURE],
    ['.', AZURE],
    ['local.com', 'https://www.notlocal.com/'],
    ['10.0.0.0/8', AZURE],
    ['10.0.0.0/8', 'https://10.example/'],
    ['10.0.0.0/8', 'https://11.0.0.1/'],
    ['10.0.0.0/33', 'https://10.0.0.1/'],
    ['10.0.0.0/-1', 'https://10.0.0.1/'],
    ['10.0.0.0/x', 'https://10.0.0.1/'],
    ['10.0.0.0/', 'https://192.168.0.1/'],
    ['10.0.0.1', 'https://10.0.0.11/'],
    ['0.0.1', 'https://10.0.0.1/'],
    ['.0.0.1', 'https://10.0.0.1/'],
    ['fd00::/8', 'https://[fe80::1]/'],
    ['fd00::/129', 'https://[fd00::1]/'],
    ['fd00::1', 'https://[fd00::2]/'],
    ['example.com:8443', 'https://example.com/'],
    ['example.com:443', 'https://example.com:8443/'],
    ['[fd00::1]:8443', 'https://[fd00::1]/'],
  ])('%j leaves %s to the proxy', (noProxy, url) => {
    expect(bypassesProxy(url, noProxy)).toBe(false);
  });

  test.each([
    ['*', AZURE],
    ['azure.com', AZURE],
    ['.azure.com', AZURE],
    ['azure.com.', AZURE],
    ['AZURE.com', AZURE],
    ['churn.westeurope.inference.ml.azure.com', AZURE],
    ['one.example, two.example,azure.com', AZURE],
    ['one.example two.example\tazure.com', AZURE],
    ['.local.com', 'https://local.com/'],
    ['local.com', 'https://local.com:80/'],
    ['local.com', 'https://local.com./'],
    ['local.com', 'https://www.local.com/'],
    ['localhost', 'http://LOCALHOST:5001/score'],
    ['10.0.0.0/8', 'https://10.255.0.1/'],
    ['192.168.0.0/16', 'http://192.168.1.2:80/score'],
    ['192.168.1.129/25', 'https://192.168.1.254/'],
    ['10.0.0.1/32', 'https://10.0.0.1/'],
    ['10.0.0.1', 'https://10.0.0.1/'],
    ['fd00::/8', 'https://[fd12::1]/'],
    ['fd00::1', 'https://[fd00:0:0::1]/'],
    ['[fd00::1]', 'https://[fd00::1]/'],
    ['[fd00::1]:8443', 'https://[fd00::1]:8443/'],
    ['example.com:443', 'https://example.com/'],
    ['example.com:80', 'http://example.com/'],
    ['example.com:8443', 'https://example.com:8443/'],
    ['10.0.0.1:8443', 'https://10.0.0.1:8443/'],
  ])('%j exempts %s', (noProxy, url) => {
    expect(bypassesProxy(url, noProxy)).toBe(true);
  });

  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,6}[a-z0-9])?$/);
  const name = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => `${labels.join('.')}.example`);

  test('a name exempts itself and all names below it, and no name that only ends in the same letters', () => {
    fc.assert(
      fc.property(name, label, fc.constantFrom('', '.'), (domain, below, dot) => {
        const entry = `${dot}${domain}`;
        expect(bypassesProxy(`https://${domain}/`, entry)).toBe(true);
        expect(bypassesProxy(`https://${below}.${domain}/`, entry)).toBe(true);
        expect(bypassesProxy(`https://${below}${domain}/`, entry)).toBe(false);
        expect(bypassesProxy(`https://${domain}.${below}.test/`, entry)).toBe(false);
      }),
    );
  });

  test('a network exempts its addresses, and no other', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 1, max: 32 }), (network, address, bits) => {
        const mask = bits === 32 ? 0xffff_ffff : ~(0xffff_ffff >>> bits) >>> 0;
        const same = (numberOf(network) & mask) === (numberOf(address) & mask);
        expect(bypassesProxy(`https://${address}/`, `${network}/${bits}`)).toBe(same);
      }),
    );
  });

  test('any text is read without an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.oneof(name, fc.ipV4()), (noProxy, host) => {
        expect([true, false]).toContain(bypassesProxy(`https://${host}/`, noProxy));
      }),
    );
  });
});

function numberOf(address: string): number {
  expect(isIPv4(address)).toBe(true);
  return address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
}
