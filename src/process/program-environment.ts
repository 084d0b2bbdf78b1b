import { redact } from '../secrets/secret.ts';

/**
 * The one list of what leaves the environment of every program that the step starts: what the runner gives an action
 * but no `run:` step, what must not be written while the step owns it (the outputs, the environment and the path of
 * later steps, the summary), and what signs in to Azure.
 */
const WITHHELD =
  /^(?:INPUT_.*|ACTIONS_.*|STATE_.*|GITHUB_(?:OUTPUT|ENV|STATE|PATH|STEP_SUMMARY)|(?:AZURE|ARM)_(?:CLIENT_SECRET|PASSWORD|CLIENT_CERTIFICATE_PASSWORD|CREDENTIALS|FEDERATED_TOKEN|OIDC_REQUEST_TOKEN|OIDC_TOKEN)|IDENTITY_HEADER|MSI_SECRET)$/;

/**
 * What an agent of Azure Pipelines hands to a task: all secrets of the pipeline, the connections and their tokens.
 * Elsewhere such names are those of the user's own variables.
 */
const WITHHELD_BY_AGENTS =
  /^(?:SECRET_.*|ENDPOINT_(?:AUTH|DATA)_.*|SECUREFILE_TICKET_.*|VSTS_TASKVARIABLE_.*|SYSTEM_ACCESSTOKEN)$/;

/**
 * What is left of an environment for a program: without the variables of the list, and without those that hold a
 * known secret or a piece of one, such as a proxy's address with its password.
 */
export function programEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(environment).filter(
    ([name, value]) => value !== undefined && !isWithheld(name, value, environment),
  );
  return Object.fromEntries(kept);
}

/** Whether no program that the step starts finds the variable. */
export function isWithheld(name: string, value: string, environment = process.env): boolean {
  return isOwnVariable(name, environment) || redact(value) !== value;
}

/** Whether the variable is on the list, whatever it holds. */
export function isOwnVariable(name: string, environment = process.env): boolean {
  const upper = name.toUpperCase();
  return WITHHELD.test(upper) || (environment.TF_BUILD === 'True' && WITHHELD_BY_AGENTS.test(upper));
}
