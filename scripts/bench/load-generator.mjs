// The independent measurement: autocannon sends what it is told on standard input, and prints the latency of
// every request in milliseconds. Its own histogram holds whole milliseconds, so that its
// percentiles are too coarse here; the times that it hands to its listeners have fractions. With them it prints
// how many requests a second it sent, from the first that counts to the last.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const { url, headers, body, samples, connections } = JSON.parse(readFileSync(0, 'utf8'));
const latencies = [];
const warm = new Set();
let beganAt;
let endedAt;
// Each connection's first request pays for its handshake, and is not counted.
const amount = samples + connections;
const run = autocannon({
  url,
  method: 'POST',
  headers,
  body,
  connections,
  pipelining: 1,
  amount,
  sampleInt: 100,
});
run.on('response', (client, _status, _bytes, milliseconds) => {
  beganAt ??= performance.now();
  endedAt = performance.now();
  if (warm.has(client)) latencies.push(milliseconds);
  else warm.add(client);
});
const result = await run;
if (result.errors > 0 || result.non2xx > 0 || result['2xx'] !== amount) {
  throw new Error(`of ${amount} requests ${result['2xx']} succeeded, ${result.errors} broke`);
}
console.log(JSON.stringify({ latencies, perSecond: (latencies.length / (endedAt - beganAt)) * 1_000 }));
