import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { provingFiles } from './test/support/proofs.ts';

const e2e = 'test/e2e/**/*.test.ts';
const browser = 'test/browser/**/*.test.ts';
/** Files that replace modules (`vi.mock`), or look at all that a process has loaded: they share no modules. */
const alone = [
  'test/core/collect/cgroup/cgroup-files.test.ts',
  'test/core/messages/catalogue.test.ts',
  'test/core/messages/every-command.test.ts',
  'test/core/messages/reference.test.ts',
];
/** Files that start programs again and again, work on a copy of the sources, or simulate many runs: they have proofs. */
const thorough = provingFiles(import.meta.dirname).filter((file) => !/^test\/(?:e2e|browser)\//.test(file));
/** End-to-end files that look at their own run or daemon only, and compare no times: they may run beside each other. */
const beside = [
  'action',
  'calibrate-amounts',
  'consumers',
  'containerd-layer',
  'containerd-pipes',
  'cri-layer',
  'current-gvisor',
  'daemon-conditions',
  'daemon-trouble',
  'disk-full',
  'duet',
  'faulty-runtimes',
  'fleet-ansible',
  'fleet-contexts',
  'fleet-slurm',
  'hardened-docker',
  'kata-overheads',
  'lab',
  'limits',
  'merge',
  'network',
  'oci-layer',
  'one-at-a-time',
  'other-user',
  'overhead',
  'paused',
  'power-loss',
  'remote',
  'runtimes',
  'service',
  'system-diagnosis',
  'system-network',
  'system-user',
  'terminal',
].map((name) => `test/e2e/${name}.test.ts`);
/** Of the files that have proofs those that are not asked for: see scripts/test. */
const asked = process.env.OCIBENCH_FILES?.split(',');
const notAsked =
  asked === undefined ? [] : provingFiles(import.meta.dirname).filter((file) => !asked.includes(file));
/** On a host that others load, all takes several times as long; that is no failure. */
const patient = { testTimeout: 300_000, hookTimeout: 900_000 };
/** They wait for engines and containers for most of their time. */
const lanes = availableParallelism() + 1;
/** What files share that look at the same measurement; the reporter removes it. */
const OCIBENCH_SHARED = join(tmpdir(), `ocibench-shared-${process.pid}`);
process.env.OCIBENCH_SHARED = OCIBENCH_SHARED;

export default defineConfig({
  // As src/core/config/door.ts has it: the name of this package is this checkout, built or not.
  resolve: { alias: [{ find: /^ocibench$/, replacement: join(import.meta.dirname, 'src/index.ts') }] },
  test: {
    reporters: ['default', './test/summary-reporter.ts'],
    testTimeout: 20_000,
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
          exclude: [e2e, browser, ...alone, ...thorough],
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'unit-isolated', include: alone, sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: { name: 'thorough', include: thorough, exclude: notAsked, sequence: { groupOrder: 0 } },
      },
      {
        // One file after the other, when the machine is quiet: each looks at what its own run left on the host.
        extends: true,
        test: {
          name: 'e2e',
          include: [e2e],
          exclude: [...beside, ...notAsked],
          globalSetup: 'test/e2e/traces-before.ts',
          ...patient,
          fileParallelism: false,
          // Of tests that say they are concurrent: as many as the smallest machine has CPUs.
          maxConcurrency: 2,
          env: { OCIBENCH_SHARED },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e-beside',
          include: beside,
          exclude: notAsked,
          ...patient,
          maxWorkers: lanes,
          maxConcurrency: 2,
          env: { OCIBENCH_SHARED },
          sequence: { groupOrder: 2 },
        },
      },
      {
        // Chromium of the system; it looks at a measurement, which is over then.
        extends: true,
        test: {
          name: 'browser',
          include: [browser],
          exclude: notAsked,
          maxWorkers: lanes,
          ...patient,
          env: { OCIBENCH_SHARED },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
