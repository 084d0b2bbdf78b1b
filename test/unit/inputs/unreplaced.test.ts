import { expect, test } from 'vitest';
import { unreplacedIn } from '../../../src/inputs/unreplaced.ts';

/** An expression of GitHub's. */
const GITHUB = '$'.concat('{{ vars.NAME }}');

test.each([
  ['workspace', GITHUB, GITHUB],
  ['workspace', `ws-${GITHUB}`, GITHUB],
  ['endpoint', '$(endpointName)', '$(endpointName)'],
  ['report-directory', '$(Build.ArtifactStagingDirectory)/report', '$(Build.ArtifactStagingDirectory)'],
  ['smoke-test', 'tests/$[variables.name].yml', '$[variables.name]'],
  ['deployment', '$DEPLOYMENT', '$DEPLOYMENT'],
  ['deployment', '$'.concat('{DEPLOYMENT}'), '$'.concat('{DEPLOYMENT}')],
  ['timeout', '$env:TIMEOUT', '$env:TIMEOUT'],
  ['timeout', '%TIMEOUT%', '%TIMEOUT%'],
  ['sample-request', '$(sampleFile)', '$(sampleFile)'],
  ['client-secret', '$(AZURE_CLIENT_SECRET)', '$(AZURE_CLIENT_SECRET)'],
  ['creds', GITHUB, GITHUB],
  ['response-check', GITHUB, GITHUB],
] as const)('%s: %j was to be replaced', (name, value, expression) => {
  expect(unreplacedIn(name, value)).toBe(expression);
});

test.each([
  ['workspace', ''],
  ['workspace', 'ws-churn'],
  ['sample-request', `{"prompt": "${GITHUB} $(x) $[y]"}`],
  ['sample-request', '["$(x)"]'],
  ['sample-request', 'samples/100%.json'],
  ['smoke-test', 'version: 1\ncases: [{ expect: { json: { "$[0]": { type: number } } } }]'],
  ['client-secret', 'a$(b)c~0123456789'],
  ['creds', '{"clientSecret": "$(x)"}'],
  ['response-check', '$(cat)'],
  ['response-check', '$CHECK'],
  ['response-check', `jq -e '.x' && echo "$(date)"`],
  ['ca-certificate', 'C:\\certs$\\ca.pem'],
  ['report-directory', 'reports (new)/$'],
] as const)('%s: %j is as it was meant', (name, value) => {
  expect(unreplacedIn(name, value)).toBeUndefined();
});
