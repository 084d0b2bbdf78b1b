import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { INPUTS, type InputDeclaration } from '../src/inputs/declarations.ts';
import { plainHelp } from '../src/inputs/help.ts';
import { OUTPUTS } from '../src/outputs.ts';
import { SERVER_ROWS } from '../src/smoke-test/verdict/server-rows.ts';
import type { Row } from '../src/smoke-test/verdict/status-row.ts';
import { ROWS } from '../src/smoke-test/verdict/status-table.ts';
import { remakeTask } from './generate-task.ts';

/** The files that hold parts made from the lists of inputs and outputs, each with the function that remakes them. */
export const GENERATED: Readonly<Record<string, (text: string) => string>> = {
  'action.yml': (text) =>
    replace(
      text,
      /^inputs:\n[\s\S]*?(?=^runs:)/m,
      `inputs:\n${actionInputs()}\noutputs:\n${actionOutputs()}\n`,
    ),
  'azure-pipelines/task.json': remakeTask,
  'docs/verdicts.md': (text) =>
    table(table(text, 'statuses', statusRows(ROWS)), 'server-statuses', statusRows(SERVER_ROWS)),
  'README.md': (text) => table(table(text, 'inputs', inputRows()), 'outputs', outputRows()),
};

/** Writes the files again; where the lists have not changed, neither do the files. */
export function generate(root: string): void {
  for (const [name, remake] of Object.entries(GENERATED)) {
    const path = join(root, name);
    writeFileSync(path, remake(readFileSync(path, 'utf8')));
  }
}

function replace(text: string, part: RegExp, by: string): string {
  if (!part.test(text)) throw new Error(`Nothing matches ${part}, which marks the part to remake.`);
  return text.replace(part, () => by);
}

function groups(): readonly (readonly [string, readonly (readonly [string, InputDeclaration])[]])[] {
  const entries = Object.entries<InputDeclaration>(INPUTS).filter(([, { only }]) => only === undefined);
  return Object.entries(Object.groupBy(entries, ([, { group }]) => group));
}

function actionInputs(): string {
  const lines = groups().flatMap(([group, inputs]) => [
    `  # ${group}\n`,
    ...inputs.map(([name, declaration]) => entry(name, actionInput(declaration))),
  ]);
  return lines.join('');
}

function actionInput({ help, environment, default: fallback, unsent }: InputDeclaration) {
  // The runner sends a default of action.yml for every input that is left out: it would hide the variable.
  const sent = environment === undefined && !unsent;
  const description = [
    plainHelp(help),
    ...(environment === undefined ? [] : [`Environment fallback ${environment}`]),
    ...(fallback === undefined || sent ? [] : [`${fallback} unless set`]),
  ].join('. ');
  return {
    description,
    ...(sent && fallback ? { default: fallback } : {}),
  };
}

function actionOutputs(): string {
  return Object.entries(OUTPUTS)
    .map(([name, help]) => entry(name, { description: plainHelp(help) }))
    .join('');
}

/** A mapping of action.yml, one line a key. */
function entry(name: string, fields: object): string {
  return stringify({ [name]: fields }, { lineWidth: 0 })
    .replace(/^/gm, '  ')
    .trimEnd()
    .concat('\n');
}

/** The README's table between the two comments of that name. */
function table(text: string, name: string, rows: readonly string[]): string {
  const part = new RegExp(`(?<=^<!-- ${name}:.* -->\n\n)[\\s\\S]*?(?=\n\n<!-- end of ${name} -->$)`, 'm');
  return replace(text, part, rows.join('\n'));
}

function inputRows(): readonly string[] {
  const rows = groups().flatMap(([group, inputs]) => [row(`**${group}**`, '', ''), ...inputs.map(inputRow)]);
  return [row('input', 'default', 'meaning'), '|---|---|---|', ...rows];
}

function inputRow([name, declaration]: readonly [string, InputDeclaration]): string {
  const { help, environment, default: fallback } = declaration;
  const whenEmpty = fallback === undefined ? '' : `\`${fallback}\``;
  return row(`\`${name}\``, whenEmpty, environment === undefined ? help : `${help} [\`${environment}\`]`);
}

function statusRows(rows: readonly Row[]): readonly string[] {
  const lines = rows.map(({ when, warmUp, measured }) =>
    row(when.replaceAll('|', '\\|'), `\`${warmUp}\``, `\`${measured}\``),
  );
  return [row('answer', 'while warming up', 'measured'), '|---|---|---|', ...lines];
}

function outputRows(): readonly string[] {
  const rows = Object.entries(OUTPUTS).map(([name, help]) => row(`\`${name}\``, help));
  return [row('output', 'meaning'), '|---|---|', ...rows];
}

function row(...cells: readonly string[]): string {
  return `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|`;
}
