import { defineConfig } from 'vitest/config';

// For mutants: the unit tests of what is mutated, and no more. Whole-action scenarios run dist/, in which no
// mutant ever is.
export default defineConfig({
  test: {
    include: [
      'test/{masks,redactor,secret,untrusted}{,-*}.test.ts',
      'test/host/*.test.ts',
      'test/smoke/**/*.test.ts',
    ],
    setupFiles: ['vitest.mutation.setup.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
