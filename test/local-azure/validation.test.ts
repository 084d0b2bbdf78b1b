import { readdir, readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { accessToken, armUrl, send } from './client.ts';
import { type LocalAzure, startLocalAzure } from './index.ts';
import { type Judge, loadJudge } from './openapi.ts';

let azure: LocalAzure;
let judge: Judge;
let headers: Record<string, string>;
beforeAll(async () => {
  [azure, judge] = await Promise.all([startLocalAzure(), loadJudge()]);
  headers = { authorization: `Bearer ${await accessToken(azure)}` };
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

test('an answer that breaks the document is a violation', async () => {
  Object.assign(azure.endpoints.get('churn-key')!, { authMode: 42, traffic: { blue: 'all' } });
  await send(azure, armUrl(azure, '/churn-key'), { headers });
  await azure.settled();
  expect(azure.violations).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/response: INVALID_TYPE .*authMode/),
      expect.stringMatching(/response: INVALID_TYPE .*traffic/),
    ]),
  );
  azure.reset();
  expect(azure.violations).toEqual([]);
});

test('a request that breaks the document is a violation', async () => {
  const json = { ...headers, 'content-type': 'application/json' };
  const logs = armUrl(azure, '/churn-key/deployments/blue/getLogs');
  await send(azure, logs, { method: 'POST', headers: json, body: '{"tail":"many"}' });
  await send(azure, armUrl(azure, '/churn-key/listKeys'), { method: 'POST', headers: json, body: '{}' });
  await send(azure, armUrl(azure, '/churn-key').replace(/\?.*/, ''), { headers });
  await azure.settled();
  expect(azure.violations.join('\n')).toMatch(/getLogs.* request: INVALID_TYPE/);
  expect(azure.violations.join('\n')).toMatch(/listKeys.* request: this action takes no body/);
  expect(azure.violations.join('\n')).toMatch(/churn-key \(400\) request: /);
});

test('refusals of every shape keep to the document', async () => {
  azure.access.denied.set('read', 'ForbiddenError');
  await send(azure, armUrl(azure, '/churn-key'), { headers });
  azure.access.denied.set('read', 'AuthorizationFailed');
  await send(azure, armUrl(azure, '/churn-key'), { headers });
  await send(azure, armUrl(azure, '/churn-key'));
  azure.access.denied.clear();
  await send(azure, armUrl(azure, '/nobody'), { headers });
  azure.access.privateLink = '502';
  await send(azure, armUrl(azure, '/churn-key'), { headers });
  await azure.settled();
  expect(azure.exchanges.map(({ status }) => status)).toEqual([403, 403, 401, 404, 502]);
  expect(azure.violations).toEqual([]);
});

test("every example answer of Microsoft's own passes", async () => {
  const root = new URL('../fixtures/openapi/specification/', import.meta.url);
  const files = (await readdir(root, { recursive: true })).filter((file) => /examples.*\.json$/.test(file));
  expect(files.length).toBeGreaterThan(10);
  for (const file of files) {
    const example = JSON.parse(await readFile(new URL(file, root), 'utf8'));
    const version = /\/stable\/([^/]+)\//.exec(file)?.[1];
    const deployment = file.includes('OnlineDeployment') ? '/testEndpointName/deployments' : '';
    const operation = /([^/]+)\.json$/.exec(file)?.[1];
    const one = deployment === '' ? '/testEndpointName' : '/testDeploymentName';
    const path: Record<string, string> = {
      list: deployment,
      get: `${deployment}${one}`,
      listKeys: '/testEndpointName/listKeys',
      getToken: '/testEndpointName/token',
      getLogs: `${deployment}${one}/getLogs`,
    };
    const method = operation === 'list' || operation === 'get' ? 'GET' : 'POST';
    const verdict = await judge({
      method,
      url: armUrl(azure, path[operation ?? ''], version).replace(azure.workspace, 'my-aml-workspace'),
      requestHeaders: operation === 'getLogs' ? { 'content-type': 'application/json' } : {},
      requestBody: operation === 'getLogs' ? '{}' : '',
      status: 200,
      responseHeaders: { 'content-type': 'application/json' },
      responseBody: JSON.stringify(example.responses['200'].body),
    });
    expect(verdict, file).toEqual([]);
  }
});
