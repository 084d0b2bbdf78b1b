import type { Host } from '../hosts/host.ts';
import { quote } from '../secrets/untrusted.ts';
import type { SmokeTestResult } from '../smoke-test/result.ts';
import { formatLatency } from '../text/format.ts';
import { candidateRequests, describeAnsweredBy } from './phrases.ts';

const TITLES = {
  failed: 'Smoke test failed',
  inconclusive: 'Smoke test is inconclusive',
  error: 'Smoke test could not be completed',
} as const;

/** A bad verdict is an annotation, a good one a line of the log. */
export function annotateVerdict(host: Host, tested: string, result: SmokeTestResult): void {
  const { verdict, message = '', deployment, statusCode, latency } = result;
  if (verdict === 'skipped') return;
  if (verdict !== 'passed') {
    host.error(message, { title: TITLES[verdict] });
    return;
  }
  const who =
    deployment === undefined || describeAnsweredBy(result) !== undefined
      ? tested
      : `Deployment '${quote(deployment, 64)}'`;
  const answered = candidateRequests(result).filter(({ outcome }) => outcome !== 'unanswered').length;
  const p50 = formatLatency(latency?.p50 ?? 0);
  host.info(
    answered === 1
      ? `Smoke test passed: ${who} answered ${statusCode} in ${p50}.`
      : `Smoke test passed: ${who} answered ${answered} requests, p50 ${p50}, p95 ${formatLatency(latency?.p95 ?? 0)}.`,
  );
}
