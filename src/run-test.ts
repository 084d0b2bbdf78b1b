import type { Host } from './hosts/host.ts';
import { formatConnectTo } from './network/connect-to.ts';
import { publishResult } from './outputs.ts';
import { showResponse, tellResult, warnOfByteOrderMarks, warnOfUnsentLines } from './report/console.ts';
import type { Reports } from './report/reports.ts';
import { writeResponseFile } from './report/response-file.ts';
import { quote } from './secrets/untrusted.ts';
import type { SmokeTestContext } from './smoke-test/context.ts';
import type { SmokeTestResult } from './smoke-test/result.ts';
import type { SmokeTestInputs } from './smoke-test/settings.ts';
import { words } from './text/words.ts';

/** What is tested. */
export type TestSubject = Omit<SmokeTestContext, 'say' | 'sayProgress'>;

/** Tests the endpoint, then tells everyone: outputs, log and annotation, and what its containers say. */
export async function testAndReport(
  host: Host,
  subject: TestSubject,
  inputs: SmokeTestInputs | undefined,
  reports: Reports,
): Promise<SmokeTestResult | undefined> {
  if (inputs === undefined) {
    host.info('No smoke test was requested.');
    return undefined;
  }
  const { smokeTest } = await import('./smoke-test/smoke-test.ts');
  for (const line of inputs.replaced) host.info(line);
  tellConnectTo(host, subject, inputs.plan);
  warnOfUnsentLines(host, inputs.plan);
  warnOfByteOrderMarks(host, inputs.plan);
  const end = await smokeTest(
    { ...subject, say: (line) => host.info(line), sayProgress: (line) => host.progress(line) },
    inputs,
  );
  const { result, firstReply } = end;

  const responseFile = host.tellsOutputs === false ? undefined : await writeResponseFile(host, firstReply);
  publishResult(host, result, responseFile);
  if (inputs.showResponse) showResponse(host, firstReply);
  const { name } = subject.endpoint.address;
  tellResult(host, subject.isServer ? `The server ${quote(name, 200)}` : `Endpoint '${name}'`, result);
  if (result.verdict !== 'passed') reports.conclude({ verdict: result.verdict, result });
  if (result.verdict !== 'passed' && !subject.isServer) {
    const { showContainerLogs } = await import('./report/container-logs.ts');
    const containerLogs = await showContainerLogs(host, subject, end, inputs.logsOnFailure);
    return { ...result, containerLogs };
  }
  return result;
}

function tellConnectTo(
  host: Host,
  { scoringUri }: TestSubject,
  { connectTo }: SmokeTestInputs['plan'],
): void {
  if (connectTo === undefined) return;
  const name = quote(new URL(scoringUri).host, 200);
  host.info(
    `Requests to ${name} connect to ${quote(formatConnectTo(connectTo), 200)}, as ${words.label('connect-to')} says.`,
  );
}
