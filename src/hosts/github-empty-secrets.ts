import { readFileSync } from 'node:fs';
import { objectIn, parseJson } from '../text/json.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Why a job on GitHub may get client and tenant as empty values although its workflow names them: secrets are not given
 * to every run.
 */
export function whySecretsAreEmpty(environment: Environment): string | undefined {
  if (environment.GITHUB_ACTIONS !== 'true') return undefined;
  if (environment.GITHUB_ACTOR === 'dependabot[bot]') {
    return "Client and tenant are both empty. Dependabot started this run, and such runs get no secrets but Dependabot's own: add them under Settings, Secrets and variables, Dependabot.";
  }
  if (isOfFork(environment)) {
    return 'Client and tenant are both empty. A pull request from a fork started this run, and such runs get no secrets and no ID token. Run this step for branches of the repository alone, or after the merge.';
  }
  return 'Client and tenant are both empty. When the workflow takes them from secrets: a reusable workflow gets those only if the calling job passes them (secrets: inherit), and a name that does not exist is empty, too.';
}

function isOfFork({ GITHUB_EVENT_NAME, GITHUB_EVENT_PATH }: Environment): boolean {
  if (!GITHUB_EVENT_NAME?.startsWith('pull_request') || GITHUB_EVENT_NAME === 'pull_request_target')
    return false;
  const event = objectIn(eventAt(GITHUB_EVENT_PATH));
  const { head, base } = objectIn(event.pull_request);
  if (head === undefined || base === undefined) return false;
  // The repository of a fork that was deleted is null.
  return objectIn(objectIn(head).repo).full_name !== objectIn(objectIn(base).repo).full_name;
}

/** The event that started the run, in the file in which the runner gives it. */
function eventAt(path = ''): unknown {
  try {
    return parseJson(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
