import { CLOUD_NAMES } from '../azure/clouds.ts';
import { SIGN_IN_CHOICES } from '../azure/sign-in/settings.ts';

/** One input: what it says, and what it means when it is empty. */
export interface InputDeclaration {
  readonly group: 'Where' | 'Sign in' | 'Credential' | 'Test' | 'Report' | 'Network';
  /**
   * Markdown on one line, without a full stop at its end. The README shows it as it is, action.yml as plain text
   * and without `; see [Section](#section)`, which leads to a section of the README.
   */
  readonly help: string;
  /** What it does when it is turned off, for an input that is on by default. */
  readonly off?: string;
  /** Programs that the step starts must not find it in their environment. */
  readonly secret?: true;
  /** The variable that is read when the input is empty, before the default is taken. */
  readonly environment?: string;
  readonly default?: string;
  /** Only this host has it. */
  readonly only?: 'azure-pipelines';
  /** Keep the default out of action.yml: the runner would send it as if the user had written it. */
  readonly unsent?: true;
}

/** `a`, `b`, `c` */
function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

const DECLARATIONS = {
  endpoint: {
    group: 'Where',
    help: 'Name of the online endpoint, or its full resource ID (then `workspace`, `resource-group` and `subscription-id` are not needed). Needed unless `url` is given',
  },
  workspace: { group: 'Where', help: 'Azure Machine Learning workspace of the endpoint' },
  'resource-group': { group: 'Where', help: 'Resource group of the workspace' },
  'subscription-id': {
    group: 'Where',
    help: "Subscription of the workspace; when it is empty, that of `creds` or of `az`'s session",
    environment: 'AZURE_SUBSCRIPTION_ID',
  },
  url: {
    group: 'Where',
    help: 'Instead of an endpoint: the address of any server to test, such as `http://localhost:5001/score`, before anything is deployed. There is no sign-in, and Azure is not asked; see [Before anything is deployed](#before-anything-is-deployed)',
  },
  'credential-env': {
    group: 'Where',
    help: 'Name of the environment variable with the credential for `url`, sent as `Authorization: Bearer …`; none is sent without it',
  },
  'azure-subscription': {
    group: 'Sign in',
    help: 'Service connection of type Azure Resource Manager to sign in with. Its subscription, its cloud and, when it is scoped to a workspace, that workspace are taken unless other inputs say more',
    only: 'azure-pipelines',
  },
  login: {
    group: 'Sign in',
    help: `How to sign in: ${code(SIGN_IN_CHOICES)}; see [Signing in](docs/setup-azure.md)`,
    default: 'auto',
  },
  'client-id': {
    group: 'Sign in',
    help: 'Application (client) ID; for a user-assigned managed identity its client ID',
    environment: 'AZURE_CLIENT_ID',
  },
  'tenant-id': { group: 'Sign in', help: 'Directory (tenant) ID', environment: 'AZURE_TENANT_ID' },
  'client-secret': {
    group: 'Sign in',
    help: 'Client secret, for `login: client-secret`',
    secret: true,
    environment: 'AZURE_CLIENT_SECRET',
  },
  creds: {
    group: 'Sign in',
    help: 'The JSON that azure/login takes as `creds`, with `clientId`, `clientSecret`, `tenantId` and `subscriptionId`, in place of the inputs of those names',
    secret: true,
  },
  cloud: {
    group: 'Sign in',
    help: `${code(CLOUD_NAMES)}, or the https URL of a Resource Manager's metadata document, \`https://…/metadata/endpoints?api-version=2022-09-01\``,
    environment: 'ARM_CLOUD_METADATA_URL',
    default: 'AzureCloud',
  },
  key: {
    group: 'Credential',
    help: 'Which key of a key endpoint to use: `primary` or `secondary`. Both are masked',
    default: 'primary',
  },
  'minimum-validity': {
    group: 'Credential',
    help: 'Fail when the token would expire sooner than this, such as `30m` or `2h`; 24 days at most',
    default: '0s',
  },
  'output-credential': {
    group: 'Credential',
    help: '`false` makes the step a pure gate: the credential is used and masked, but is not an output',
    off: 'Leave the credential out of the outputs',
    default: 'true',
  },
  'sample-request': {
    group: 'Test',
    help: "A file with a request body, sent byte for byte; inline JSON; or `swagger`: the example request of the endpoint's own OpenAPI document, its answer checked against the response schema there. Without it and without a smoke-test file there is no smoke test",
  },
  deployment: {
    group: 'Test',
    help: 'Deployment to test, by name; `idle`: the one with 0 % of the live traffic (without a smoke test, it is found and emitted); empty: wherever traffic goes',
  },
  samples: { group: 'Test', help: 'Measured requests', default: '1', unsent: true },
  'warm-up': {
    group: 'Test',
    help: 'How long to wait for the first usable answer',
    default: '2m',
    unsent: true,
  },
  timeout: {
    group: 'Test',
    help: 'Limit of one request, the last byte of the answer included',
    default: '30s',
    unsent: true,
  },
  'max-latency': { group: 'Test', help: 'Limit on the 95th percentile of the latency, such as `800ms`' },
  'response-schema': {
    group: 'Test',
    help: 'JSON Schema (2020-12, 2019-09 or draft-07) that every answer must meet: a file, or inline JSON',
  },
  'expected-response': {
    group: 'Test',
    help: 'The expected answer: a file, or inline JSON. Text files (`.txt`, `.csv` and the like) are compared line by line, other files that are not JSON byte for byte. Numbers of JSON are compared with `tolerance` or `absolute-tolerance`, integers exactly unless one of them is given',
  },
  tolerance: {
    group: 'Test',
    help: 'Relative tolerance for the numbers of `expected-response`',
    default: '1e-6',
    unsent: true,
  },
  'absolute-tolerance': {
    group: 'Test',
    help: 'Absolute tolerance beside the relative one: numbers are equal when either says so. Probabilities near zero need it, such as `1e-6`',
    default: '1e-12',
    unsent: true,
  },
  'response-check': {
    group: 'Test',
    help: 'Script of your own that gets the first good answer of each case on stdin, run as a `run:` step with `shell: bash` is (`bash -eo pipefail`), on Windows with `shell: pwsh`; exit code 0 passes; see [Recipes](docs/recipes.md)',
  },
  'response-check-timeout': {
    group: 'Test',
    help: 'Limit of `response-check`. A script that takes longer is ended, and the verdict is `error`',
    default: '5m',
    unsent: true,
  },
  'smoke-test': {
    group: 'Test',
    help: 'Smoke-test file, or its YAML itself on several lines. It describes the requests and their answers. `deployment`, `samples`, `warm-up`, `timeout` and `connect-to` given beside it replace its own; see [The smoke-test file](docs/smoke-test-file.md)',
  },
  'working-directory': {
    group: 'Test',
    help: 'Directory that relative paths of inputs start from, and in which `response-check` runs; itself relative to the workspace',
  },
  'logs-on-failure': {
    group: 'Report',
    help: "Lines of each container's log to show when the verdict is not `passed`; `0`: none",
    default: '100',
  },
  'report-directory': {
    group: 'Report',
    help: 'Directory to write `report.json`, `junit.xml` and `report.html` to, however the step ends; those of an earlier step are removed',
  },
  'show-response': {
    group: 'Report',
    help: 'Print the first measured answer, made harmless and redacted',
    default: 'false',
  },
  summary: { group: 'Report', help: 'Write a job summary', off: 'Write no job summary', default: 'true' },
  'allow-insecure-http': {
    group: 'Network',
    help: 'Allow the credential to be sent unencrypted to an `http://` scoring URI (Kubernetes endpoints)',
    default: 'false',
  },
  'connect-to': {
    group: 'Network',
    help: "`host:port` to connect to for the smoke test's requests instead of the scoring URI's own, as curl's `--connect-to`: for an endpoint whose name cannot be looked up; see [Private networks](docs/networks.md)",
  },
  'ca-certificate': {
    group: 'Network',
    help: "PEM file with certificates to trust besides the system's, for every host that the step talks to; see [Certificates](docs/networks.md)",
  },
} as const satisfies Readonly<Record<string, InputDeclaration>>;

export type InputName = keyof typeof DECLARATIONS;

/**
 * Every input, in the order in which users read them. `npm run build` makes the inputs of action.yml and the
 * README's table from it.
 */
export const INPUTS: Readonly<Record<InputName, InputDeclaration>> = DECLARATIONS;

/** What an input means when neither it nor its variable is set; empty when that is nothing. */
export function defaultOf(name: InputName): string {
  return INPUTS[name].default ?? '';
}
