import { parentPort } from 'node:worker_threads';
import { type ArmExchange, loadJudge } from './openapi.ts';

// In a thread of its own, because loading the documents would hold up the servers' answers.
const judge = loadJudge();

parentPort?.on(
  'message',
  async ({ id, exchange }: { readonly id: number; readonly exchange: ArmExchange }) => {
    try {
      parentPort?.postMessage({ id, violations: await (await judge)(exchange) });
    } catch (error) {
      parentPort?.postMessage({ id, violations: [`${exchange.method} ${exchange.url} ${String(error)}`] });
    }
  },
);
