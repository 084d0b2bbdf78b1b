import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { armUrl, send } from './client.ts';
import { type LocalAzure, startLocalAzure } from './index.ts';

let azure: LocalAzure;
beforeAll(async () => {
  azure = await startLocalAzure();
});
afterEach(() => azure.reset());
afterAll(() => azure.close());

const metadata = () => send(azure, azure.metadataUrl);

test('a reset breaks the connection, as often as it was told to', async () => {
  azure.setFault('metadata', { kind: 'reset', times: 1, after: 1 });
  await expect(metadata()).resolves.toMatchObject({ status: 200 });
  await expect(metadata()).rejects.toMatchObject({ code: 'ECONNRESET' });
  await expect(metadata()).resolves.toMatchObject({ status: 200 });
});

test('a truncated answer promises more than it gives', async () => {
  azure.setFault('metadata', { kind: 'truncated' });
  await expect(metadata()).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(azure.exchanges.at(-1)).toMatchObject({ call: 'metadata', status: 200, endedAt: undefined });
});

test('a status or a body takes the place of the true answer', async () => {
  azure.setFault('metadata', { kind: 'status', status: 503, headers: { 'Retry-After': '1' }, body: 'busy' });
  expect(await metadata()).toMatchObject({ status: 503, body: 'busy', headers: { 'retry-after': '1' } });
  azure.setFault('metadata', { kind: 'body', body: '<html>', contentType: 'text/html' });
  expect(await metadata()).toMatchObject({ status: 200, body: '<html>' });
  azure.setFault('metadata', undefined);
  expect((await metadata()).body).toContain('LocalAzure');
});

test('a fault on Resource Manager is no violation', async () => {
  azure.setFault('endpoint', { kind: 'body', body: '{"wrong":true}' });
  await send(azure, armUrl(azure, '/churn-key'));
  await azure.settled();
  expect(azure.violations).toEqual([]);
});

test('a delay holds an answer back, for one call or for all', async () => {
  azure.setDelay('*', 40);
  azure.setDelay('metadata', 80);
  await metadata();
  await send(azure, `${azure.entraHost}/nowhere`);
  const [slow, other] = azure.exchanges.map(({ startedAt, endedAt }) => endedAt! - startedAt);
  expect(slow).toBeGreaterThan(75);
  expect(other).toBeGreaterThan(35);
});

test('a hanging answer does not hold up the end', async () => {
  const other = await startLocalAzure({ validate: false });
  other.setFault('metadata', { kind: 'hang' });
  const answer = send(other, other.metadataUrl).catch((error: unknown) => error);
  while (other.exchanges.length === 0) await new Promise(setImmediate);
  await other.close();
  expect(await answer).toMatchObject({ code: 'ECONNRESET' });
});

test('every exchange is on record, with what was sent', async () => {
  await send(azure, azure.endpoints.get('churn-k8s')!.scoringUri!, { method: 'POST', body: 'grüße' });
  expect(azure.exchanges).toMatchObject([
    { call: 'scoring', method: 'POST', status: 401, body: 'grüße', bytes: Buffer.from('grüße') },
  ]);
  expect(azure.exchanges[0]?.url).toBe(azure.endpoints.get('churn-k8s')!.scoringUri);
});
