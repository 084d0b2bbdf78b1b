import { quotedInputs, type Words } from '../text/words.ts';
import { whySecretsAreEmpty } from './github-empty-secrets.ts';

/** How GitHub Actions names things. */
export const GITHUB_WORDS: Words = {
  ...quotedInputs((name) => name),
  machine: 'runner',
  ownMachine: 'a self-hosted runner',
  hostedMachine: 'GitHub-hosted runner',
  program: 'action',
  job: 'the job',
  pathsStart: 'relative paths start from the workspace',
  whyNoFiles: ' Is actions/checkout missing?',
  fetchLfs: 'Check it out with actions/checkout and lfs: true (or run git lfs pull).',
  missingScript: 'is the file there (actions/checkout) and its path right?',
  giveVariable: 'Give it to the step, such as with env: in the workflow.',
  environment: "the step's env",
  tempFolder: "the runner's temp folder",
  unreplaced(expression) {
    if (expression.startsWith('${{'))
      return 'GitHub replaces that in workflow files only: is it in another file, or read by another CI system?';
    if (expression.startsWith('$(') || expression.startsWith('$['))
      return `Azure Pipelines replaces that, when it has such a variable: is the name right? On GitHub write \${{ vars.name }} or \${{ secrets.name }}.`;
    return `A shell replaces that, and no shell reads inputs. On GitHub write \${{ vars.NAME }}, \${{ secrets.NAME }} or \${{ env.NAME }}.`;
  },
  unreplacedInFile: 'GitHub does that in workflow files only',
  whyIdentityIsEmpty: whySecretsAreEmpty,
  idToken: {
    service: "GitHub's ID-token service",
    token: "GitHub's ID token",
    brokenAddress:
      'ACTIONS_ID_TOKEN_REQUEST_URL, which GitHub sets, is not a URL. Does the workflow or a step before this one set it?',
    isThere: "GitHub's ID-token service is there, and client and tenant are known",
    isMissing:
      "login: oidc needs GitHub's ID-token service, which is not there. Add to the job: permissions: id-token: write (and contents: read). Workflows that pull requests from forks start get no ID token.",
    need: 'permissions: id-token: write',
    needOnJob: 'permissions: id-token: write on the job',
    lacking: "the job's permissions: id-token: write",
    refused: [
      'Give the job the right to ask for one, beside what else it needs:',
      '  permissions:',
      '    id-token: write',
      '    contents: read',
      'A reusable workflow gets it only if the calling job has it too. Pull requests from forks get no ID token.',
    ],
    fault:
      'This is a fault of GitHub. Run the job again later; https://www.githubstatus.com shows known faults.',
    age: 'ID tokens of GitHub live for some minutes, and every step asks for a new one: the clock of the runner is probably wrong. Set it by NTP.',
  },
  giveAzSession: 'a step with azure/login (or az login) before this one',
  managedIdentity:
    'login: managed-identity works on a self-hosted runner in Azure alone. On a GitHub-hosted runner use login: oidc.',
};
