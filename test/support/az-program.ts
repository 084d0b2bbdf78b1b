import { appendFileSync, readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';

/** What `az` knows without being told. */
export interface AzSession {
  /** Where every call is written down. */
  readonly calls: string;
  readonly caFile: string;
  /** Undefined: nobody has logged in. */
  readonly tokenUrl: string | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
}

export interface AzCall {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

async function main([settingsFile = '', ...args]: readonly string[]): Promise<void> {
  const session = JSON.parse(readFileSync(settingsFile, 'utf8')) as AzSession;
  appendFileSync(session.calls, `${JSON.stringify({ args, environment: process.env })}\n`);
  if (session.tokenUrl === undefined) {
    process.stderr.write("ERROR: Please run 'az login' to setup account.\n");
    process.exitCode = 1;
    return;
  }
  if (args[1] === 'show') {
    const account = { environmentName: 'LocalAzure', id: session.subscriptionId, tenantId: session.tenantId };
    process.stdout.write(`${JSON.stringify(account, undefined, 2)}\n`);
    return;
  }
  const { access_token, expires_in } = await signIn(
    session,
    session.tokenUrl,
    args[args.indexOf('--resource') + 1],
  );
  const expiresOn = Math.floor(Date.now() / 1_000) + expires_in;
  const local = new Date(expiresOn * 1_000).toISOString().replace('T', ' ').replace('Z', '000');
  const token = {
    accessToken: access_token,
    expiresOn: local,
    expires_on: expiresOn,
    // az leaves it out when a tenant is named.
    ...(args.includes('--tenant') ? {} : { subscription: session.subscriptionId }),
    tenant: session.tenantId,
    tokenType: 'Bearer',
  };
  process.stdout.write(`${JSON.stringify(token, undefined, 2)}\n`);
}

interface Granted {
  readonly access_token: string;
  readonly expires_in: number;
}

async function signIn(session: AzSession, tokenUrl: string, resource: string | undefined): Promise<Granted> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: session.clientId,
    client_secret: session.clientSecret,
    scope: `${resource}/.default`,
  });
  const answer = await new Promise<string>((resolve, reject) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    request(tokenUrl, { method: 'POST', headers, ca: readFileSync(session.caFile) }, (response) => {
      text(response).then(resolve, reject);
    })
      .on('error', reject)
      .end(form.toString());
  });
  return JSON.parse(answer) as Granted;
}

if (import.meta.main) await main(process.argv.slice(2));
