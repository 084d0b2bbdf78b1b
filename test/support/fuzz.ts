/**
 * How many texts a property is tried with: FUZZ_RUNS when it is set, as `npm run fuzz` does.
 * @param count how many are enough for every day
 */
export function runs(count: number): number {
  const wanted = Number(process.env.FUZZ_RUNS);
  return Number.isSafeInteger(wanted) && wanted > 0 ? wanted : count;
}
