import { parseArgs } from 'node:util';
import { startLocalAzure } from './index.ts';

// Starts the local Azure, prints one line of JSON that says where it is, and runs until it is told to end.
const { values } = parseArgs({
  options: {
    'delay-ms': { type: 'string', default: '0' },
    'no-validate': { type: 'boolean', default: false },
    'data-plane-audience': { type: 'string' },
    'until-stdin-closes': { type: 'boolean', default: false },
  },
});

const azure = await startLocalAzure({
  delayMs: Number(values['delay-ms']),
  validate: !values['no-validate'],
  ...(values['data-plane-audience'] === undefined
    ? {}
    : { dataPlaneAudience: values['data-plane-audience'] }),
});

// Whoever has read the line below may end the program at once.
let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  await azure.settled();
  for (const violation of azure.violations) console.error(violation);
  await azure.close();
  process.exit(0);
}

process.on('SIGINT', end);
process.on('SIGTERM', end);
if (values['until-stdin-closes']) {
  process.stdin.on('end', end);
  process.stdin.on('close', end);
  process.stdin.resume();
}

const { metadataUrl, caFile, tenantId, clientId, clientSecret, subscriptionId, resourceGroup, workspace } =
  azure;
const { oidc, imdsHost, federatedTokenFile, entraHost, dataPlaneAudience } = azure;
const endpoints = [...azure.endpoints.values()].map(({ name, authMode, scoringUri }) => ({
  name,
  authMode,
  scoringUri,
}));
console.log(
  JSON.stringify({
    metadataUrl,
    caFile,
    tenantId,
    clientId,
    clientSecret,
    subscriptionId,
    resourceGroup,
    workspace,
    endpoints,
    oidc,
    imdsHost,
    federatedTokenFile,
    entraHost,
    dataPlaneAudience,
  }),
);
