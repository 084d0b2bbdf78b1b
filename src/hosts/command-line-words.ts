import { enumerate, type Words } from '../text/words.ts';

/** Inputs that hold a secret have no option, as everybody on a machine sees its arguments: a variable has it. */
export const SECRET_VARIABLES: Readonly<Record<string, string>> = {
  'client-secret': 'AZURE_CLIENT_SECRET',
  creds: 'AZURE_CREDENTIALS',
};

function spell(name: string): string {
  return SECRET_VARIABLES[name] ?? `--${name}`;
}

/** How the command line spells inputs, on whatever host it runs. */
export function commandLineWords(host: Words): Words {
  return {
    ...host,
    label: spell,
    input: spell,
    theInputs: (names, show = spell) => enumerate(names.map(show)),
    setting: (name, value) => (value === 'true' ? spell(name) : `${spell(name)} ${value}`),
    inputNoun: 'option',
    program: 'program',
  };
}

/** How a terminal, or a CI system of which nothing is known, names things. */
export const TERMINAL_WORDS: Words = {
  ...commandLineWords({} as Words),
  machine: 'machine',
  ownMachine: 'a machine',
  hostedMachine: "hosted CI service's machine",
  job: 'it',
  pathsStart: 'relative paths start from the folder that the program is started in',
  whyNoFiles: '',
  fetchLfs: 'Run git lfs pull.',
  missingScript: 'is the file there and its path right?',
  giveVariable: 'Set it in the environment of this program.',
  environment: 'the environment',
  tempFolder: 'the temp folder',
  unreplaced(expression) {
    if (expression.startsWith('${{'))
      return 'A CI system replaces that in its own files only; here, give the value itself.';
    if (expression.startsWith('$(') || expression.startsWith('$['))
      return 'It was in single quotes, or the CI system has no variable of that name. Is the name right?';
    return 'Is it in single quotes, or written for another shell?';
  },
  unreplacedInFile: 'a CI system does that in its own files only',
  whyIdentityIsEmpty: () => undefined,
  idToken: {
    service: 'The ID-token service',
    token: 'The ID token',
    brokenAddress: 'The address of the ID-token service is not a URL.',
    isThere: 'an ID token is there, and client and tenant are known',
    isMissing:
      '--login oidc needs an ID token in ARM_OIDC_TOKEN, which is not set. GitLab puts it there with id_tokens: { ARM_OIDC_TOKEN: { aud: api://AzureADTokenExchange } }, Jenkins with its OIDC provider. A file with a token is named by AZURE_FEDERATED_TOKEN_FILE, for --login workload-identity.',
    need: 'an ID token in ARM_OIDC_TOKEN',
    needOnJob: 'an ID token in ARM_OIDC_TOKEN',
    lacking: 'ARM_OIDC_TOKEN',
    refused: [],
    fault: 'Try again later.',
    age: 'The ID token in ARM_OIDC_TOKEN is out of date: the job ran longer than it lives. Or the clock of this machine is wrong.',
  },
  giveAzSession: 'az login',
  managedIdentity:
    '--login managed-identity works on machines in Azure alone. Elsewhere sign in with az login.',
};
