import { randomUUID } from 'node:crypto';
import type { World } from './state.ts';
import type { Received } from './wire.ts';

/** Requests left to one caller: a bucket that is filled again with time. */
const QUOTAS = {
  reads: { size: 250, perSecond: 25 },
  writes: { size: 200, perSecond: 10 },
} as const;

/** The headers that come with every answer of Resource Manager; names and values as recorded. */
export function createArmHeaders({
  tenant,
}: World): (received: Received) => Readonly<Record<string, string>> {
  const buckets = {
    reads: { left: QUOTAS.reads.size as number, at: performance.now() },
    writes: { left: QUOTAS.writes.size as number, at: performance.now() },
  };

  function take(kind: 'reads' | 'writes'): number {
    const bucket = buckets[kind];
    const { size, perSecond } = QUOTAS[kind];
    const now = performance.now();
    bucket.left = Math.max(0, Math.min(size, bucket.left + ((now - bucket.at) / 1000) * perSecond) - 1);
    bucket.at = now;
    return Math.floor(bucket.left);
  }

  return ({ method, headers }) => {
    const id = randomUUID();
    const time = new Date().toISOString();
    // listKeys and token count as writes.
    const kind = method === 'GET' ? 'reads' : 'writes';
    const left = take(kind);
    const clientRequestId = headers['x-ms-client-request-id'];
    return {
      'Cache-Control': 'no-cache',
      Pragma: 'no-cache',
      Expires: '-1',
      'Request-Context': 'appId=cid-v1:2d2e8e63-272e-4b3c-8598-4ee570a0e70d',
      'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
      'X-Content-Type-Options': 'nosniff',
      'X-Cache': 'CONFIG_NOCACHE',
      'azureml-served-by-cluster': 'vienna-westeurope-01',
      'x-ms-response-type': 'standard',
      'x-ms-request-id': id,
      'x-ms-correlation-request-id': id,
      'x-ms-routing-request-id': `WESTEUROPE:${time.slice(0, 19).replace(/[-:]/g, '')}Z:${id}`,
      'x-request-time': '0.031',
      [`x-ms-ratelimit-remaining-subscription-${kind}`]: String(left),
      [`x-ms-ratelimit-remaining-subscription-global-${kind}`]: String(left + QUOTAS[kind].size * 14),
      ...(kind === 'writes'
        ? {
            'x-ms-operation-identifier': `tenantId=${tenant.tenantId},objectId=${tenant.objectId}/westeurope/${id}`,
          }
        : {}),
      ...(typeof clientRequestId === 'string' ? { 'x-ms-client-request-id': clientRequestId } : {}),
    };
  };
}
