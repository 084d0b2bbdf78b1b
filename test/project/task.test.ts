import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { camelCase } from '../../src/hosts/azure-pipelines-words.ts';
import { INPUTS, type InputDeclaration } from '../../src/inputs/declarations.ts';
import { OUTPUTS } from '../../src/outputs.ts';
import { VERSION } from '../../src/version.ts';
import { PROJECT_ROOT } from '../runner/node.ts';

interface TaskInput {
  readonly name: string;
  readonly type: string;
  readonly defaultValue?: string;
  readonly groupName: string;
  readonly helpMarkDown: string;
}

const path = join(PROJECT_ROOT, 'azure-pipelines/task.json');
const task = JSON.parse(readFileSync(path, 'utf8'));
const extension = JSON.parse(readFileSync(join(PROJECT_ROOT, 'azure-pipelines/vss-extension.json'), 'utf8'));
const inputs = task.inputs as readonly TaskInput[];

describe('task.json', () => {
  test("has no mistake that Microsoft's own tool knows", async () => {
    const { validate } = createRequire(import.meta.url)('tfx-cli/_build/lib/jsonvalidate.js');
    const folder = mkdtempSync(join(tmpdir(), 'task-'));
    copyFileSync(path, join(folder, 'task.json'));
    writeFileSync(join(folder, 'index.js'), '');
    expect(await validate(join(folder, 'task.json'))).toMatchObject({ name: 'AzureMLEndpoint' });
    rmSync(folder, { recursive: true });
  });

  test('has every input of the code in camelCase', () => {
    expect(inputs.map(({ name }) => name)).toEqual(Object.keys(INPUTS).map(camelCase));
  });

  test('has names that no shell and no schema refuses', () => {
    const names = [...inputs, ...task.outputVariables].map(({ name }) => name as string);
    for (const name of names) expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
  });

  test('lets the task set its own outputs, and nothing else', () => {
    const outputs = Object.keys(OUTPUTS).map(camelCase);
    expect(task.outputVariables.map(({ name }: { readonly name: string }) => name)).toEqual(outputs);
    expect(task.restrictions).toEqual({ settableVariables: { allowed: outputs } });
  });

  test('has no path that the agent would root', () => {
    expect(inputs.filter(({ type }) => type === 'filePath')).toEqual([]);
  });

  test.each(Object.entries<InputDeclaration>(INPUTS))(
    'sends a default of %s only where it hides nothing',
    (name, { environment, unsent, default: fallback = '' }) => {
      const sent = inputs.find((each) => each.name === camelCase(name))?.defaultValue;
      const hides = environment !== undefined || unsent === true || name === 'login';
      expect(sent).toBe(hides || fallback === '' ? undefined : fallback);
    },
  );

  test('names inputs as they are spelled here', () => {
    const help = inputs.map(({ helpMarkDown }) => helpMarkDown).join('\n');
    expect(help).not.toMatch(
      /\b(?:resource-group|sample-request|max-latency|response-check|absolute-tolerance)\b/,
    );
  });

  test('has the version of the package, and the extension has it too', () => {
    const [major, minor, patch] = VERSION.split('.').map(Number);
    expect(task.version).toEqual({ Major: Math.max(1, major ?? 0), Minor: minor, Patch: patch });
  });

  test('runs on both Nodes that an agent may choose', () => {
    expect(Object.keys(task.execution)).toEqual(['Node24', 'Node20_1']);
  });
});

test('the extension holds the folder of the task', () => {
  expect(extension.files).toEqual([{ path: extension.contributions[0].properties.name }]);
});
