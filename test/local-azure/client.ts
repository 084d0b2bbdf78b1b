import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { LocalAzure } from './index.ts';

export interface ClientAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ClientRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A client without any cleverness: no retry, no redirect, one connection a request. */
export function send(azure: LocalAzure, url: string, request: ClientRequest = {}): Promise<ClientAnswer> {
  const { method = 'GET', headers = {}, body } = request;
  return new Promise((resolve, reject) => {
    const options = { method, headers, ca: azure.caPem, agent: false };
    const outgoing = (url.startsWith('https:') ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Signs in with the client secret, or with the fields given in its place. */
export function signIn(
  azure: LocalAzure,
  fields: Readonly<Record<string, string>> = {},
): Promise<ClientAnswer> {
  const { tenant = azure.tenantId, ...rest } = fields;
  const form = {
    grant_type: 'client_credentials',
    client_id: azure.clientId,
    scope: `${azure.resourceManagerHost}/.default`,
    ...(rest.client_assertion === undefined ? { client_secret: azure.clientSecret } : {}),
    ...rest,
  };
  return send(azure, `${azure.entraHost}/${tenant}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
}

export function signInWithAssertion(azure: LocalAzure, assertion: string): Promise<ClientAnswer> {
  return signIn(azure, {
    client_assertion: assertion,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
}

export async function accessToken(azure: LocalAzure, resource = azure.resourceManagerHost): Promise<string> {
  const { body } = await signIn(azure, { scope: `${resource}/.default` });
  return String(field(body, 'access_token'));
}

export async function idToken(azure: LocalAzure, audience = 'api://AzureADTokenExchange'): Promise<string> {
  const { body } = await send(azure, `${azure.oidc.requestUrl}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `bearer ${azure.oidc.requestToken}` },
  });
  return String(field(body, 'value'));
}

/** The address of the workspace's endpoints, or of what `path` names below it. */
export function armUrl(azure: LocalAzure, path = '', apiVersion = '2024-10-01'): string {
  const { resourceManagerHost, subscriptionId, resourceGroup, workspace } = azure;
  return `${resourceManagerHost}/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}/onlineEndpoints${path}?api-version=${apiVersion}`;
}

/** A field of a JSON text; dots go deeper. */
export function field(body: string, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], JSON.parse(body));
}
