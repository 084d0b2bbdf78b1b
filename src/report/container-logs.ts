import type { ErrorContext } from '../azure/errors/error-context.ts';
import { CONTAINER_TYPES } from '../azure/resource-manager/workspace.ts';
import type { Host } from '../hosts/host.ts';
import { ServiceError } from '../network/service-error.ts';
import { quote } from '../secrets/untrusted.ts';
import type { SmokeTestContext } from '../smoke-test/context.ts';
import type { SmokeTestEnd } from '../smoke-test/smoke-test.ts';
import { headingOf, tailOf } from './log-tail.ts';

/**
 * Shows the last lines of each container's log, or why they cannot be shown.
 * @param lines of each log at most; 0: no log is asked for
 */
export async function showLogs(
  host: Host,
  subject: Omit<SmokeTestContext, 'say'>,
  end: SmokeTestEnd,
  lines: number,
): Promise<void> {
  const { workspace, errorContext: situation } = subject;
  const deployment = logDeployment(subject, end);
  if (lines === 0 || deployment === undefined) return;
  for (const container of CONTAINER_TYPES) {
    try {
      const tail = tailOf(await workspace.logs(deployment, container, lines), lines);
      const heading = headingOf(container, tail);
      if (tail.length === 0) host.info(heading);
      else host.group(heading, tail);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      // What failed is told already; that its log cannot be shown is no second failure.
      host.info(await noLogs(deployment, container, error, situation));
      // The other container's would be refused too, or waited for in vain.
      if (error.response === undefined || error.response.status === 403) return;
    }
  }
}

/** The deployment whose containers may say why: the one asked for, the one that answered, the one with traffic. */
function logDeployment(
  { chosen, endpoint }: Omit<SmokeTestContext, 'say'>,
  { result, suspect }: SmokeTestEnd,
): string | undefined {
  if (suspect === 'baseline') return chosen.baseline?.name;
  const [busiest] = Object.entries(endpoint.traffic).sort(([, a], [, b]) => b - a);
  const answered = result.deployment;
  // A header is remote text; only a name that Azure itself knows becomes part of a URL.
  const known = answered !== undefined && Object.hasOwn(endpoint.traffic, answered) ? answered : undefined;
  return chosen.candidate?.name ?? known ?? busiest?.[0];
}

async function noLogs(
  deployment: string,
  container: string,
  error: ServiceError,
  situation: ErrorContext,
): Promise<string> {
  const action = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/deployments/getLogs/action';
  const what = `The log of container ${container} of deployment '${quote(deployment, 60)}' cannot be shown:`;
  const { response: answer } = error;
  if (answer?.status === 403)
    return `${what} the identity may not read it, which takes the action ${action}.`;
  if (answer !== undefined) return `${what} Resource Manager answered ${answer.status}.`;
  const { explain } = await import('../azure/errors/explain.ts');
  return `${what} ${explain(error, situation)}`;
}
