import type { Plan } from './plan/plan.ts';

/** What the smoke test does, and what is reported about it. */
export interface SmokeTestInputs {
  readonly plan: Plan;
  /** For each value of a smoke-test file that an input replaced, a line of the log. */
  readonly replaced: readonly string[];
  /** Whether the plan's `connectTo` is a smoke-test file's own, which a pull request may have changed. */
  readonly connectToIsOfFile: boolean;
  /** Whether the credential may be sent unencrypted to an `http://` scoring URI. */
  readonly allowInsecureHttp: boolean;
  /** Lines of each container's log to show when the verdict is not `passed`; 0: none. */
  readonly logsOnFailure: number;
  readonly showResponse: boolean;
}
