import { type ConnectTo, parseConnectTo } from '../network/connect-to.ts';
import { passwordIn } from '../network/proxy-environment.ts';
import { whyInputUnread, whyUnread } from '../process/guarded-files.ts';
import { MINIMUM_LENGTH } from '../secrets/masks.ts';
import { guard } from '../secrets/secret.ts';
import { mistakeInFile } from '../text/file-text.ts';
import { readCertificates } from './certificates.ts';
import type { InputReader, InputSource } from './reader.ts';

/** The URL of a proxy may hold a user and a password. */
const PROXY_VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY'] as const;

/** Masks the passwords of proxies, as they are written and as they are sent. */
export function guardProxyPasswords({ environment, unusableProxies = [] }: InputSource): void {
  for (const { name, value } of unusableProxies) {
    const password = passwordIn(value);
    if (password.length >= MINIMUM_LENGTH) guard(password, `The password in ${name}`);
  }
  for (const name of PROXY_VARIABLES.flatMap((each) => [each, each.toLowerCase()])) {
    const value = environment[name] ?? '';
    const { username = '', password = '' } = URL.canParse(value) ? new URL(value) : {};
    if (password === '') continue;
    const plain = decoded(password);
    for (const each of new Set([password, plain, `${decoded(username)}:${plain}`])) {
      // A short one cannot be masked; nothing here prints it.
      if (each.length >= MINIMUM_LENGTH) guard(each, `The password in ${name}`);
    }
  }
}

/** A percent sign that starts no escape stays as it is, as proxies read it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function refuseUnusableProxies(reader: InputReader, { unusableProxies = [] }: InputSource): void {
  for (const { name } of unusableProxies) {
    reader.mistakes.push(
      `${name} is not the address of a proxy. Write http://host:port, or http://user:password@host:port with what is special in them percent-encoded.`,
    );
  }
}

/** The certificates in the file of `ca-certificate`, each as PEM text. */
export function readCaCertificates(reader: InputReader, source: InputSource): readonly string[] {
  return [...readOwnCertificates(reader, source), ...readMachineCertificates(reader, source)];
}

/** Those that an agent is configured with: programs that it starts do not know them. */
function readMachineCertificates(
  reader: InputReader,
  { readFile, environment }: InputSource,
): readonly string[] {
  const path = (environment.AGENT_CAINFO ?? '').trim();
  if (path === '') return [];
  try {
    const read = readCertificates(readFile(path));
    if ('certificates' in read) return read.certificates;
    reader.mistakes.push(`AGENT_CAINFO ${reader.shown(path)}: ${read.mistake}`);
  } catch (error) {
    reader.mistakes.push(`AGENT_CAINFO ${reader.shown(path)}: ${whyUnread(error, path)}`);
  }
  return [];
}

function readOwnCertificates(reader: InputReader, { readFile }: InputSource): readonly string[] {
  const path = reader.path('ca-certificate');
  if (path === '') return [];
  try {
    const bytes = readFile(path);
    const mistake = mistakeInFile(bytes);
    const read = mistake === undefined ? readCertificates(bytes) : { mistake };
    if ('certificates' in read) return read.certificates;
    reader.mistake('ca-certificate', path, read.mistake);
  } catch (error) {
    reader.mistake('ca-certificate', path, whyInputUnread(error, path));
  }
  return [];
}

/** Where the smoke test connects instead of to the scoring URI's host; undefined: where its name leads. */
export function readConnectTo(reader: InputReader): ConnectTo | undefined {
  const text = reader.text('connect-to');
  if (text === '') return undefined;
  const read = parseConnectTo(text);
  if (typeof read !== 'string') return read;
  reader.mistake('connect-to', text, read);
  return undefined;
}
