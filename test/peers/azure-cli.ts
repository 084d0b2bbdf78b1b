import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type AzureFacts, environmentFor } from './local-azure.ts';
import { type ProgramEnd, runProgram } from './process.ts';

/** Microsoft's command line, with a home and a configuration of its own. */
export interface AzureCli {
  /** What a job's later steps have of it: its place on PATH, its configuration, its certificates. */
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], stdin?: string): Promise<ProgramEnd>;
  /** Its JSON output. @throws when it fails */
  ask(args: readonly string[], stdin?: string): Promise<unknown>;
  close(): Promise<void>;
}

/** @param programs of the Python environment `cli` */
export async function openAzureCli(azure: AzureFacts, programs: string): Promise<AzureCli> {
  const home = await mkdtemp(join(tmpdir(), 'azure-cli-'));
  const env = {
    PATH: `${programs}${delimiter}${process.env.PATH}`,
    AZURE_CONFIG_DIR: join(home, 'config'),
    ARM_CLOUD_METADATA_URL: azure.metadataUrl,
    REQUESTS_CA_BUNDLE: azure.caFile,
    SSL_CERT_FILE: azure.caFile,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_NO_COLOR: 'true',
    // MSAL would ask Microsoft whether it knows this authority.
    AZURE_CORE_INSTANCE_DISCOVERY: 'false',
  };
  // What the script `az` does; Windows starts that one only through a shell.
  const program = join(programs, 'python');
  const run = (args: readonly string[], stdin = '') =>
    runProgram(program, ['-m', 'azure.cli', ...args], {
      env: { ...environmentFor(azure, home), ...env },
      cwd: home,
      stdin,
    });
  return {
    env,
    run,
    async ask(args, stdin) {
      const { exitCode, stdout, stderr } = await run([...args, '--output', 'json'], stdin);
      if (exitCode !== 0) throw new Error(`az ${args.join(' ')} ended with status ${exitCode}:\n${stderr}`);
      return stdout.trim() === '' ? undefined : JSON.parse(stdout);
    },
    close: () => rm(home, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Logs in as a job does, the secret on stdin. */
export async function logIn(cli: AzureCli, { clientId, clientSecret, tenantId }: AzureFacts): Promise<void> {
  await cli.ask(['cloud', 'set', '--name', 'LocalAzure']);
  const identity = ['--username', clientId, '--tenant', tenantId, '--password', '@-'];
  await cli.ask(['login', '--service-principal', ...identity], clientSecret);
}
