import { HEADER_VALUE } from '../network/header-value.ts';
import { isLinkLocal } from '../network/link-local.ts';
import { isOwnVariable } from '../process/program-environment.ts';
import { guard, keepVisible, type Secret, UnmaskableError } from '../secrets/secret.ts';
import { words } from '../text/words.ts';
import type { InputName } from './declarations.ts';
import type { InputReader, InputSource } from './reader.ts';

/** A server to test without Azure before it. */
export interface Server {
  readonly url: string;
  /** Its host, with the port: what messages and reports call it. */
  readonly name: string;
  /** Sent as a bearer token; undefined: none is sent. */
  readonly credential: Secret | undefined;
}

/** What is of Azure, and would say nothing here. */
const OF_AZURE: readonly InputName[] = [
  'endpoint',
  'workspace',
  'resource-group',
  'subscription-id',
  'login',
  'client-id',
  'tenant-id',
  'client-secret',
  'creds',
  'cloud',
  'key',
  'minimum-validity',
  'output-credential',
  'deployment',
];

/** Reads `url` and `credential-env`. Where an input of the endpoint is given beside them, one of the two is wrong. */
export function readServer(reader: InputReader, environment: InputSource['environment']): Server | undefined {
  for (const name of OF_AZURE) {
    const given = reader.given(name);
    if (given === '' || given === reader.unsaid(name)) continue;
    const why = `It has no effect beside ${words.input('url')}, which tests a server without Azure. Leave one of the two out.`;
    reader.mistake(name, name === 'client-secret' || name === 'creds' ? '' : given, why);
  }
  const text = reader.text('url');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isUsable =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
  if (!isUsable || isLinkLocal(url.hostname)) {
    reader.mistake(
      'url',
      text,
      isUsable
        ? 'That is a link-local address, which machines use to get credentials, so nothing is sent there.'
        : 'Write an http or https address without a user, such as http://localhost:5001/score.',
    );
    return undefined;
  }
  keepVisible(url.host);
  const credential = readCredential(reader, environment);
  if (credential !== undefined && url.protocol === 'http:' && !isAllowedInClear(reader)) {
    reader.mistake(
      'url',
      text,
      `Over http the credential would be sent unencrypted. Leave ${words.input('credential-env')} out, or set ${words.setting('allow-insecure-http', 'true')} where the network is trusted.`,
    );
  }
  return { url: url.href, name: url.host, credential };
}

/** A credential without a server that it is for. */
export function refuseIdleCredential(reader: InputReader): void {
  const name = reader.given('credential-env');
  if (name !== '')
    reader.mistake(
      'credential-env',
      name,
      `It is for ${words.input('url')}, which is not given. An endpoint's credential comes from Azure.`,
    );
}

function isAllowedInClear(reader: InputReader): boolean {
  return reader.text('allow-insecure-http').toLowerCase() === 'true';
}

function readCredential(reader: InputReader, environment: InputSource['environment']): Secret | undefined {
  const name = reader.given('credential-env');
  if (name === '') return undefined;
  const value = /^[A-Za-z_]\w*$/.test(name) ? (environment[name] ?? '').trim() : undefined;
  if (value === undefined) {
    reader.mistake(
      'credential-env',
      name,
      'Write the name of an environment variable, not the credential itself.',
    );
    return undefined;
  }
  // Only its own issuer may get it, and never a server that somebody names.
  if (isOwnVariable(name, environment)) {
    reader.mistake(
      'credential-env',
      name,
      'This variable belongs to the sign-in or to the job itself, and is sent to no server. Name one of your own.',
    );
    return undefined;
  }
  if (value === '') {
    reader.mistake(
      'credential-env',
      name,
      `This environment variable is not set, or it is empty. ${words.giveVariable}`,
    );
    return undefined;
  }
  if (!HEADER_VALUE.test(value)) {
    reader.mistake('credential-env', name, 'Its value has characters that no HTTP header can carry.');
    return undefined;
  }
  try {
    return guard(value, `The credential in ${name}`);
  } catch (error) {
    if (!(error instanceof UnmaskableError)) throw error;
    reader.mistake('credential-env', name, error.message);
    return undefined;
  }
}
