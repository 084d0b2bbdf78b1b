// What a caller waits for one answer: of `score`, and of the least that Node can do. Both ask in turn, in one
// process, each on a warm connection of its own, with the same headers and body.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import { announceMasksTo, guard } from '../../src/secrets/secret.ts';
import { score } from '../../src/smoke-test/request/score.ts';

const { url, credential, body: text, warmUp, samples } = JSON.parse(readFileSync(0, 'utf8'));
const body = Buffer.from(text);
announceMasksTo(() => undefined);
const request = {
  url,
  method: 'POST',
  headers: {},
  contentType: 'application/json',
  body,
  credential: guard(credential, 'the key'),
  deployment: undefined,
  timeoutMs: 30_000,
};

const agent = new https.Agent({ keepAlive: true });
const bare = () =>
  new Promise((resolve, reject) => {
    const headers = {
      Accept: '*/*',
      'Accept-Encoding': 'identity',
      'Content-Type': 'application/json',
      'Content-Length': body.length,
      Authorization: `Bearer ${credential}`,
      'x-ms-client-request-id': randomUUID(),
    };
    const outgoing = https.request(url, { agent, method: 'POST', headers }, (incoming) => {
      incoming.on('data', () => undefined);
      incoming.once('end', () => resolve({ status: incoming.statusCode }));
    });
    outgoing.once('error', reject);
    outgoing.end(body);
  });

async function time(ask) {
  const startedAt = performance.now();
  const { status } = await ask();
  const elapsed = performance.now() - startedAt;
  if (status !== 200) throw new Error(`the endpoint answered ${status}`);
  return elapsed;
}

const measured = { scoreMs: [], bareMs: [] };
for (let index = -warmUp; index < samples; index++) {
  const scoreFirst = index % 2 === 0;
  const first = await time(scoreFirst ? () => score(request) : bare);
  const second = await time(scoreFirst ? bare : () => score(request));
  if (index < 0) continue;
  measured.scoreMs.push(scoreFirst ? first : second);
  measured.bareMs.push(scoreFirst ? second : first);
}
console.log(JSON.stringify(measured));
process.exit(0);
