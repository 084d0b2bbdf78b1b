/** undici needs Node 22.19, and an agent of Azure Pipelines may run the step on Node 20. */
export const RUNS_UNDICI = isAtLeast(process.versions.node, 22, 19);

/** @param version such as `24.19.0` */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const [itsMajor = 0, itsMinor = 0] = version.split('.').map(Number);
  return itsMajor > major || (itsMajor === major && itsMinor >= minor);
}
