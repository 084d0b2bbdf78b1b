import { quotedInputs, type Words } from '../text/words.ts';

/** `resource-group` → `resourceGroup`: names of a task's inputs and of a pipeline's variables have no dashes. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** How Azure Pipelines names things. */
export const AZURE_PIPELINES_WORDS: Words = {
  ...quotedInputs(camelCase),
  machine: 'agent',
  ownMachine: 'a self-hosted agent',
  hostedMachine: 'Microsoft-hosted agent',
  program: 'task',
  job: 'the job',
  pathsStart: "relative paths start from the job's working folder",
  whyNoFiles: " Is 'checkout: self' missing, or does the job check out several repositories?",
  fetchLfs: "Check it out with 'checkout: self' and lfs: true (or run git lfs pull).",
  missingScript: "is the file there ('checkout: self') and its path right?",
  giveVariable:
    'Give it to the task with env: in the pipeline; a secret variable is not in the environment otherwise.',
  environment: "the task's env",
  tempFolder: "the agent's temp folder",
  unreplaced(expression) {
    if (expression.startsWith('${{'))
      return 'Azure Pipelines replaces that when the pipeline is compiled, in YAML only: is it in another file?';
    if (expression.startsWith('$('))
      return 'The pipeline has no variable of this name, so it stayed as it was written: is the name right, and the variable group linked?';
    if (expression.startsWith('$['))
      return 'Azure Pipelines replaces that in variables and conditions only: put it into a variable, and give $(name).';
    return 'A shell replaces that, and no shell reads inputs. Write $(NAME).';
  },
  unreplacedInFile: 'Azure Pipelines does that in its own YAML only',
  whyIdentityIsEmpty: () => undefined,
  idToken: {
    service: "Azure DevOps' ID-token service",
    token: "The service connection's ID token",
    brokenAddress: 'SYSTEM_OIDCREQUESTURI, which the agent sets, is not a URL. Is the agent up to date?',
    isThere: 'the service connection federates a workload identity',
    isMissing:
      "login: oidc needs a service connection with workload identity federation: name it as 'azureSubscription'. A token of another issuer is read from ARM_OIDC_TOKEN.",
    need: "a service connection with workload identity federation as 'azureSubscription'",
    needOnJob: "a service connection with workload identity federation as 'azureSubscription'",
    lacking: "'azureSubscription'",
    refused: [
      'Does the pipeline have the right to use the service connection (Project settings, Service connections, Security)? A connection of another stage is not enough: name it as the azureSubscription of this very task.',
    ],
    fault:
      'This is a fault of Azure DevOps. Run the job again later; https://status.dev.azure.com shows known faults.',
    age: 'ID tokens of Azure DevOps live for some minutes, and every sign-in asks for a new one: the clock of the agent is probably wrong. Set it by NTP.',
  },
  giveAzSession:
    'az login on the agent, or AzureCLI@2 with useGlobalConfig: true before this task (without it, that task ends its session)',
  managedIdentity:
    'login: managed-identity works on a self-hosted agent in Azure alone. On a Microsoft-hosted agent use a service connection.',
};
