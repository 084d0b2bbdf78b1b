import type { AuthMode } from '../azure/credential.ts';
import type { EndpointAddress } from '../azure/resource-id.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { Origin } from '../hosts/host.ts';
import type { SmokeTestResult } from '../smoke-test/result.ts';
import type { Verdict } from '../text/verdict.ts';

/** What is known of the endpoint when the step ends: only its name when an input is wrong. */
export type KnownEndpoint = Partial<Omit<Endpoint, 'address'>> & {
  readonly address: Partial<EndpointAddress> & Pick<EndpointAddress, 'name'>;
};

/** What the three report files are made from. It holds no secret; any text in it may be remote. */
export interface Report {
  readonly endpoint: KnownEndpoint;
  readonly authMode: AuthMode | undefined;
  readonly result: SmokeTestResult;
  /** Where the step ran. */
  readonly origin?: Origin;
}

/** The result of a step that ended without a smoke test. */
export function untested(
  verdict: Verdict,
  message: string,
  startedAt: Date,
  deployment: string | undefined,
): SmokeTestResult {
  return {
    verdict,
    message,
    startedAt,
    durationMs: Math.max(0, Date.now() - startedAt.getTime()),
    deployment,
    baselineDeployment: undefined,
    samplesPerCase: 0,
    concurrency: 0,
    seed: 0,
    warmUp: { ms: 0, requests: 0 },
    connectMs: undefined,
    cases: [],
    thresholds: [],
    samples: [],
    latency: undefined,
    baselineLatency: undefined,
    statusCode: undefined,
  };
}

/** Whether there was a smoke test. */
export function isTested({ samplesPerCase }: SmokeTestResult): boolean {
  return samplesPerCase > 0;
}
