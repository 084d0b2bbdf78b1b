import { createHash } from 'node:crypto';

/**
 * Names as a report shows them. Where different names are shown alike, because they were cut, say, a hash of the whole
 * name follows each of them.
 * @param show what a report makes of a name
 */
export function distinctNames(names: readonly string[], show: (name: string) => string): readonly string[] {
  const alike = new Map<string, Set<string>>();
  for (const name of names) {
    const shown = show(name);
    alike.set(shown, (alike.get(shown) ?? new Set()).add(name));
  }
  return names.map((name) => {
    const shown = show(name);
    return alike.get(shown)?.size === 1 ? shown : `${shown} #${hashOf(name)}`;
  });
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex').slice(0, 8);
}
