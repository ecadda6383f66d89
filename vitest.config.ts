import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Files that replace modules (`vi.mock`), or look at all that a process has loaded: they share no modules. */
const alone = [
  'test/core/collect/cgroup/cgroup-files.test.ts',
  'test/core/messages/catalogue.test.ts',
  'test/core/messages/every-command.test.ts',
  'test/core/messages/reference.test.ts',
];
/** They start programs again and again, work on a copy of the sources, or simulate many runs. */
const slow = 'test/**/*.slow.test.ts';
const engines = ['test/journeys/**', 'test/e2e/**', 'test/browser/**', 'test/nightly/**'];
/** Engines and containers are waited for, browsers too: there is time for one file more than there are CPUs. */
const lanes = {
  // On a host that others load, all takes several times as long; that is no failure.
  testTimeout: 300_000,
  hookTimeout: 900_000,
  maxWorkers: availableParallelism() + 1,
  // Of tests that say they are concurrent: as many as the smallest machine has CPUs.
  maxConcurrency: 2,
  sequence: { groupOrder: 1 },
};
/** What files share that look at the same measurement; the reporter removes it. */
const OCIBENCH_SHARED = join(tmpdir(), `ocibench-shared-${process.pid}`);
process.env.OCIBENCH_SHARED = OCIBENCH_SHARED;

/** A project of files that start engines or programs; they run beside each other. */
const project = (name: string, include: readonly string[]) => ({
  extends: true as const,
  test: { name, include: [...include], env: { OCIBENCH_SHARED }, ...lanes },
});

export default defineConfig({
  // As src/core/config/door.ts has it: the name of this package is this checkout, built or not.
  resolve: { alias: [{ find: /^ocibench$/, replacement: join(import.meta.dirname, 'src/index.ts') }] },
  test: {
    reporters: ['default', './test/results-reporter.ts'],
    // Ends what hangs. A test that takes longer on a loaded host has not failed.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Processes: a thread closes at its end all files that it opened, by number, also one that is another thread's by then; and a
    // program that a thread writes cannot be started while another starts one, which inherits the open file (ETXTBSY).
    pool: 'forks',
    // Vitest leaves a CPU free, which on a machine of two is half of it.
    maxWorkers: availableParallelism(),
    projects: [
      {
        // Modules are loaded once a process, not once a file: no test may leave state behind in one.
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...engines, slow, ...alone],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: 'unit-isolated', include: alone, sequence: { groupOrder: 0 } } },
      project('slow', [slow]),
      project('journeys', ['test/journeys/*.test.ts']),
      project('e2e', ['test/e2e/*.test.ts']),
      project('browser', ['test/browser/*.test.ts']),
      project('nightly', ['test/nightly/*.test.ts']),
    ],
  },
});
