// Starts the local Azure with an endpoint to measure, prints one line of JSON that says where it is, and ends
// with its standard input. Its deployment `instant` answers at once, `busy` after some milliseconds. Beside it is a
// server that does nothing but answer, with an endpoint for each of its delays.
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { issueCertificates } from '../../test/local-azure/certificates.ts';
import { createDeployment, startLocalAzure } from '../../test/local-azure/index.ts';
import { goodModel } from '../../test/local-azure/models.ts';

const azure = await startLocalAzure({ validate: false });
const many = { maxConcurrentRequestsPerInstance: 1_000 };
const deployments = [
  createDeployment('instant', many),
  createDeployment('busy', { ...many, model: busyModel() }),
];
const { name, scoringUri } = azure.addEndpoint('measured', {
  traffic: { instant: 100, busy: 0 },
  deployments: new Map(deployments.map((deployment) => [deployment.name, deployment])),
});

const plain = await startPlainServer();
const reached = ['at-once', 'after-20-ms', 'varied-after-20-ms'].map((endpoint) =>
  azure.addEndpoint(endpoint, {
    scoringUri: `https://localhost:${plain.address().port}/${endpoint}`,
    traffic: { blue: 100 },
    deployments: new Map([['blue', createDeployment('blue')]]),
  }),
);

async function startPlainServer() {
  const { caPem, certificatePem: cert, keyPem: key } = await issueCertificates();
  appendFileSync(azure.caFile, caPem);
  let answers = 0;
  // Answers with the same bytes are judged once, so those that are to be judged differ.
  const textFor = (path) =>
    path?.startsWith('/varied') ? `[11055.9,${4_503 + (answers++ % 1e6) / 1e6}]` : '[11055.9,4503.9]';
  const server = https.createServer({ cert, key }, (request, response) => {
    const answer = () => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'azureml-model-deployment': request.headers['azureml-model-deployment'] ?? 'blue',
      });
      response.end(textFor(request.url));
    };
    request.resume();
    request.once('end', () => (request.url === '/at-once' ? answer() : setTimeout(answer, 20)));
  });
  server.keepAliveTimeout = 60_000;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

/** 5 ms and a tail that falls off exponentially up to 20 ms. The golden ratio spreads even few requests evenly. */
function busyModel() {
  let position = 0;
  return async (request) => {
    const share = (position++ * 0.618_033_988_75) % 1;
    await sleep(Math.min(20, 5 - 4 * Math.log(1 - share)));
    return goodModel(request);
  };
}

async function end() {
  plain.close();
  plain.closeAllConnections();
  await azure.close();
  process.exit(0);
}
process.stdin.on('end', end);
process.stdin.resume();

const { metadataUrl, caFile, tenantId, clientId, subscriptionId, resourceGroup, workspace, oidc } = azure;
console.log(
  JSON.stringify({
    metadataUrl,
    caFile,
    tenantId,
    clientId,
    subscriptionId,
    resourceGroup,
    workspace,
    oidc,
    endpoints: [
      { name, scoringUri },
      ...reached.map((each) => ({ name: each.name, scoringUri: each.scoringUri })),
    ],
  }),
);
