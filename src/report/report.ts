import type { AuthMode } from '../azure/credential.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { SmokeTestResult } from '../smoke-test/result.ts';

/** What the three report files are made from. It holds no secret; any text in it may be remote. */
export interface Report {
  readonly endpoint: Endpoint;
  readonly authMode: AuthMode;
  readonly result: SmokeTestResult;
}
