import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What of `@azure/identity` the action loads. */
const EXPORTS = [
  'export { ClientAssertionCredential } from "./credentials/clientAssertionCredential.js";',
  'export { ClientSecretCredential } from "./credentials/clientSecretCredential.js";',
  'export { ManagedIdentityCredential } from "./credentials/managedIdentityCredential/index.js";',
];

/** Functions of its client that need a person, a browser or a password of one. */
const ATTENDED = [
  'getPublicApp',
  'getTokenByDeviceCode',
  'getTokenByUsernamePassword',
  'getTokenByAuthorizationCode',
  'createBaseInteractiveRequest',
  'getBrokeredTokenInternal',
  'getBrokeredToken',
  'getTokenByInteractiveRequest',
];

/**
 * Copies the sign-in library beside the compiled code, where the bundler finds it first, and takes out of the copy the
 * ways to sign in that no CI has. The bundler alone cannot: they are functions of the one client that all ways share.
 * @param build the folder of the compiled code
 * @throws Error when the library is not as this knows it
 */
export function copyUnattendedSignIn(root: string, build: string): void {
  for (const name of ['@azure/identity', '@azure/msal-node']) {
    cpSync(join(root, 'node_modules', name), join(build, 'node_modules', name), { recursive: true });
  }
  const modules = join(build, 'node_modules/@azure/identity/dist/esm');
  edit(join(modules, 'index.js'), (text) => {
    for (const line of EXPORTS)
      if (!text.includes(line)) throw new Error(`@azure/identity has no longer: ${line}`);
    return `${EXPORTS.join('\n')}\n`;
  });
  edit(join(modules, 'msal/nodeFlows/msalClient.js'), (text) => ATTENDED.reduce(withoutFunction, text));
  edit(join(build, 'node_modules/@azure/msal-node/dist/client/ClientAssertion.mjs'), withoutSigning);
  // Its modules do nothing when they are loaded, so the bundler may leave out those that nothing uses.
  edit(join(build, 'node_modules/@azure/msal-node/package.json'), (text) =>
    JSON.stringify({ ...(JSON.parse(text) as object), sideEffects: false }),
  );
}

function edit(path: string, change: (text: string) => string): void {
  writeFileSync(path, change(readFileSync(path, 'utf8')));
}

/** Takes out the package that signs an assertion with a certificate's key: no input names one, and it is slow to load. */
function withoutSigning(text: string): string {
  const imported = "import jwt from 'jsonwebtoken';\n";
  if (!text.includes(imported)) throw new Error(`@azure/msal-node has no longer: ${imported}`);
  return text.replace(imported, "const jwt = { sign() { throw new Error('This copy cannot sign'); } };\n");
}

/** Takes a function of `createMsalClient`, which is indented once, and its place in what that returns out of its text. */
function withoutFunction(text: string, name: string): string {
  const definition = new RegExp(`^    (?:async )?function ${name}\\(.*?^    }\\n`, 'ms');
  if (!definition.test(text)) throw new Error(`@azure/identity has no longer a function ${name}`);
  return text.replace(definition, '').replace(new RegExp(`^        ${name},\\n`, 'm'), '');
}
