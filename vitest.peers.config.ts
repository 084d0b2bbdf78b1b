import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Microsoft's own programs against the local Azure. Their name keeps these tests out of the other run, which
// needs no Python.
export default defineConfig({
  test: {
    include: ['test/peers/**/*.peer.ts'],
    globalSetup: ['test/peers/setup.ts'],
    // They mostly wait for programs; no test is decided by how fast those are.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: 'reports/vitest-peers.json' }]],
  },
});
