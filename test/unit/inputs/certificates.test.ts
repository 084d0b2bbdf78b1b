import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCertificates } from '../../../src/inputs/certificates.ts';
import { issueCertificates } from '../../local-azure/certificates.ts';
import { PEM, TRUSTED_PEM } from '../../support/read-inputs.ts';

const OTHER = new X509Certificate((await issueCertificates()).caPem).toString();
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';
const FIRST_LINE = PEM.split('\n')[1]!;

const SERVER_AUTH = Buffer.from('06082b06010505070301', 'hex');
const MAIL = Buffer.from('06082b06010505070304', 'hex');
const ANY = Buffer.from('0604551d2500', 'hex');

function element(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents);
  return Buffer.concat([Buffer.of(tag, content.length), content]);
}

/** A certificate with settings after it, as `openssl x509 -trustout` writes it. */
function trusted(...settings: readonly Buffer[]): string {
  const der = Buffer.concat([new X509Certificate(PEM).raw, element(0x30, ...settings)]);
  return `-----BEGIN TRUSTED CERTIFICATE-----\n${der.toString('base64')}\n-----END TRUSTED CERTIFICATE-----\n`;
}

const read = (text: string | Buffer) => readCertificates(Buffer.from(text as string));

describe('certificates are read', () => {
  test.each([
    ['one', PEM, [PEM]],
    ['several, with text and other blocks between them', `# A\n${PEM}${KEY}\nB\n${OTHER}`, [PEM, OTHER]],
    ['without a last line break, with those of Windows', PEM.trim().replaceAll('\n', '\r\n'), [PEM]],
    ['indented, after a byte order mark', `\uFEFF${PEM.replaceAll('\n', '\n  ')}`, [PEM]],
    ['in the older form', PEM.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE'), [PEM]],
    ['with what they are trusted for', TRUSTED_PEM, [PEM]],
    ['trusted for anything', trusted(element(0x30, ANY)), [PEM]],
    ['trusted without a word for what', trusted(), [PEM]],
    ['rejected for something else', trusted(element(0xa0, MAIL)), [PEM]],
    ['without those that are not for servers', trusted(element(0x30, MAIL)) + OTHER, [OTHER]],
  ])('%s', (_, text, certificates) => {
    expect(read(text)).toEqual({ certificates });
  });
});

describe('the block that is damaged is named', () => {
  const ADVICE = 'Export the file again, or take it out.';
  const CUT = 'is damaged: it is not base64, or is cut off.';
  const MARKER = (line: number) =>
    `has a wrong marker in line ${line}: it is written -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----, each on a line of its own.`;

  test.each([
    ['a letter is not base64', PEM.replace('M', '*'), `Certificate 1 of 1 (line 1) ${CUT}`],
    [
      'a line is missing',
      OTHER + PEM.replace(`${PEM.split('\n')[3]}\n`, ''),
      `Certificate 2 of 2 (line ${OTHER.split('\n').length}) ${CUT}`,
    ],
    [
      'something else is in it',
      PEM.replace(FIRST_LINE, `MAAA${FIRST_LINE.slice(4)}`),
      'Certificate 1 of 1 (line 1) is damaged: it is not an X.509 certificate.',
    ],
    ['the end is cut off', PEM.slice(0, 200), 'Certificate 1 of 1 (line 1) has no END line.'],
    [
      'the next one begins in it',
      `${PEM.slice(0, 64)}\n${PEM}`,
      'Certificate 1 of 2 (line 1) has no END line.',
    ],
    [
      'a dash is missing',
      PEM.replace('-----BEGIN', '----BEGIN') + OTHER,
      `Certificate 1 of 3 (line 1) ${MARKER(1)}`,
    ],
    [
      'the line breaks are missing',
      `\n${PEM.replaceAll('\n', '\\n')}`,
      `Certificate 1 of 1 (line 2) ${MARKER(2)}`,
    ],
    [
      'its markers differ',
      TRUSTED_PEM.replace('END TRUSTED', 'END'),
      `Certificate 1 of 1 (line 1) ${MARKER(TRUSTED_PEM.split('\n').length - 1)}`,
    ],
  ])('%s', (_, text, fault) => {
    expect(read(text)).toEqual({ mistake: expect.stringContaining(fault) });
    expect(read(text)).toEqual({
      mistake: expect.stringMatching(new RegExp(`${ADVICE.replaceAll('.', '\\.')}$`)),
    });
  });

  test('and no more than five are', () => {
    const { mistake } = read(PEM.replace('M', '*').repeat(7)) as { mistake: string };
    expect(mistake.match(/Certificate \d of 7/g)).toHaveLength(5);
  });
});

describe('a file without a certificate for servers is a mistake', () => {
  const NOT_FOR_SERVERS = 'Each certificate in the file is marked as not to be trusted for servers.';
  test.each([
    ['text', 'nothing', 'The file contains no PEM certificate (-----BEGIN CERTIFICATE-----).'],
    ['a key', KEY, 'The file contains no PEM certificate (-----BEGIN CERTIFICATE-----).'],
    [
      'DER',
      new X509Certificate(PEM).raw,
      'The file is a certificate in DER. Write it as PEM: openssl x509 -inform der -outform pem.',
    ],
    ['trusted for mail only', trusted(element(0x30, MAIL)), NOT_FOR_SERVERS],
    [
      'rejected for servers',
      trusted(element(0x30, SERVER_AUTH), element(0xa0, SERVER_AUTH)),
      NOT_FOR_SERVERS,
    ],
    ['rejected for anything', trusted(element(0xa0, ANY)), NOT_FOR_SERVERS],
  ])('%s', (_, file, mistake) => {
    expect(read(file)).toEqual({ mistake });
  });
});

describe('limits', () => {
  test('a file of more than 4 MiB is a mistake, before anything in it is read', () => {
    const file = PEM + ' '.repeat(4 * 1024 * 1024);
    expect(read(file)).toEqual({
      mistake: 'The file is larger than 4 MiB. Leave out the certificates that are not needed.',
    });
    expect(read(file.slice(0, 4 * 1024 * 1024))).toEqual({ certificates: [PEM] });
  });
});
