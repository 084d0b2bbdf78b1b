/** Longest part of a name that is compared; real names are shorter. */
const COMPARED = 64;

/** Most edits between a name and the one that was meant, as a share of the longer one. */
const MOST_EDITS = 0.3;

/**
 * Names by likeness to the one asked for, nearest first; equally near ones keep their order.
 * Upper and lower case count as the same, and a name that contains the other is nearer than its edits say.
 */
export function nearestFirst(name: string, candidates: readonly string[]): readonly string[] {
  return candidates
    .map((candidate) => ({ candidate, distance: unlikeness(name, candidate) }))
    .sort((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
}

/**
 * The name that was probably meant: the nearest one, where it takes no more edits than three for each ten letters;
 * undefined when every one takes more.
 */
export function likelyMeant(name: string, candidates: readonly string[]): string | undefined {
  const a = comparable(name);
  return nearestFirst(name, candidates).find((candidate) => {
    const b = comparable(candidate);
    return editDistance(a, b) <= Math.max(a.length, b.length) * MOST_EDITS;
  });
}

function unlikeness(name: string, candidate: string): number {
  const a = comparable(name);
  const b = comparable(candidate);
  const edits = editDistance(a, b);
  const contained = a !== '' && b !== '' && (a.includes(b) || b.includes(a));
  return contained ? edits / 3 : edits;
}

function comparable(name: string): string {
  return name.toLowerCase().slice(0, COMPARED);
}

/**
 * Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
 * @see Damerau 1964, in its restricted form (optimal string alignment)
 */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? beforeLast[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, substitution, swap));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
