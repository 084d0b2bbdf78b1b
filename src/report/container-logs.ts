import type { ErrorContext } from '../azure/errors/error-context.ts';
import { isDeploymentName } from '../azure/resource-manager/answers.ts';
import { CONTAINER_TYPES } from '../azure/resource-manager/calls.ts';
import type { Host } from '../hosts/host.ts';
import { ServiceError } from '../network/service-error.ts';
import { defuse, quote } from '../secrets/untrusted.ts';
import type { SmokeTestContext } from '../smoke-test/context.ts';
import type { ContainerLog } from '../smoke-test/result.ts';
import type { SmokeTestEnd } from '../smoke-test/smoke-test.ts';

/** Longest line of a log that is shown, in characters. */
const LONGEST_LINE = 2_000;
/** Longest end of a log that is searched for its last lines, in characters. */
const LONGEST_LOG = 4_000_000;

/**
 * Shows the last lines of each container's log, or why they cannot be shown.
 * @param lines of each log at most; 0: no log is asked for
 * @returns those that have any
 */
export async function showContainerLogs(
  host: Host,
  subject: Omit<SmokeTestContext, 'say'>,
  end: Pick<SmokeTestEnd, 'result' | 'suspect'>,
  lines: number,
): Promise<readonly ContainerLog[]> {
  const { workspace, errorContext } = subject;
  const deployment = suspectDeployment(subject, end);
  const logs: ContainerLog[] = [];
  if (lines === 0 || deployment === undefined) return logs;
  for (const container of CONTAINER_TYPES) {
    try {
      const tail = tailOf(await workspace.logs(deployment, container, lines), lines);
      const heading = headingOf(container, tail);
      if (tail.length === 0) {
        host.info(heading);
        continue;
      }
      host.group(heading, tail);
      logs.push({ container, lines: tail });
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // Not an annotation: the failure that matters has one already.
      host.info(await describeMissingLog(deployment, container, error, errorContext));
      // The other container's would be refused too, or waited for in vain.
      if (error.response === undefined || error.response.status === 403) break;
    }
  }
  return logs;
}

/** The deployment whose containers may say why: the one asked for, the one that answered, the one with traffic. */
function suspectDeployment(
  { chosen, endpoint }: Omit<SmokeTestContext, 'say'>,
  { result, suspect }: Pick<SmokeTestEnd, 'result' | 'suspect'>,
): string | undefined {
  if (suspect === 'baseline') return chosen.baseline?.name;
  // Both a header and the traffic are remote text; only a name that a deployment can have becomes part of a URL.
  const shares = Object.entries(endpoint.traffic).filter(([name]) => isDeploymentName(name));
  const [busiest] = shares.sort(([, a], [, b]) => b - a);
  const answered = shares.find(([name]) => name === result.deployment);
  return chosen.candidate?.name ?? (answered ?? busiest)?.[0];
}

async function describeMissingLog(
  deployment: string,
  container: string,
  error: ServiceError,
  errorContext: ErrorContext,
): Promise<string> {
  const action = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/getLogs/action';
  const what = `The log of container ${container} of deployment '${quote(deployment, 60)}' cannot be shown:`;
  const { response } = error;
  if (response?.status === 403)
    return `${what} the identity is not allowed to read it; that needs the action ${action}.`;
  if (response !== undefined) return `${what} Resource Manager answered ${response.status}.`;
  const { explain } = await import('../azure/errors/explain.ts');
  return `${what} ${explain(error, errorContext)}`;
}

/**
 * The last lines of a container's log, each defused and capped. Empty lines at the end are left out.
 * @param content the log as Azure gives it; remote text
 * @param lines how many at most, at least one
 */
export function tailOf(content: string, lines: number): readonly string[] {
  const last = endOf(content).trimEnd().split('\n').slice(-lines).map(lastState).join('\n');
  // As a whole: a secret may be broken over lines.
  const safe = defuse(last, Number.POSITIVE_INFINITY);
  return safe.trim() === '' ? [] : safe.split('\n').slice(-lines).map(capped);
}

/** `The last 100 lines of container inference-server:` */
function headingOf(container: string, tail: readonly string[]): string {
  if (tail.length === 0) return `Container ${container} has not logged anything.`;
  return `The last ${tail.length === 1 ? 'line' : `${tail.length} lines`} of container ${container}:`;
}

/** The whole lines at the end of a log: a very long one would hold the step up. */
function endOf(content: string): string {
  if (content.length <= LONGEST_LOG) return content;
  const end = content.slice(-LONGEST_LOG);
  return end.slice(end.indexOf('\n') + 1);
}

function capped(line: string): string {
  return line.length <= LONGEST_LINE
    ? line
    : `${line.slice(0, LONGEST_LINE)}… (${line.length} characters in all)`;
}

/** What a terminal shows of a line that a progress bar wrote over and over. */
function lastState(line: string): string {
  return line.split('\r').findLast((state) => state.trim() !== '') ?? '';
}
