import type { Endpoint } from '../../src/azure/resource-manager/answers.ts';
import type { SmokeTestResult } from '../../src/smoke-test/result.ts';
import { comparison, ENDPOINT, KEY } from './results.ts';

/** What a hostile service may send, with the key whole, and broken where a report may mend it. */
export const HOSTILE = [
  '<script>alert(1)</script><img src=x onerror=alert(1)>]]> [link](https://evil.example)',
  ' a|b `code` ::error::x ##[error]y \u001b[31mred\u001b[0m \u202egnp.exe\u202c \0 \ufffe \ud800 " \' &amp; -->',
  `\n::error::second line ${KEY} ${KEY.slice(0, 16)}\ufffe${KEY.slice(16)} ${KEY.slice(0, 16)}\n${KEY.slice(16)}`,
].join('');

/** A comparison whose every text is the given one. */
export function saying(text: string): { readonly endpoint: Endpoint; readonly result: SmokeTestResult } {
  const result = comparison();
  return {
    endpoint: {
      ...ENDPOINT,
      address: { subscriptionId: text, resourceGroup: text, workspace: text, name: text },
      id: text,
      location: text,
      scoringUri: text,
      traffic: { [text]: 100 },
    },
    result: {
      ...result,
      message: text,
      deployment: text,
      baselineDeployment: text,
      cases: result.cases.map((one) => ({
        ...one,
        name: text,
        failure: one.failure && {
          ...one.failure,
          seen: text,
          message: text,
          mismatches: [{ at: text, wanted: text, got: text }],
        },
      })),
      thresholds: result.thresholds.map((one) => ({ ...one, note: text })),
      samples: result.samples.map((one) => ({
        ...one,
        deployment: text,
        requestId: text,
        reason: one.outcome === 'passed' ? undefined : text,
      })),
    },
  };
}
