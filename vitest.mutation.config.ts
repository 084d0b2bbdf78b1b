import { defineConfig } from 'vitest/config';

// For mutants: the unit tests of what is mutated, and no more. Whole-action scenarios run dist/, in which no
// mutant ever is.
export default defineConfig({
  test: {
    include: [
      'test/unit/secrets/*.test.ts',
      'test/unit/hosts/*.test.ts',
      'test/unit/smoke-test/**/*.test.ts',
    ],
    setupFiles: ['vitest.mutation.setup.ts', 'src/hosts/speak-github.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
