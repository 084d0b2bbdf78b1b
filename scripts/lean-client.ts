import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Says whether this is the copy within Node, which has neither the second parser nor HTTP/2's. */
const WITHIN_NODE = "typeof esbuildDetection === 'undefined'";

/** Modules that a request over HTTP/1.1 with its body in a buffer does not reach, and what stands for each. */
const UNREACHED: Readonly<Record<string, string>> = {
  'dispatcher/client-h2.js': "module.exports = () => { throw new Error('This copy has no HTTP/2') };\n",
  'web/fetch/body.js': 'module.exports = {};\n',
  'web/fetch/formdata.js': 'module.exports = {};\n',
  'web/webidl/index.js': 'module.exports = {};\n',
  // For processors on which WebAssembly knows no vectors; Node 24 runs on none of those.
  'llhttp/llhttp-wasm.js': "module.exports = require('./llhttp_simd-wasm.js');\n",
};

/**
 * Copies the HTTP client of the measured requests beside the compiled code, where the bundler finds it first, and takes
 * out of the copy all but that client.
 * @param build the folder of the compiled code
 * @throws Error when the library is not as this knows it
 */
export function copyLeanClient(root: string, build: string): void {
  const copy = join(build, 'node_modules/undici');
  cpSync(join(root, 'node_modules/undici'), copy, { recursive: true });
  writeFileSync(join(copy, 'index.js'), "exports.Client = require('./lib/dispatcher/client.js');\n");
  for (const [path, text] of Object.entries(UNREACHED)) {
    const file = join(copy, 'lib', path);
    rmSync(file);
    writeFileSync(file, text);
  }
  const parsing = join(copy, 'lib/dispatcher/client-h1.js');
  const text = readFileSync(parsing, 'utf8');
  if (text.split(WITHIN_NODE).length !== 3) throw new Error(`undici no longer asks twice: ${WITHIN_NODE}`);
  writeFileSync(parsing, text.replaceAll(WITHIN_NODE, 'false'));
}
