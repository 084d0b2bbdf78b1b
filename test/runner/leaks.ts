import { Buffer } from 'node:buffer';
import type { NamedSecret, Sighting } from './sightings.ts';
import { createSearcher, haystackOf } from './sightings.ts';
import type { StepResult } from './step.ts';

/**
 * Where the step shows or leaves a secret, in any encoding, in whole or in a telling part. One line a finding,
 * which names place and encoding but never the secret.
 * @param allowedOutputs names of the outputs whose value may be one of the secrets, whole and plain
 */
export function findLeaks(
  result: StepResult,
  secrets: readonly NamedSecret[],
  allowedOutputs: readonly string[] = [],
): string[] {
  const searches = secrets.map(({ name, value }) => ({ name, search: createSearcher(value) }));
  const values = secrets.map(({ value }) => value);
  const allowed = allowedOutputs.filter((name) => values.includes(result.outputs[name] ?? ''));
  const leaks: string[] = [];
  for (const [place, text] of placesOf(result, allowed)) {
    const haystack = haystackOf(text);
    for (const { name, search } of searches) {
      for (const sighting of search(haystack)) leaks.push(describe(place, name, sighting));
    }
  }
  const printed = new Set(result.printedBeforeMask(values));
  for (const { name, value } of secrets) {
    if (printed.has(value)) {
      leaks.push(`order: '${name}' is printed before, or without, a mask that hides it`);
    }
  }
  return leaks;
}

/** @throws with every leak found */
export function assertNoLeaks(
  result: StepResult,
  secrets: readonly NamedSecret[],
  allowedOutputs: readonly string[] = [],
): void {
  const leaks = findLeaks(result, secrets, allowedOutputs);
  if (leaks.length === 0) return;
  throw new Error(`The step leaks:\n${leaks.map((leak) => `  ${leak}`).join('\n')}`);
}

type Place = readonly [place: string, text: string];

function placesOf(result: StepResult, allowedOutputs: readonly string[]): Place[] {
  const places: Place[] = [
    ['log', result.log],
    ['debug lines', debugLines(result)],
    ['stderr', result.stderr],
    ['summary', result.summary],
    ['raw summary', result.rawFiles.summary],
    ['GITHUB_ENV', result.rawFiles.env],
    ['GITHUB_STATE', result.rawFiles.state],
    ['GITHUB_PATH', result.rawFiles.path],
  ];
  result.annotations.forEach(({ level, message, properties }, index) => {
    places.push([`annotation ${index + 1} (${level}), message`, message]);
    for (const [name, value] of Object.entries(properties)) {
      places.push([`annotation ${index + 1} (${level}), property '${name}'`, value]);
    }
  });
  for (const [kind, values] of [
    ['state', result.state],
    ['exported variable', result.exportedEnv],
    ['output', result.outputs],
  ] as const) {
    for (const [name, value] of Object.entries(values)) {
      if (kind !== 'output' || !allowedOutputs.includes(name)) places.push([`${kind} '${name}'`, value]);
    }
  }
  places.push(['GITHUB_OUTPUT', withoutAllowed(result, allowedOutputs)]);
  for (const [name, bytes] of Object.entries(result.changedFiles)) {
    places.push([`file ${name}`, textOf(bytes)], [`name of file ${name}`, name]);
  }
  return places;
}

// Hidden until someone turns RUNNER_DEBUG on.
function debugLines(result: StepResult): string {
  const visible = new Set(result.log.split('\n'));
  return result.debugLog
    .split('\n')
    .filter((line) => !visible.has(line))
    .join('\n');
}

// What is no output, such as a malformed line or a value that a duplicate replaced, still lies on the disk.
function withoutAllowed(result: StepResult, allowedOutputs: readonly string[]): string {
  return allowedOutputs.reduce(
    (rest, name) => rest.replace(result.outputs[name] ?? '', ''),
    result.rawFiles.output,
  );
}

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes);
  const utf16 = buffer.length >= 2 && buffer[0] === 0xff && buffer[1] === 0xfe;
  return buffer.toString(utf16 ? 'utf16le' : 'utf8');
}

function describe(place: string, name: string, { form, extent, behind, line }: Sighting): string {
  const where = line === undefined || line === 1 ? place : `${place}, line ${line}`;
  return `${where}: '${name}' ${extent}, ${form}${behind === '' ? '' : `, behind ${behind}`}`;
}
