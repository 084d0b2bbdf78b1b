import { describe, expect, test } from 'vitest';
import { passwordIn, repairProxies } from '../../../src/network/proxy-environment.ts';

describe('a proxy variable', () => {
  test.each([
    ['http://proxy.example:8080', 'http://proxy.example:8080'],
    ['https://proxy.example', 'https://proxy.example'],
    ['socks5://proxy.example:1080', 'socks5://proxy.example:1080'],
    ['http://ci:s3cret%2Fpw@proxy.example:8080', 'http://ci:s3cret%2Fpw@proxy.example:8080'],
    ['proxy.example:8080', 'http://proxy.example:8080'],
    ['10.0.0.5:3128', 'http://10.0.0.5:3128'],
    ['ci:Secret@10.0.0.5:3128', 'http://ci:Secret@10.0.0.5:3128'],
    [' http://proxy.example:8080 ', 'http://proxy.example:8080'],
    ['http://ci:Sup3r/Secret@proxy.example:8080', 'http://ci:Sup3r%2FSecret@proxy.example:8080'],
    ['http://ci:a#b?c@d:e@proxy.example', 'http://ci:a%23b%3Fc%40d%3Ae@proxy.example'],
    ['http://ci:50%off@proxy.example', 'http://ci:50%25off@proxy.example'],
    ['http://ci@proxy.example', 'http://ci@proxy.example'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
  ])('%j is read as %j', (written, read) => {
    const environment: NodeJS.ProcessEnv = { HTTPS_PROXY: written, https_proxy: written };
    expect(repairProxies(environment)).toEqual([]);
    expect(environment).toEqual({ HTTPS_PROXY: read, https_proxy: read });
  });

  test.each(['http://user:KEY@bad host:1', 'http://', 'http://proxy.example:port', 'http://ci:pw@'])(
    '%j is not a proxy, so its variable is deleted',
    (written) => {
      const environment: NodeJS.ProcessEnv = { all_proxy: written, HTTP_PROXY: '' };
      expect(repairProxies(environment)).toEqual([{ name: 'all_proxy', value: written }]);
      expect(environment).toEqual({ HTTP_PROXY: '' });
    },
  );

  test.each([
    ['http://user:KEY@bad host:1', 'KEY'],
    ['user:K@E:Y@bad host', 'K@E:Y'],
    ['http://bad host:1', ''],
    ['', ''],
  ])('the password in %j is %j', (value, password) => {
    expect(passwordIn(value)).toBe(password);
  });
});
