// Starts the local Azure with an endpoint to measure, prints one line of JSON that says where it is, and ends
// with its standard input. Its deployment `instant` answers at once, `busy` after some milliseconds.
import { setTimeout as sleep } from 'node:timers/promises';
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
    endpoints: [{ name, scoringUri }],
  }),
);
