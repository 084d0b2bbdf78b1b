import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The models that the step's calls use: of an error, and of the one request with a body. What a good response holds
 * is read as it came (src/azure/resource-manager/machine-learning-client.ts), and the step writes nothing to Azure.
 */
const USED = ['ErrorResponse', 'ErrorDetail', 'ErrorAdditionalInfo', 'DeploymentLogsRequest'];

/**
 * Copies the client library of Azure Machine Learning beside the compiled code, where the bundler finds it first, and
 * empties the other models of the copy. They are two thirds of what every step would load while it signs in, and the
 * bundler alone cannot leave them out: the library hands all of them to its serializer.
 * @param build the folder of the compiled code
 * @throws Error when the library is not as this knows it
 */
export function copyReadingModels(root: string, build: string): void {
  const copy = join(build, 'node_modules/@azure/arm-machinelearning');
  cpSync(join(root, 'node_modules/@azure/arm-machinelearning'), copy, { recursive: true });
  const path = join(copy, 'dist-esm/src/models/mappers.js');
  const text = readFileSync(path, 'utf8');
  for (const name of USED) {
    if (!text.includes(`\nexport const ${name} = {\n`))
      throw new Error(`@azure/arm-machinelearning has no longer a model ${name}`);
  }
  // A model begins and ends at the start of a line. Other modules still name those that nothing uses.
  const reduced = text.replace(/^export const (\w+) = \{\n.*?^\};$/gms, (model, name: string) =>
    USED.includes(name) ? model : `export const ${name} = { type: {} };`,
  );
  writeFileSync(path, reduced);
}
