// The least that the step's exchanges cost: the same ones, in the same order, with fetch and no library.
// It reads the inputs as the step does and checks nothing but that each exchange succeeded.
import { readFileSync } from 'node:fs';

const { env } = process;
const input = (name) => env[`INPUT_${name.toUpperCase()}`];

async function json(url, init) {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}

const [[cloud], { value: assertion }] = await Promise.all([
  json(input('cloud')),
  json(`${env.ACTIONS_ID_TOKEN_REQUEST_URL}&audience=api://AzureADTokenExchange`, {
    headers: { authorization: `bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` },
  }),
]);
const arm = cloud.resourceManager.replace(/\/$/, '');
const entra = cloud.authentication.loginEndpoint.replace(/\/$/, '');
const { access_token: token } = await json(`${entra}/${input('tenant-id')}/oauth2/v2.0/token`, {
  method: 'POST',
  body: new URLSearchParams({
    client_id: input('client-id'),
    scope: `${arm}/.default`,
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  }),
});
const endpoint = `${arm}/subscriptions/${input('subscription-id')}/resourceGroups/${input('resource-group')}/providers/Microsoft.MachineLearningServices/workspaces/${input('workspace')}/onlineEndpoints/${input('endpoint')}`;
const headers = { authorization: `Bearer ${token}` };
const { properties } = await json(`${endpoint}?api-version=2022-10-01`, { headers });
const { primaryKey } = await json(`${endpoint}/listKeys?api-version=2022-10-01`, { method: 'POST', headers });
await json(properties.scoringUri, {
  method: 'POST',
  headers: { authorization: `Bearer ${primaryKey}`, 'content-type': 'application/json' },
  body: readFileSync(input('sample-request')),
});
