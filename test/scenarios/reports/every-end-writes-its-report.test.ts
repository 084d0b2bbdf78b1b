import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, onTestFinished, test } from 'vitest';
import { validateXML } from 'xmllint-wasm';
import { json } from '../../local-azure/index.ts';
import { runStep, type StepOptions } from '../../runner/step.ts';
import { beforeAction, onceThrown } from '../../support/preloaded-modules.ts';
import { openScenario, SAMPLE, type Seen, type StepRequest } from '../../support/scenario.ts';

const { azure, step } = await openScenario();
const XSD = readFileSync(new URL('../../fixtures/junit/junit-10.xsd', import.meta.url), 'utf8');
const SCHEMA: object = JSON.parse(
  readFileSync(new URL('../../../report.schema.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ strict: true });
addFormats.default(ajv);
const isReport = ajv.compile(SCHEMA);

/** The reports of an earlier step that passed. */
const OLD = {
  'reports/report.json': '{"verdict":"passed"}',
  'reports/junit.xml': '<testsuites/>',
  'reports/report.html': '<html>passed</html>',
};

/** The inputs of a step that would pass. */
const GOOD = {
  endpoint: 'churn-key',
  workspace: azure.workspace,
  'resource-group': azure.resourceGroup,
  'subscription-id': azure.subscriptionId,
  'client-id': azure.clientId,
  'tenant-id': azure.tenantId,
  cloud: azure.metadataUrl,
  'ca-certificate': azure.caFile,
  'sample-request': SAMPLE,
  'report-directory': 'reports',
};

/** Runs a step without what always holds: some of these steps cannot say everything. */
function run(options: Partial<StepOptions> = {}) {
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: azure.oidc.requestUrl,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: azure.oidc.requestToken,
  };
  return runStep({ inputs: GOOD, ...options, env: { ...env, ...options.env } });
}

function fileOf({ changedFiles }: Pick<Seen, 'changedFiles'>, name: string): string {
  return Buffer.from(changedFiles[`workspace/reports/${name}`] ?? []).toString('utf8');
}

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'reports-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

interface End {
  readonly what: string;
  readonly request?: StepRequest;
  readonly prepare?: () => void;
  readonly verdict: 'error' | 'skipped';
  readonly message: string;
  readonly outcome?: 'error' | 'skipped';
}

const ENDS: readonly End[] = [
  {
    what: 'a wrong input',
    request: { inputs: { samples: 'many' } },
    verdict: 'error',
    message: "samples 'many': Write a whole number",
  },
  {
    what: 'no endpoint',
    request: { inputs: { endpoint: undefined } },
    verdict: 'error',
    message: 'Name the online endpoint',
  },
  {
    what: 'a mistake in the smoke-test file',
    request: {
      inputs: { 'sample-request': undefined, 'smoke-test': 'smoke.yml' },
      files: { 'smoke.yml': 'version: 1\nsamples: none\ncases: [{ name: a, request: { json: 1 } }]\n' },
    },
    verdict: 'error',
    message: "smoke.yml:2:10: samples 'none'",
  },
  {
    what: 'a refused sign-in',
    prepare: () => {
      azure.setFault('sign-in', { kind: 'status', status: 401 });
    },
    verdict: 'error',
    message: '401',
  },
  {
    what: 'an endpoint that is not there',
    request: { inputs: { endpoint: 'churn-kex' } },
    verdict: 'error',
    message: 'churn-kex',
  },
  {
    what: 'an unexpected error',
    request: { execArgv: onceThrown('the roof is on fire') },
    verdict: 'error',
    message: 'the roof is on fire',
  },
  {
    what: 'no smoke test',
    request: { inputs: { 'sample-request': undefined } },
    verdict: 'skipped',
    message: 'No smoke test was requested.',
  },
];

describe.each(ENDS)('$what', ({ request = {}, prepare, verdict, message }) => {
  test('has its own reports, and an old one does not stay', async () => {
    prepare?.();
    const seen = await step({
      ...request,
      inputs: { 'sample-request': SAMPLE, 'report-directory': 'reports', ...request.inputs },
      files: { ...OLD, ...request.files },
    });
    expect(seen.outputs).toMatchObject({ verdict, 'report-file': 'reports/report.json' });

    const report: unknown = JSON.parse(fileOf(seen, 'report.json'));
    expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true);
    expect(report).toMatchObject({ verdict, message: expect.stringContaining(message), measurements: [] });
    const junit = fileOf(seen, 'junit.xml');
    expect((await validateXML({ xml: junit, schema: XSD })).errors).toEqual([]);
    expect(junit).toContain(verdict === 'skipped' ? '<skipped message=' : '<error type="error" message=');
    expect(fileOf(seen, 'report.html')).toContain(`<span class="${verdict}-run">${verdict}</span>`);
  });
});

// Windows has no such signals.
describe.skipIf(process.platform === 'win32')('a step that is ended', () => {
  test('by a signal has its report', async () => {
    azure.setFault('endpoint', { kind: 'hang' });
    const seen = await step({
      inputs: { 'sample-request': SAMPLE, 'report-directory': 'reports' },
      files: OLD,
      execArgv: beforeAction(`
        import { subscribe } from 'node:diagnostics_channel';
        subscribe('http.client.request.start', ({ request }) => {
          if (!request.path.includes('/onlineEndpoints/')) return;
          request.once('finish', () => setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50));
        });`),
    });
    expect(JSON.parse(fileOf(seen, 'report.json'))).toMatchObject({
      verdict: 'error',
      message: 'The step was cancelled (SIGTERM) before it had a verdict.',
    });
  });

  test('without a word leaves no report of an earlier one', async () => {
    azure.setFault('endpoint', { kind: 'hang' });
    const workspace = await scratch();
    await mkdir(join(workspace, 'reports'));
    for (const [name, text] of Object.entries(OLD)) await writeFile(join(workspace, name), text);
    const seen = await run({
      workspace,
      execArgv: beforeAction(`
        import { subscribe } from 'node:diagnostics_channel';
        subscribe('http.client.request.start', ({ request }) => {
          if (!request.path.includes('/onlineEndpoints/')) return;
          request.once('finish', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50));
        });`),
    });
    expect(seen.signal).toBe('SIGKILL');
    expect(await readdir(join(workspace, 'reports'))).toEqual([]);
    await seen.dispose();
  });
});

describe('a link', () => {
  test('in the place of the directory is not followed', async () => {
    const outside = await scratch();
    const { outputs, annotations } = await step({
      inputs: { 'sample-request': SAMPLE, 'report-directory': 'out/reports' },
      execArgv: beforeAction(
        `import { symlinkSync } from 'node:fs'; symlinkSync(${JSON.stringify(outside)}, 'out');`,
      ),
    });
    expect(outputs.verdict).toBe('passed');
    expect(outputs).not.toHaveProperty('report-file');
    expect(annotations).toMatchObject([
      {
        level: 'warning',
        message: expect.stringContaining("report-directory 'out/reports': out is a link."),
      },
    ]);
    expect(await readdir(outside)).toEqual([]);
  });

  test('in the place of a report is replaced', async () => {
    const outside = join(await scratch(), 'precious');
    await writeFile(outside, 'mine');
    const seen = await step({
      inputs: { 'sample-request': SAMPLE, 'report-directory': 'reports' },
      files: { 'reports/other.txt': '' },
      execArgv: beforeAction(
        `import { symlinkSync } from 'node:fs'; symlinkSync(${JSON.stringify(outside)}, 'reports/report.json');`,
      ),
    });
    expect(JSON.parse(fileOf(seen, 'report.json'))).toMatchObject({ verdict: 'passed' });
    expect(readFileSync(outside, 'utf8')).toBe('mine');
  });
});

test('a directory that never answers does not withhold the verdict', async () => {
  const { outputs, annotations } = await step({
    inputs: { 'sample-request': SAMPLE, 'report-directory': 'reports' },
    execArgv: beforeAction(`
      import fs from 'node:fs';
      import { syncBuiltinESMExports } from 'node:module';
      const { mkdir } = fs.promises;
      fs.promises.mkdir = (path, ...rest) => /reports$/.test(path) ? new Promise(() => {}) : mkdir(path, ...rest);
      syncBuiltinESMExports();`),
  });
  expect(outputs).toMatchObject({ verdict: 'passed', 'status-code': '200' });
  expect(annotations).toMatchObject([
    { level: 'warning', message: expect.stringContaining('it did not answer in 10 s') },
  ]);
});

describe('outputs that cannot be written', () => {
  test.each([
    [
      'a file that is not there',
      '/nowhere/output',
      "to '/nowhere/output', the file that GITHUB_OUTPUT names: there is no such file.",
    ],
    ['a directory', tmpdir(), `to '${tmpdir()}', the file that GITHUB_OUTPUT names: it is a directory.`],
    ['no file', '', 'The outputs cannot be written: the environment variable GITHUB_OUTPUT'],
  ])('are told once: %s', async (_what, file, told) => {
    const seen = await run({ env: { GITHUB_OUTPUT: file } });
    await seen.dispose();
    expect(seen.exitCode).toBe(1);
    expect(seen.stderr).toBe('');
    expect(seen.annotations.map(({ level, message }) => [level, message])).toEqual([
      ['error', expect.stringContaining(told)],
    ]);
    expect(JSON.parse(fileOf(seen, 'report.json'))).toMatchObject({
      verdict: 'error',
      message: expect.stringContaining(told),
    });
  });
});

describe('a reader of the log that goes away', () => {
  test.each(['passed', 'failed'] as const)(
    'changes neither the verdict %s nor the reports',
    async (verdict) => {
      if (verdict === 'failed') {
        azure.endpoints.get('churn-key')!.deployments.get('blue')!.model = () => json(500, {});
      }
      const seen = await run({ onStart: ({ stdout }) => void stdout?.destroy() });
      await seen.dispose();
      expect(seen.exitCode).toBe(verdict === 'passed' ? 0 : 1);
      expect(seen.outputs).toMatchObject({ verdict, 'report-file': 'reports/report.json' });
      expect(JSON.parse(fileOf(seen, 'report.json'))).toMatchObject({ verdict });
      // Its masks reach nobody.
      expect(seen.outputs).not.toHaveProperty('credential');
    },
  );
});

test('two runs in one viewer do not collide', async () => {
  const classNames = async (deployment: string) => {
    const seen = await step({
      inputs: { 'sample-request': SAMPLE, 'report-directory': 'reports', deployment },
    });
    return [...fileOf(seen, 'junit.xml').matchAll(/classname="([^"]*)"/g)].map(([, name]) => name);
  };
  for (const deployment of ['blue', 'green']) {
    const names = await classNames(deployment);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(name).toContain(`${azure.workspace}.churn-key.${deployment}.`);
  }
});
