import { SIGN_IN_CHOICES } from '../src/azure/sign-in/settings.ts';
import { camelCase } from '../src/hosts/azure-pipelines-words.ts';
import { INPUTS, type InputDeclaration } from '../src/inputs/declarations.ts';
import { plainHelp } from '../src/inputs/help.ts';
import { OUTPUTS } from '../src/outputs.ts';
import { VERSION } from '../src/version.ts';

interface Group {
  readonly name: string;
  readonly displayName: string;
  readonly isExpanded: boolean;
}

/** Inputs whose values have lines of their own. */
const MANY_LINES: readonly string[] = ['smoke-test', 'response-check', 'sample-request', 'creds'];

/** Groups that are open in the editor of a pipeline. */
const OPEN: readonly string[] = ['Where', 'Sign in', 'Test'];

/** task.json with what the lists of inputs and outputs say. Paths are strings: the agent would root a `filePath`. */
export function remakeTask(text: string): string {
  const task = JSON.parse(text) as Record<string, unknown>;
  const inputs = Object.entries<InputDeclaration>(INPUTS);
  const groups = [...new Set(inputs.map(([, { group }]) => group))];
  const [major = 0, minor = 0, patch = 0] = VERSION.split('.').map(Number);
  const outputs = Object.entries(OUTPUTS).map(([name, help]) => ({
    name: camelCase(name),
    description: plainHelp(help, camelCase),
  }));
  const remade = {
    ...task,
    // Azure Pipelines knows a task by its major version.
    version: { Major: Math.max(1, major), Minor: minor, Patch: patch },
    groups: groups.map(groupOf),
    inputs: inputs.map(([name, declaration]) => inputOf(name, declaration)),
    outputVariables: outputs,
    restrictions: { settableVariables: { allowed: outputs.map(({ name }) => name) } },
  };
  return `${JSON.stringify(remade, undefined, 2)}\n`;
}

function groupOf(group: string): Group {
  return {
    name: camelCase(group.toLowerCase().replace(' ', '-')),
    displayName: group,
    isExpanded: OPEN.includes(group),
  };
}

function inputOf(
  name: string,
  { group, help, default: value = '', environment, unsent }: InputDeclaration,
): object {
  const isSwitch = value === 'true' || value === 'false';
  // The agent sends a default as if the user had written it: it would hide the variable, or the connection.
  const sent = environment === undefined && !unsent && name !== 'login' ? value : '';
  const shown = name === 'login' ? plainHelp(help) : plainHelp(help, camelCase);
  const notes = [
    ...(environment === undefined ? [] : [`Environment fallback ${environment}`]),
    ...(value === '' || sent !== '' ? [] : [`${value} unless set`]),
  ];
  return {
    name: camelCase(name),
    type: typeOf(name, isSwitch),
    label: labelOf(name),
    ...(sent === '' ? {} : { defaultValue: sent }),
    required: false,
    groupName: groupOf(group).name,
    helpMarkDown: [shown, ...notes].join('. '),
    ...(name === 'login'
      ? {
          options: Object.fromEntries(SIGN_IN_CHOICES.map((choice) => [choice, choice])),
          properties: { EditableOptions: 'True' },
        }
      : {}),
  };
}

function typeOf(name: string, isSwitch: boolean): string {
  if (name === 'azure-subscription') return 'connectedService:AzureRM';
  if (name === 'login') return 'pickList';
  if (MANY_LINES.includes(name)) return 'multiLine';
  return isSwitch ? 'boolean' : 'string';
}

/** `resource-group` → `Resource group` */
function labelOf(name: string): string {
  const words = name.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
