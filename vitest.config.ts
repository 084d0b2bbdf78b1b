import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Messages are those of a step on GitHub, unless a test says otherwise.
    setupFiles: ['src/hosts/speak-github.ts'],
    // A scenario starts processes and servers; no test is decided by how fast they are.
    testTimeout: 60_000,
    // Scenarios mostly wait for a child process.
    maxWorkers: availableParallelism() + 1,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: 'reports/vitest.json' }]],
  },
});
