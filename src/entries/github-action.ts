// First, so that nothing that is loaded after it can print what it should not.
import '../process/silence-warnings.ts';
import '../process/without-form-data.ts';
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import { createGitHubHost } from '../hosts/github.ts';
import { type Inputs, readInputs } from '../inputs/inputs.ts';
import { InputError } from '../inputs/reader.ts';
import { SECRET_VARIABLES } from '../inputs/sign-in.ts';
// Before the libraries read the same variables.
import { UNUSABLE_PROXIES } from '../network/proxy-environment.ts';
import { publishVerdict } from '../outputs.ts';
import { endChildren } from '../process/child-processes.ts';
import { run } from '../run.ts';
import { formatMistake } from '../smoke-test/plan/file/mistakes.ts';
import type { Verdict } from '../smoke-test/verdict/status-table.ts';

// Red until proven green: whatever ends the process early leaves a failed step.
process.exitCode = 1;
const host = createGitHubHost();
let verdict: Verdict = 'error';

process.on('warning', ({ name, message }) => host.debug(`${name}: ${message}`));
let stray = false;
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    // The first one ends the step; what it takes along says nothing new.
    if (stray) return;
    stray = true;
    void (async () => {
      try {
        const { explain } = await import('../azure/errors/explain.ts');
        host.error(explain(error, { cloud: '' }));
      } finally {
        finish('error');
      }
    })();
  });
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    endChildren();
    host.error(`The step was cancelled (${signal}) before it had a verdict.`);
    finish('error');
  });
}

try {
  const inputs = await readInputs({
    environment: process.env,
    readFile: (path) => readFileSync(path),
    workspace: process.cwd(),
    unusableProxies: UNUSABLE_PROXIES,
  });
  // A program that the step starts (az) must find no secret in its environment.
  for (const name of SECRET_VARIABLES) delete process.env[name];
  trust(inputs);
  verdict = await run(host, inputs);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  if (error.mistakes.length > 0) host.error(error.message, { title: 'Inputs' });
  else host.info(error.message);
  for (const mistake of error.fileMistakes) {
    const { file, line: startLine, column: startColumn } = mistake;
    host.error(formatMistake(mistake), { title: 'Smoke-test file', file, startLine, startColumn });
  }
  await summarize(error);
}
finish(verdict);

async function summarize({ message, mistakes, fileMistakes, step }: InputError): Promise<void> {
  if (!step.summary) return;
  const { failureSummary } = await import('../report/summary/summary.ts');
  const lines = [...(mistakes.length > 0 ? [message] : []), ...fileMistakes.map(formatMistake)];
  host.writeSummary(failureSummary(step.endpoint, lines.join('\n')));
}

function trust({ caCertificate }: Inputs): void {
  if (caCertificate === undefined) return;
  // Added to what is trusted, never instead of it. Node leaves the system's own store out, whose reading blocks
  // for 15 ms and more: a step without the input leaves it to NODE_USE_SYSTEM_CA.
  const trusted = [...tls.getCACertificates('default'), ...tls.getCACertificates('system'), caCertificate];
  tls.setDefaultCACertificates([...new Set(trusted)]);
}

function finish(outcome: Verdict): void {
  publishVerdict(host, outcome);
  const code = outcome === 'passed' || outcome === 'skipped' ? 0 : 1;
  // What was printed is on its way on some platforms; what a library left running must not hold the step.
  process.stdout.write('', () => process.exit(code));
}
