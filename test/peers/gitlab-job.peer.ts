import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { container, createDeployment, NOT_READY, startLocalAzure } from '../local-azure/index.ts';
import { PROJECT_ROOT, pinnedNode } from '../runner/node.ts';
import { createSearcher, haystackOf } from '../runner/sightings.ts';
import { type ProgramEnd, runProgram } from './process.ts';

// The job of docs/command-line.md, run by gitlab-ci-local with its shell executor, on the local Azure. npx is a
// stand-in, which runs the packed program without asking a registry.

const azure = await startLocalAzure();
const folder = mkdtempSync(join(tmpdir(), 'gitlab-'));
const programs = join(folder, 'programs');
installPackage();
addEndpoint();
afterEach(() => {
  azure.reset();
  addEndpoint();
});
afterAll(async () => {
  await azure.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

const blue = () => azure.endpoints.get('churn')!.deployments.get('blue')!;

function addEndpoint(): void {
  azure.addEndpoint('churn', {
    traffic: { blue: 100 },
    deployments: new Map([['blue', createDeployment('blue')]]),
  });
}

function installPackage(): void {
  const [archive = ''] = globSync('build/azureml-endpoint-auth-*.tgz', { cwd: PROJECT_ROOT });
  if (archive === '') throw new Error('There is no package to install: npm run package makes it.');
  const args = ['install', '--prefix', folder, '--offline', '--no-audit', '--no-fund', '--silent'];
  execFileSync('npm', [...args, join(PROJECT_ROOT, archive)], { cwd: folder, stdio: 'pipe' });
  mkdirSync(programs);
  const program = join(folder, 'node_modules/.bin/azureml-endpoint');
  writeFileSync(
    join(programs, 'npx'),
    `#!/bin/sh\n[ "$1 $2" = "-y azureml-endpoint-auth@1" ] || exit 9\nshift 2\nexec '${program}' "$@"\n`,
  );
  chmodSync(join(programs, 'npx'), 0o755);
}

/** The document's own YAML. */
function recipe(): string {
  const text = readFileSync(join(PROJECT_ROOT, 'docs/command-line.md'), 'utf8');
  const [, yaml = ''] = /^## GitLab\n+```yaml\n([\s\S]*?)^```$/m.exec(text) ?? [];
  return yaml;
}

async function run(warmUp = '2m'): Promise<ProgramEnd> {
  const project = mkdtempSync(join(folder, 'project-'));
  const expectation = 'expect: { json: { "$[*]": { type: number } } }';
  const request = 'request: { body: sample-request.json }';
  writeFileSync(join(project, '.gitlab-ci.yml'), recipe());
  writeFileSync(
    join(project, 'smoke-test.yml'),
    `version: 1\nwarm-up: ${warmUp}\ncases: [{ name: rows, ${request}, ${expectation} }]\n`,
  );
  cpSync(join(PROJECT_ROOT, 'docs/recipes/sample-request.json'), join(project, 'sample-request.json'));
  const variables = {
    AZURE_CLIENT_ID: azure.clientId,
    AZURE_TENANT_ID: azure.tenantId,
    AZURE_SUBSCRIPTION_ID: azure.subscriptionId,
    ARM_CLOUD_METADATA_URL: azure.metadataUrl,
    NODE_EXTRA_CA_CERTS: azure.caFile,
    // What id_tokens of the job would be.
    ARM_OIDC_TOKEN: readFileSync(azure.federatedTokenFile, 'utf8'),
  };
  writeFileSync(join(project, '.gitlab-ci-local-variables.yml'), JSON.stringify(variables), { mode: 0o600 });
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: project,
      stdio: 'pipe',
    });
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', 'git@gitlab.com:group/project.git');
  git('add', '.gitlab-ci.yml', 'smoke-test.yml', 'sample-request.json');
  git('commit', '--quiet', '--message=Add the job');
  const program = join(PROJECT_ROOT, 'node_modules/.bin/gitlab-ci-local');
  const end = await runProgram(program, ['--force-shell-executor', '--no-color', '--home', folder], {
    cwd: project,
    env: {
      PATH: [programs, dirname(pinnedNode()), process.env.PATH].join(delimiter),
      HOME: folder,
      GITLAB_CI: 'true',
      CI: 'true',
    },
  });
  await azure.settled();
  const seen = haystackOf(`${end.stdout}\n${end.stderr}`);
  const found = azure
    .secrets()
    .flatMap(({ name, value }) => createSearcher(value)(seen).map(({ form }) => `${name} as ${form}`));
  expect(found).toEqual([]);
  return end;
}

describe.skipIf(process.platform === 'win32')('the job of GitLab', () => {
  test('passes, and hands what is no secret to the job after it', async () => {
    const { exitCode, stdout } = await run();
    expect(stdout).toContain('Smoke test passed');
    expect(stdout).toContain('blue is passed');
    expect(exitCode).toBe(0);
  });

  test('fails when the model answers wrongly, and the job after it does not run', async () => {
    blue().model = container(200, 'application/json', '["no"]');
    const { exitCode, stdout, stderr } = await run();
    expect(`${stdout}${stderr}`).toContain('Smoke test failed');
    expect(stdout).not.toContain('blue is');
    expect(exitCode).toBe(1);
  });

  test('is inconclusive with the code that is tried again', async () => {
    blue().model = () => NOT_READY;
    const { exitCode, stdout, stderr } = await run('0s');
    expect(`${stdout}${stderr}`).toContain('Smoke test is inconclusive');
    expect(`${stdout}${stderr}`).toMatch(/FAIL\s+3\b/);
    expect(exitCode).not.toBe(0);
  });
});
