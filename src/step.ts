import type { Host } from './hosts/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { InputError, type InputSource } from './inputs/reader.ts';
import { SECRET_VARIABLES } from './inputs/sign-in.ts';
import { UNUSABLE_PROXIES } from './network/proxy-environment.ts';
import { OWN_WORDS, publishVerdict } from './outputs.ts';
import { endChildren } from './process/child-processes.ts';
import { createFileReader } from './process/guarded-files.ts';
import { takeOutTlsSwitches } from './process/tls-switches.ts';
import { trust } from './process/trust.ts';
import { run } from './run.ts';
import { keepVisible } from './secrets/secret.ts';
import { formatMistake } from './smoke-test/plan/file/mistakes.ts';
import type { Verdict } from './smoke-test/result.ts';

/**
 * One run from start to exit. It is red until proven green: whatever ends the process early leaves a failed step.
 * @param readInputs throws InputError
 */
export async function runStep(
  host: Host,
  readInputs: (source: InputSource) => Promise<Inputs>,
): Promise<void> {
  process.exitCode = 1;
  explainStrayErrors(host);
  endAtSignals(host);
  keepVisible(...OWN_WORDS);
  for (const warning of takeOutTlsSwitches(process.env)) host.warning(warning, { title: 'Environment' });
  finish(host, await verdictOf(host, readInputs));
}

async function verdictOf(host: Host, readInputs: (source: InputSource) => Promise<Inputs>): Promise<Verdict> {
  let inputs: Inputs;
  try {
    inputs = await readInputs({
      environment: process.env,
      readFile: createFileReader(process.cwd()),
      workspace: process.cwd(),
      unusableProxies: UNUSABLE_PROXIES,
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await tellMistakes(host, error);
    return 'error';
  }
  // A program that the step starts (az) must find no secret in its environment.
  for (const name of SECRET_VARIABLES) delete process.env[name];
  if (inputs.caCertificates.length > 0) trust(inputs.caCertificates);
  return run(host, inputs);
}

/** Has Node's warnings shown as debug lines, and ends the step at the first error that nothing else caught. */
function explainStrayErrors(host: Host): void {
  process.on('warning', ({ name, message }) => host.debug(`${name}: ${message}`));
  let ending = false;
  const end = async (error: unknown): Promise<void> => {
    // Errors after the first are its consequences.
    if (ending) return;
    ending = true;
    try {
      const { explain } = await import('./azure/errors/explain.ts');
      host.error(explain(error, { cloud: '' }));
    } finally {
      finish(host, 'error');
    }
  };
  process.on('uncaughtException', end);
  process.on('unhandledRejection', end);
}

/** Ends the step when it is cancelled, and every program that it has started. */
function endAtSignals(host: Host): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      endChildren();
      host.error(`The step was cancelled (${signal}) before it had a verdict.`);
      finish(host, 'error');
    });
  }
}

/** Tells what is wrong with the inputs in one annotation, and each mistake in the smoke-test file at its place. */
async function tellMistakes(
  host: Host,
  { message, mistakes, fileMistakes, step }: InputError,
): Promise<void> {
  if (mistakes.length > 0) host.error(message, { title: 'Inputs' });
  else host.info(message);
  for (const mistake of fileMistakes) {
    const { file, line: startLine, column: startColumn } = mistake;
    host.error(formatMistake(mistake), { title: 'Smoke-test file', file, startLine, startColumn });
  }
  if (!step.summary) return;
  const { failureSummary } = await import('./report/summary/summary.ts');
  const lines = [...(mistakes.length > 0 ? [message] : []), ...fileMistakes.map(formatMistake)];
  host.writeSummary(failureSummary(step.endpoint, lines.join('\n')));
}

function finish(host: Host, verdict: Verdict): void {
  publishVerdict(host, verdict);
  const code = verdict === 'passed' || verdict === 'skipped' ? 0 : 1;
  // Some platforms print asynchronously, so the exit waits for what was printed. It does not wait for what a
  // library left running.
  process.stdout.write('', () => process.exit(code));
}
