import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { type Inputs, readInputs, type ServerInputs } from '../../src/inputs/inputs.ts';
import { InputError } from '../../src/inputs/reader.ts';
import { createFileReader } from '../../src/process/guarded-files.ts';
import { announceMasksTo } from '../../src/secrets/secret.ts';

export const SUBSCRIPTION = 'ff2e23ae-7d7c-4cbd-99b8-116bb94dca6e';
export const CLIENT = '31359c7f-bd7e-475c-86db-fdb8c937548e';
export const TENANT = '2b0623dd-90fa-4c5c-bee8-8dc18bd4d948';
/** The one input that a step needs. */
export const ENDPOINT = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg-ml/providers/Microsoft.MachineLearningServices/workspaces/ws-prod/onlineEndpoints/churn`;
/** An authority's certificate that is trusted for servers, as `openssl x509 -trustout` writes it. */
export const TRUSTED_PEM = readFileSync(
  new URL('../fixtures/reports/25-ca-bundle-trusted-certificate.pem', import.meta.url),
  'utf8',
);
/** The same one without what it is trusted for. */
export const PEM = new X509Certificate(TRUSTED_PEM).toString();

/** The files of the workspace. */
const FILES = {
  'request.json': '{"rows": [1]}',
  'expected.json': '[11842.7]',
  'schema.json': '{"type": "array", "items": {"type": "number"}}',
  'draft4.json': '{"type": "no such type"}',
  'broken.json': '{"rows": ',
  'smoke.yml': 'version: 1\ndeployment: green\nsamples: 20\ncases: [{ name: one, request: { json: [1] } }]\n',
  'wrong.yml': 'version: 1\nsamples: none\ncases: [{ name: one, request: { body: missing.json } }]\n',
  'ca.pem': PEM,
  'trusted.pem': TRUSTED_PEM,
};

/** The masks that were announced. */
export const masked: string[] = [];

let workspace: string;

beforeAll(() => {
  announceMasksTo((masks) => masked.push(...masks));
  workspace = mkdtempSync(join(tmpdir(), 'inputs-'));
  mkdirSync(join(workspace, 'directory'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(workspace, name), text);
});

afterAll(() => rmSync(workspace, { recursive: true, force: true }));

/**
 * Reads inputs, given by their kebab-case names, in a workspace with the files above.
 * @throws InputError
 */
export function readWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<Inputs> {
  return readAllWith({ endpoint: ENDPOINT, ...inputs }, environment) as Promise<Inputs>;
}

/** As {@link readWith}, but without an endpoint unless one is given. */
export function readAllWith(
  given: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<Inputs | ServerInputs> {
  return readInputs({
    input: (name) => given[name],
    environment,
    readFile: createFileReader(workspace),
    workspace,
  });
}

/** @throws when no input is wrong */
export async function errorWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<InputError> {
  const error = await readWith(inputs, environment).catch((thrown: unknown) => thrown);
  if (error instanceof InputError) return error;
  throw error instanceof Error ? error : new Error('The inputs have no mistake.');
}

/** The mistakes; the path of the workspace is `<workspace>` in them. */
export async function mistakesWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<readonly string[]> {
  const { mistakes } = await errorWith(inputs, environment);
  return mistakes.map((mistake) => mistake.replaceAll(workspace, '<workspace>'));
}
