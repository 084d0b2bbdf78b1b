import { type Inputs, readInputs } from '../../src/inputs/inputs.ts';
import { InputError } from '../../src/inputs/reader.ts';

/** Inputs by their kebab-case names, everything else as it is in the environment. No file can be read. */
export function readWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<Inputs> {
  const variables = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  return readInputs({
    environment: { ...environment, ...Object.fromEntries(variables) },
    readFile: () => {
      throw new Error('no file was named');
    },
    workspace: '/workspace',
  });
}

export async function mistakesWith(
  inputs: Record<string, string>,
  environment: Record<string, string> = {},
): Promise<readonly string[]> {
  try {
    await readWith(inputs, environment);
  } catch (error) {
    if (error instanceof InputError) return error.mistakes;
    throw error;
  }
  return [];
}
