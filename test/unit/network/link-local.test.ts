import { lookup } from 'node:dns';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isLinkLocal, LinkLocalError, lookupSafely } from '../../../src/network/link-local.ts';

vi.mock('node:dns', () => ({ lookup: vi.fn() }));

describe('a link-local address', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.0',
    '169.254.255.255',
    '168.63.129.16',
    'fe80::1',
    'fe80::1%eth0',
    '[fe80::1]',
    'febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'FE80::1',
    'fd00:ec2::254',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '[::ffff:a83f:8110]',
    '0:0:0:0:0:ffff:a9fe:1',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b::168.63.129.16',
    '::169.254.169.254',
    '::ffff:0:a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2002:a83f:8110::1',
  ])('%s is one', (address) => {
    expect(isLinkLocal(address)).toBe(true);
  });

  test.each([
    '169.253.255.255',
    '169.255.0.0',
    '168.63.129.17',
    '127.0.0.1',
    '10.0.0.4',
    'fec0::1',
    'fe7f::1',
    '::1',
    'fd00:ec2::253',
    '::ffff:10.0.0.1',
    '64:ff9b::a9fd:1',
    '2002:a9ff::1',
    'localhost',
    '169.254.169.254.example',
    '',
  ])('%j is not one', (address) => {
    expect(isLinkLocal(address)).toBe(false);
  });

  test('it is recognised however a URL writes it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff }), fc.constantFrom(10, 8, 16), (low, radix) => {
        const number = 0xa9fe_0000 + low;
        const text = { 10: `${number}`, 8: `0${number.toString(8)}`, 16: `0x${number.toString(16)}` }[radix];
        expect(isLinkLocal(new URL(`https://${text}/`).hostname)).toBe(true);
        const mapped = `[::ffff:a9fe:${low.toString(16)}]`;
        expect(isLinkLocal(new URL(`https://${mapped}/`).hostname)).toBe(true);
      }),
    );
  });
});

describe('a DNS look-up', () => {
  function found(...answer: readonly unknown[]) {
    vi.mocked(lookup).mockImplementation(((
      _host: string,
      _options: object,
      callback: (...given: unknown[]) => void,
    ) => callback(...answer)) as never);
    return new Promise<readonly unknown[]>((resolve) => {
      lookupSafely('churn.example', {}, (...given) => resolve(given));
    });
  }

  test('addresses that are found are passed on', async () => {
    expect(await found(null, '10.0.0.4', 4)).toEqual([null, '10.0.0.4', 4]);
    const all = [{ address: '10.0.0.4', family: 4 }];
    expect((await found(null, all)).slice(0, 2)).toEqual([null, all]);
  });

  test('an error is passed on', async () => {
    const error = new Error('ENOTFOUND');
    expect((await found(error, undefined))[0]).toBe(error);
  });

  test.each([
    ['its only address', '169.254.169.254', 4],
    [
      'one of its several',
      [
        { address: '10.0.0.4', family: 4 },
        { address: 'fe80::1', family: 6 },
      ],
      undefined,
    ],
    ['its address in the other notation', [{ address: '::ffff:169.254.169.254', family: 6 }], undefined],
  ])('a name is refused when a link-local address is %s', async (_, address, family) => {
    const [error] = await found(null, address, family);
    expect(error).toBeInstanceOf(LinkLocalError);
    expect(error).toMatchObject({ code: 'ELINKLOCAL' });
  });
});
