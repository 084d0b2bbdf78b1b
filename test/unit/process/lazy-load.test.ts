import { once } from 'node:events';
import https from 'node:https';
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';

async function fresh(): Promise<typeof import('../../../src/process/lazy-load.ts')['load']> {
  vi.resetModules();
  return (await import('../../../src/process/lazy-load.ts')).load;
}

test('modules are loaded one by one, in their order', async () => {
  const load = await fresh();
  const events: string[] = [];
  const module = (name: string) => async () => {
    events.push(`${name} starts`);
    await new Promise(setImmediate);
    events.push(`${name} is there`);
    return name;
  };
  const loaded = await Promise.all([load(module('a')), load(module('b'))]);
  expect(loaded).toEqual(['a', 'b']);
  expect(events).toEqual(['a starts', 'a is there', 'b starts', 'b is there']);
});

test('a module that cannot be loaded fails for its caller alone', async () => {
  const load = await fresh();
  const broken = load(() => Promise.reject(new Error('no such module')));
  const next = load(async () => 'next');
  await expect(broken).rejects.toThrow('no such module');
  await expect(next).resolves.toBe('next');
});

test('a handshake that never ends holds no module up', async () => {
  const load = await fresh();
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const { port } = silent.address() as { port: number };
  const request = https.get({ host: '127.0.0.1', port, agent: https.globalAgent });
  request.on('error', () => undefined);
  try {
    const started = performance.now();
    await expect(load(async () => 'loaded')).resolves.toBe('loaded');
    expect(performance.now() - started).toBeLessThan(5_000);
  } finally {
    request.destroy();
    silent.close();
  }
});
