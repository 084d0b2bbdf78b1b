import { readFileSync } from 'node:fs';

/** A small input that people met in public; see test/fixtures/reports/README.md. */
export function reportFile(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/reports/${name}`, import.meta.url));
}
