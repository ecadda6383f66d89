import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const e2e = 'test/e2e/**/*.test.ts';
const browser = 'test/browser/**/*.test.ts';

export default defineConfig({
  // As src/config/door.ts has it: the name of this package is this checkout, built or not.
  resolve: { alias: [{ find: /^ocibench$/, replacement: join(import.meta.dirname, 'src/index.ts') }] },
  test: {
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [e2e, browser],
          sequence: { groupOrder: 0 },
        },
      },
      {
        // One file after the other, when the machine is quiet: each looks at what its own run left on the host.
        extends: true,
        test: {
          name: 'e2e',
          include: [e2e],
          fileParallelism: false,
          // Of tests that say they are concurrent: as many as the smallest machine has CPUs.
          maxConcurrency: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // Chromium of the system, once at a time.
        extends: true,
        test: {
          name: 'browser',
          include: [browser],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 400_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
