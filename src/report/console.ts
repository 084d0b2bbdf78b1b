import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { publishOutcome } from '../outputs.ts';
import { defuse, quote, visible } from '../secrets/untrusted.ts';
import type { SmokeTestContext } from '../smoke-test/context.ts';
import type { Plan } from '../smoke-test/plan/plan.ts';
import type { Reply } from '../smoke-test/request/exchange.ts';
import type { StepVerdict } from '../smoke-test/result.ts';
import type { SmokeTestInputs } from '../smoke-test/settings.ts';
import { type SmokeTestEnd, smokeTest } from '../smoke-test/smoke-test.ts';
import { describeMissed } from '../smoke-test/verdict/threshold-words.ts';
import { formatLatency } from '../text/format.ts';
import { isOneRequest } from './summary/details.ts';
import { describeThreshold } from './words.ts';

/** Longest response that is printed, in characters. */
const LONGEST_SHOWN = 20_000;

/**
 * Runs the smoke test and tells it to everyone: outputs first, then the log and the annotation, then files.
 * @returns the outcome and its result, for the summary
 */
export async function gate(
  host: Host,
  subject: Omit<SmokeTestContext, 'say'>,
  inputs: SmokeTestInputs,
): Promise<{ readonly outcome: StepVerdict; readonly result: SmokeTestEnd['result'] }> {
  for (const note of unsentLines(inputs.plan)) host.warning(note, { title: 'Smoke test' });
  const end = await smokeTest({ ...subject, say: (line) => host.info(line) }, inputs);
  const { result, firstReply: firstAnswer } = end;
  const responseFile = await writeResponse(host, firstAnswer);
  const reportFile = await writeReportFiles(host, subject, inputs, end);
  const outcome = outcomeOf(result);
  publishOutcome(host, {
    ...outcome,
    latencyP95Ms: result.latency?.p95,
    responseFile,
    reportFile,
  });
  if (inputs.showResponse) showResponse(host, firstAnswer);
  tell(host, subject.endpoint.address.name, end);
  if (result.verdict !== 'passed') {
    const { showLogs } = await import('./container-logs.ts');
    await showLogs(host, subject, end, inputs.logsOnFailure);
  }
  return { outcome, result };
}

/** A request that is never sent is never right: who wrote it down must know. */
function unsentLines({ cases, samples }: Plan): readonly string[] {
  return cases.flatMap(({ name, request: { body } }) => {
    const count = body.kind === 'bytes' ? body.bodies.length : 1;
    return count <= samples
      ? []
      : [
          `Case '${name}' has ${count} lines, of which the first ${samples === 1 ? 'is' : `${samples} are`} sent: each of the 'samples' is one. Write ${count} samples to send them all.`,
        ];
  });
}

function outcomeOf({
  verdict,
  message,
  statusCode,
  latency,
  deployment,
}: SmokeTestEnd['result']): StepVerdict {
  return {
    verdict,
    ...(message === undefined ? {} : { message }),
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(latency === undefined ? {} : { latencyMs: latency.p50 }),
    ...(deployment === undefined ? {} : { deployment }),
  };
}

const TITLES = {
  failed: 'Smoke test failed',
  inconclusive: 'Smoke test is inconclusive',
  error: 'Smoke test could not be done',
} as const;

function tell(host: Host, endpointName: string, { result }: SmokeTestEnd): void {
  const { verdict, message = '', deployment, statusCode, latency } = result;
  const answered = result.samples.filter(
    ({ target, outcome }) => target === 'candidate' && outcome !== 'unanswered',
  ).length;
  if (!isOneRequest(result)) tellFigures(host, result);
  for (const threshold of result.thresholds) {
    const { name, note, met, advisory } = threshold;
    if (!met && advisory)
      host.warning(`${describeMissed(threshold)} It is advisory.`, { title: 'Smoke test' });
    else if (note !== undefined) host.warning(`${name}: ${note}`, { title: 'Smoke test' });
  }
  if (verdict === 'passed') {
    const who =
      deployment === undefined ? `Endpoint '${endpointName}'` : `Deployment '${quote(deployment, 64)}'`;
    const p50 = formatLatency(latency?.p50 ?? 0);
    host.info(
      answered === 1
        ? `Smoke test passed: ${who} answered ${statusCode} in ${p50}.`
        : `Smoke test passed: ${who} answered ${answered} requests, p50 ${p50}, p95 ${formatLatency(latency?.p95 ?? 0)}.`,
    );
  } else if (verdict !== 'skipped') host.error(message, { title: TITLES[verdict] });
}

/** What was measured, in a few lines: the log stands also where nobody looks at the summary. */
function tellFigures(host: Host, { cases, thresholds, message = '' }: SmokeTestEnd['result']): void {
  for (const { name, passed, measured, latency } of cases.filter((each) => each.measured > 0)) {
    const times =
      latency === undefined ? '' : `, p50 ${formatLatency(latency.p50)}, p95 ${formatLatency(latency.p95)}`;
    host.info(`Case '${name}': ${passed} of ${measured} passed${times}.`);
  }
  const failures = cases.map(({ failure }) => failure?.message).filter((each) => each !== undefined);
  // The annotation stands in the log too: what it tells whole is not told twice.
  if (!failures.every((each) => message.includes(each))) for (const each of failures) host.info(each);
  for (const { name, measured, limit, result } of thresholds.map(describeThreshold)) {
    host.info(`Threshold ${name}: ${measured} (${limit}), ${result}.`);
  }
}

function showResponse(host: Host, answer: Reply | undefined): void {
  if (answer === undefined) {
    host.info('There is no response to show.');
    return;
  }
  const { body, bytes, headers } = answer;
  const text = body === undefined ? 'It is too long to be kept.' : body.toString('utf8');
  const type = quote(headers['content-type'] ?? 'no content type', 100);
  host.group(`Response: ${bytes} bytes, ${type}`, defuse(text, LONGEST_SHOWN).split('\n'));
}

/** The first measured response as it came, only when redaction changes nothing in it. */
async function writeResponse(host: Host, answer: Reply | undefined): Promise<string | undefined> {
  if (answer?.body === undefined) return undefined;
  const { redact } = await import(/* webpackMode: "eager" */ '../secrets/secret.ts');
  const text = answer.body.toString('utf8');
  // A secret with characters between its own that nobody sees is a secret all the same, also in what
  // `visible` takes out.
  const bare = visible(text);
  const redacted = redact(bare);
  const harmless = redacted === bare && redact(text) === text;
  const json = /\bjson\b/i.test(answer.headers['content-type'] ?? '');
  try {
    // A folder of its own: other steps and jobs on the same machine write theirs.
    const folder = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'azureml-endpoint-'));
    const path = join(folder, json ? 'response.json' : 'response');
    await writeFile(path, harmless ? answer.body : redacted);
    return path;
  } catch (error) {
    // The verdict stands without it.
    const { code, message } = error as NodeJS.ErrnoException;
    host.warning(`The response cannot be written to a file: ${code ?? message}.`, { title: 'Response file' });
    return undefined;
  }
}

async function writeReportFiles(
  host: Host,
  { endpoint, credential }: Omit<SmokeTestContext, 'say'>,
  { reportDirectory }: SmokeTestInputs,
  { result }: SmokeTestEnd,
): Promise<string | undefined> {
  if (reportDirectory === undefined) return undefined;
  const [{ writeReports }, { TOOL }] = await Promise.all([
    import('./files.ts'),
    import(/* webpackMode: "eager" */ '../version.ts'),
  ]);
  try {
    const path = await writeReports(reportDirectory, {
      tool: TOOL,
      endpoint,
      authMode: credential.mode,
      result,
    });
    host.info(`Reports: report.json, junit.xml and report.html in ${reportDirectory}`);
    return path;
  } catch (error) {
    // The verdict stands without them.
    host.warning((error as Error).message, { title: 'Reports' });
    return undefined;
  }
}
