import type { Ending, Host } from './hosts/host.ts';
import type { Inputs, ServerInputs } from './inputs/inputs.ts';
import { InputError, type InputSource, reportDirectoryIn } from './inputs/reader.ts';
import { UNUSABLE_PROXIES } from './network/proxy-environment.ts';
import { OWN_WORDS, publishVerdict } from './outputs.ts';
import { endChildren } from './process/child-processes.ts';
import { tolerateClosedOutput } from './process/closed-output.ts';
import { createFileReader } from './process/guarded-files.ts';
import { takeOutTlsSwitches } from './process/tls-switches.ts';
import { trust } from './process/trust.ts';
import { createReports, type Outcome, type Reports } from './report/reports.ts';
import { run } from './run.ts';
import { keepVisible } from './secrets/secret.ts';
import { formatMistake } from './smoke-test/plan/file/mistakes.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

interface End {
  /** Ends the step; only the first call counts. */
  end(outcome: EndedOutcome): Promise<void>;
  readonly hasBegun: () => boolean;
  /** Leaves what is still to be written, and the process. */
  readonly exit: () => void;
}

interface EndedOutcome extends Outcome, Partial<Pick<Ending, 'isMistake' | 'signal'>> {}

/** Reads the inputs. @throws InputError */
type ReadInputs = (source: InputSource) => Promise<Inputs | ServerInputs>;

/**
 * One run from start to exit. It is red until proven green: whatever ends the process early leaves a failed step.
 * @param afterwards comes after a good end, before the process leaves; it hears signals itself
 */
export async function runStep(
  host: Host,
  readInputs: ReadInputs,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<void> {
  process.exitCode = 1;
  tolerateClosedOutput();
  keepVisible(...OWN_WORDS);
  const tlsWarnings = takeOutTlsSwitches(process.env);
  const source: InputSource = {
    input: host.input,
    environment: process.env,
    readFile: createFileReader(process.cwd()),
    workspace: process.cwd(),
    unusableProxies: UNUSABLE_PROXIES,
  };
  const reports = createReports(reportDirectoryIn(source));
  const running = closable(host);
  const ending = createEnding(host, reports, running.close);
  explainStrayErrors(host, ending);
  const atSignals = endAtSignals(host, ending, reports);
  for (const warning of tlsWarnings) host.warning(warning, { title: 'Environment' });
  reports.removeOld();
  const outcome = await outcomeOf(running.host, source, readInputs, reports);
  const isGood = outcome.verdict === 'passed' || outcome.verdict === 'skipped';
  if (isGood && !ending.hasBegun()) {
    atSignals.stop();
    await afterwards();
  }
  await ending.end(outcome);
}

async function outcomeOf(
  host: Host,
  source: InputSource,
  readInputs: ReadInputs,
  reports: Reports,
): Promise<EndedOutcome> {
  let inputs: Inputs | ServerInputs;
  try {
    inputs = await readInputs(source);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    reports.know({ endpoint: { address: { name: error.step.endpoint } } });
    return { verdict: 'error', message: await tellMistakes(host, error), isMistake: true };
  }
  if (inputs.caCertificates.length > 0) trust(inputs.caCertificates);
  if (inputs.server === undefined) return run(host, inputs, reports);
  const { runServer } = await import('./run-server.ts');
  return runServer(host, inputs, reports);
}

/** A host that hears nothing more once it is closed: a step that was ended cannot be stopped in its tracks. */
function closable(host: Host): { readonly host: Host; readonly close: () => void } {
  let open = true;
  const unlessClosed =
    <Arguments extends readonly unknown[]>(tell: (...told: Arguments) => void) =>
    (...told: Arguments): void => {
      if (open) tell(...told);
    };
  return {
    host: {
      ...host,
      info: unlessClosed(host.info),
      debug: unlessClosed(host.debug),
      warning: unlessClosed(host.warning),
      error: unlessClosed(host.error),
      group: unlessClosed(host.group),
      progress: unlessClosed(host.progress),
      setOutput: unlessClosed(host.setOutput),
      writeSummary: unlessClosed(host.writeSummary),
    },
    close() {
      open = false;
    },
  };
}

/** The verdict is out before the reports are written: their directory may never answer. */
function createEnding(host: Host, reports: Reports, close: () => void): End {
  let begun = false;
  let ending: Ending = { verdict: 'error', isMistake: false };
  let hasLeft = false;
  // Some platforms print asynchronously, so the exit waits for what was printed, not for what a library left running.
  const exit = (): void => {
    if (hasLeft) return;
    hasLeft = true;
    process.exitCode = host.finish(ending);
    process.stdout.write('', () => process.exit());
  };
  return {
    hasBegun: () => begun,
    exit,
    async end(outcome) {
      if (begun) return;
      begun = true;
      close();
      const { verdict, isMistake = false, signal } = outcome;
      try {
        publishVerdict(host, verdict);
        ending = { verdict, isMistake, signal };
        await reports.write(host, outcome);
      } catch (error) {
        ending = { verdict: 'error', isMistake: false };
        host.error(await explained(error));
      } finally {
        exit();
      }
    },
  };
}

/** Has Node's warnings shown as debug lines, and ends the step at the first error that nothing else caught. */
function explainStrayErrors(host: Host, ending: End): void {
  process.on('warning', ({ name, message }) => host.debug(`${name}: ${message}`));
  let told = false;
  const tell = async (error: unknown): Promise<void> => {
    // Errors after the first are its consequences.
    if (told) return;
    told = true;
    process.exitCode = 1;
    const message = await explained(error);
    host.error(message);
    await ending.end({ verdict: 'error', message });
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}

async function explained(error: unknown): Promise<string> {
  const { explain } = await import('./azure/errors/explain.ts');
  return explain(error, { cloud: '' });
}

/** Ends the step when it is cancelled, and every program that it has started, until it is told to stop. */
function endAtSignals(host: Host, ending: End, reports: Reports): { readonly stop: () => void } {
  // Node.js would let a debugger in.
  process.on('SIGUSR1', () => undefined);
  const hear = (signal: NodeJS.Signals): void => {
    endChildren();
    // It has a verdict, and only its reports are not written yet.
    if (ending.hasBegun()) {
      ending.exit();
      return;
    }
    const concluded = reports.concluded();
    if (concluded !== undefined) {
      void ending.end({ ...concluded, signal });
      return;
    }
    const message = `The step was cancelled (${signal}) before it had a verdict.`;
    host.error(message);
    void ending.end({ verdict: 'error', message, signal });
  };
  for (const signal of SIGNALS) process.once(signal, hear);
  return {
    stop() {
      for (const signal of SIGNALS) process.off(signal, hear);
    },
  };
}

/**
 * Tells what is wrong with the inputs in one annotation, and each mistake in the smoke-test file at its place.
 * @returns all of it, for a report
 */
async function tellMistakes(
  host: Host,
  { message, mistakes, fileMistakes, step }: InputError,
): Promise<string> {
  if (mistakes.length > 0) host.error(message, { title: 'Inputs' });
  else host.info(message);
  for (const mistake of fileMistakes) {
    const { file, line: startLine, column: startColumn } = mistake;
    host.error(formatMistake(mistake), { title: 'Smoke-test file', file, startLine, startColumn });
  }
  const all = [...(mistakes.length > 0 ? [message] : []), ...fileMistakes.map(formatMistake)].join('\n');
  if (step.summary) {
    const { failureSummary } = await import('./report/summary/summary.ts');
    host.writeSummary(failureSummary(step.endpoint, all));
  }
  return all;
}
