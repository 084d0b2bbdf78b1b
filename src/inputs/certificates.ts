import { X509Certificate } from 'node:crypto';

// Node leaves out what it cannot read of a file with several certificates, and takes a file in which it can read
// none for a fault of the program. So each is read here, and the one that is damaged is named.

/** PEM texts of one certificate each, or what is wrong with the file: a sentence for a person. */
export type Certificates = { readonly certificates: readonly string[] } | { readonly mistake: string };

interface Block {
  readonly label: string;
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly base64: string;
  /** What is wrong with the lines around it. */
  readonly fault?: string;
}

/** The labels under which OpenSSL writes a certificate. */
const LABELS: readonly string[] = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];

const MOST_TOLD = 5;

/** Many times what the bundles of systems have; to read a certificate takes half a millisecond. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Reads every certificate of a PEM file; private keys and other blocks are left out. */
export function readCertificates(file: Buffer): Certificates {
  if (file.length > MOST_BYTES)
    return { mistake: 'The file is larger than 4 MiB. Leave out the certificates that are not needed.' };
  const blocks = blocksIn(file.toString('utf8')).filter(({ label }) => LABELS.includes(label));
  if (blocks.length === 0) return { mistake: noCertificateIn(file) };
  const read = blocks.map(readBlock);
  const faults = read.flatMap(({ fault }, index) =>
    fault === undefined
      ? []
      : [`Certificate ${index + 1} of ${blocks.length} (line ${blocks[index]!.line}) ${fault}.`],
  );
  if (faults.length > 0)
    return { mistake: `${faults.slice(0, MOST_TOLD).join(' ')} Export the file again, or take it out.` };
  const certificates = read.flatMap(({ pem }) => pem ?? []);
  return certificates.length > 0
    ? { certificates }
    : { mistake: 'Each certificate in the file is marked as not to be trusted for servers.' };
}

/** Finds the blocks line by line: a marker that is not quite right must not make a certificate vanish. */
function blocksIn(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: { readonly label: string; readonly line: number; readonly content: string[] } | undefined;
  const close = (fault?: string): void => {
    if (open === undefined) return;
    const { label, line, content } = open;
    blocks.push({ label, line, base64: content.join(''), ...(fault === undefined ? {} : { fault }) });
    open = undefined;
  };
  for (const [index, raw] of text.split(/\r\n|[\r\n]/).entries()) {
    const line = index + 1;
    const written = raw.replace('\uFEFF', '').trim();
    const [, marker, label = ''] = /^-----(BEGIN|END) ([A-Z0-9 ]+)-----$/.exec(written) ?? [];
    if (marker === 'BEGIN') {
      close('has no END line');
      open = { label, line, content: [] };
    } else if (marker === 'END' && label === open?.label) {
      close();
    } else if (/^-+\s*(?:BEGIN|END)\b.*CERTIFICATE/i.test(written)) {
      open ??= { label: 'CERTIFICATE', line, content: [] };
      close(
        `has a wrong marker in line ${line}: it is written -----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----, each on a line of its own`,
      );
    } else open?.content.push(written);
  }
  close('has no END line');
  return blocks;
}

/** A certificate as PEM, or what is wrong with it; neither for one that is not for servers. */
function readBlock({ label, base64, fault }: Block): { readonly pem?: string; readonly fault?: string } {
  if (fault !== undefined) return { fault };
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z\d+/]+={0,2}$/.test(base64);
  const bytes = Buffer.from(isBase64 ? base64 : '', 'base64');
  const end = elementsOf(bytes)[0]?.end;
  if (end === undefined) return { fault: 'is damaged: it is not base64, or is cut off' };
  // `openssl x509 -trustout` writes after the certificate what it is trusted for.
  if (label === 'TRUSTED CERTIFICATE' && !isForServers(bytes.subarray(end))) return {};
  try {
    const certificate = new X509Certificate(bytes.subarray(0, end));
    // OpenSSL reads the key only when it is asked for, and then may find it damaged.
    return certificate.publicKey && { pem: certificate.toString() };
  } catch {
    return { fault: 'is damaged: it is not an X.509 certificate' };
  }
}

interface Element {
  readonly tag: number;
  readonly content: Buffer;
  /** Where the next one begins. */
  readonly end: number;
}

/** The elements of DER, one after the other; none from where it is cut off. */
function elementsOf(der: Buffer): readonly Element[] {
  const elements: Element[] = [];
  for (let start = 0; start + 2 <= der.length; ) {
    const first = der[start + 1]!;
    const lengthBytes = first < 0x80 ? 0 : first - 0x80;
    const begin = start + 2 + lengthBytes;
    if (lengthBytes > 4 || begin > der.length) break;
    const length = lengthBytes === 0 ? first : der.readUIntBE(start + 2, lengthBytes);
    if (begin + length > der.length) break;
    elements.push({ tag: der[start]!, content: der.subarray(begin, begin + length), end: begin + length });
    start = begin + length;
  }
  return elements;
}

const SEQUENCE = 0x30;
const REJECTED = 0xa0;
/** The object identifiers of a server's certificate (1.3.6.1.5.5.7.3.1) and of any use (2.5.29.37.0). */
const FOR_SERVERS: readonly string[] = ['2b06010505070301', '551d2500'];

/**
 * What OpenSSL makes of the trust settings of a certificate.
 * @param settings CertAux ::= SEQUENCE { trust SEQUENCE OF OBJECT, reject [0] SEQUENCE OF OBJECT, … }, each optional
 * @see https://docs.openssl.org/master/man1/openssl-verification-options/#trust-anchors
 */
function isForServers(settings: Buffer): boolean {
  const parts = elementsOf(elementsOf(settings)[0]?.content ?? Buffer.alloc(0));
  const names = (tag: number): boolean | undefined => {
    const part = parts.find((each) => each.tag === tag);
    return (
      part && elementsOf(part.content).some(({ content }) => FOR_SERVERS.includes(content.toString('hex')))
    );
  };
  return names(REJECTED) !== true && names(SEQUENCE) !== false;
}

function noCertificateIn(file: Buffer): string {
  try {
    new X509Certificate(file);
    return 'The file is a certificate in DER. Write it as PEM: openssl x509 -inform der -outform pem.';
  } catch {
    return 'The file contains no PEM certificate (-----BEGIN CERTIFICATE-----).';
  }
}
