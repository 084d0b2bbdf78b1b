import type { Host } from '../hosts/host.ts';
import { publishReportFile } from '../outputs.ts';
import type { SmokeTestResult } from '../smoke-test/result.ts';
import type { Verdict } from '../text/verdict.ts';
import { type Report, untested } from './report.ts';

/** How a step ended. */
export interface Outcome {
  readonly verdict: Verdict;
  /** Undefined when there was no smoke test, or it could not be finished. */
  readonly result?: SmokeTestResult | undefined;
  /** Why there is no result; for a person, remote text in it is defused. */
  readonly message?: string;
}

/** What is known before the test has a result. */
export interface Known extends Omit<Report, 'result' | 'origin'> {
  /** The name of the deployment that was asked for. */
  readonly deployment: string | undefined;
}

/** The report files of one step. */
export interface Reports {
  /** Adds to what is known, for whichever end the step comes to. */
  know(learnt: Partial<Known>): void;
  /** A bad verdict that was told: it stands, whatever ends the step after it. */
  conclude(outcome: Outcome): void;
  readonly concluded: () => Outcome | undefined;
  /** Begins to remove the reports of an earlier step: they must not outlive this one when it is killed. */
  removeOld(): void;
  /** Writes the reports however the step ended; the host is told where they are, or why they cannot be written. */
  write(host: Host, outcome: Outcome): Promise<void>;
}

/** @param directory undefined: nothing is written */
export function createReports(directory: string | undefined): Reports {
  const startedAt = new Date();
  let removed: Promise<void> | undefined;
  let conclusion: Outcome | undefined;
  let known: Known = {
    endpoint: { address: { name: '' } },
    authMode: undefined,
    deployment: undefined,
  };
  return {
    know(learnt) {
      known = { ...known, ...learnt };
    },
    conclude(outcome) {
      conclusion = outcome;
    },
    concluded: () => conclusion,
    removeOld() {
      if (directory !== undefined) removed = removeFrom(directory);
    },
    async write(host, { verdict, result, message = 'No smoke test was requested.' }) {
      if (directory === undefined && host.report === undefined) return;
      await removed;
      const { endpoint, authMode, deployment } = known;
      const report = {
        endpoint,
        authMode,
        result: result ?? untested(verdict, message, startedAt, deployment),
        origin: host.origin(),
      };
      if (host.report !== undefined) {
        const { jsonReport } = await import('./json.ts');
        host.report(jsonReport(report));
      }
      if (directory === undefined) return;
      const { writeReportFiles } = await import('./files.ts');
      const file = await writeReportFiles(host, directory, report);
      if (file !== undefined) publishReportFile(host, file);
    },
  };
}

async function removeFrom(directory: string): Promise<void> {
  const { removeReportFiles } = await import('./files.ts');
  await removeReportFiles(directory);
}
