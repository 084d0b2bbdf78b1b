import type { AuthMode } from '../azure/credential.ts';
import type { Endpoint } from '../azure/resource-manager/answers.ts';
import type { SmokeTestResult } from '../smoke-test/result.ts';

/** What the three report files tell of. It holds no secret; all text in it may be remote. */
export interface Report {
  readonly tool: { readonly name: string; readonly version: string };
  readonly endpoint: Endpoint;
  readonly authMode: AuthMode;
  readonly result: SmokeTestResult;
}
