import { relative } from 'node:path';
import { type Inputs, readInputs, type ServerInputs } from '../inputs/inputs.ts';
import { InputError, type InputSource } from '../inputs/reader.ts';
import { quote } from '../secrets/untrusted.ts';
import { enumerate, words } from '../text/words.ts';
import { findWorkspaceConfig } from './config-json.ts';

/**
 * Reads the options of a command. What neither they nor the environment say, the file of Azure ML Studio may.
 * @param say is told what was taken from that file
 * @throws InputError
 */
export async function readOptions(
  source: InputSource,
  say: (line: string) => void,
): Promise<Inputs | ServerInputs> {
  const config = source.input('url')
    ? undefined
    : findWorkspaceConfig(source.workspace, (path, why) =>
        say(`${quote(relative(source.workspace, path) || path, 200)} is not used: ${quote(why, 200)}`),
      );
  const taken = new Set<string>();
  const fallback = (name: string): string | undefined => {
    const value = (config?.values as Record<string, string> | undefined)?.[name];
    if (value !== undefined) taken.add(name);
    return value;
  };
  try {
    return await readInputs({ ...source, fallback });
  } finally {
    if (config !== undefined && taken.size > 0) {
      const path = relative(source.workspace, config.path) || config.path;
      say(`Taken from ${quote(path, 200)}: ${enumerate([...taken].map((name) => words.label(name)))}.`);
    }
  }
}

/** @throws InputError when nothing is asked of the endpoint: a test that tests nothing would be green */
export function requireTest<T extends Inputs | ServerInputs>(inputs: T): T {
  if (inputs.smokeTest !== undefined) return inputs;
  throw new InputError(
    [
      `Nothing would be tested: name a smoke-test file, or give ${words.label('sample-request')} a request to send.`,
    ],
    [],
    { endpoint: inputs.server === undefined ? inputs.endpoint.name : inputs.server.name, summary: false },
  );
}
