import { describe, expect, test } from 'vitest';
import { masked, mistakesWith, PEM, readWith } from '../../support/read-inputs.ts';

describe('ca-certificate', () => {
  test.each(['ca.pem', 'trusted.pem'])('the certificates are taken from the file: %s', async (path) => {
    expect((await readWith({ 'ca-certificate': path })).caCertificates).toEqual([PEM]);
  });

  test.each([
    [
      'missing.pem',
      "There is no such file in '<workspace>' (relative paths start from the workspace). Is actions/checkout missing?",
    ],
    ['directory', 'This is a directory. Write the path of a file.'],
    ['request.json', 'The file contains no PEM certificate (-----BEGIN CERTIFICATE-----).'],
  ])('%s is refused', async (path, why) => {
    expect(await mistakesWith({ 'ca-certificate': path })).toEqual([`ca-certificate '${path}': ${why}`]);
  });
});

describe("a proxy's password", () => {
  test.each(['HTTPS_PROXY', 'http_proxy', 'ALL_PROXY'])(
    'in %s it is masked as it is written, decoded, and with its user',
    async (variable) => {
      const password = `p%40ss-of-${variable}`;
      await readWith({}, { [variable]: `http://ci:${password}@proxy.local:3128` });
      const sent = `p@ss-of-${variable}`;
      expect(masked).toEqual(expect.arrayContaining([password, sent, `ci:${sent}`]));
    },
  );

  test('a percent sign that starts no escape stays as it is', async () => {
    await readWith({}, { HTTPS_PROXY: 'http://ci:100%-secret@proxy.local:3128' });
    expect(masked).toContain('100%-secret');
  });

  test('one too short for a mask does not stop the step', async () => {
    await readWith({}, { HTTPS_PROXY: 'http://ci:pass@proxy.local:3128' });
    expect(masked).not.toContain('pass');
  });
});
