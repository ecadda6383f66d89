import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const e2e = 'test/e2e/**/*.test.ts';
const browser = 'test/browser/**/*.test.ts';
/** Files that replace modules (`vi.mock`), or look at all that a process has loaded: they share no modules. */
const alone = [
  'test/core/collect/cgroup/cgroup-files.test.ts',
  'test/core/messages/catalogue.test.ts',
  'test/core/messages/every-command.test.ts',
  'test/core/messages/reference.test.ts',
];
/** SLOW */
const thorough = ['test/app/apart/apart.test.ts', 'test/app/measure/duet.test.ts', 'test/app/measure/extend.test.ts', 'test/app/measure/full-disk.test.ts', 'test/app/measure/interrupt.test.ts', 'test/app/measure/output.test.ts', 'test/app/measure/past-runs.test.ts', 'test/app/measure/recovery.test.ts', 'test/app/measure/resume.test.ts', 'test/app/open-report.test.ts', 'test/app/property-names.test.ts', 'test/app/renew-report.test.ts', 'test/app/verify-records.test.ts', 'test/cli/apart.test.ts', 'test/cli/interrupt.test.ts', 'test/cli/start-up.test.ts', 'test/cli/terminal.test.ts', 'test/contracts/commands.test.ts', 'test/contracts/configs.test.ts', 'test/contracts/hints.test.ts', 'test/contracts/package.test.ts', 'test/contracts/resume.test.ts', 'test/contributing.test.ts', 'test/core/analyze/claims.test.ts', 'test/core/analyze/effects/compare.test.ts', 'test/core/analyze/looks.test.ts', 'test/core/analyze/noise-floor.test.ts', 'test/core/analyze/proof.test.ts', 'test/core/analyze/simulation.test.ts', 'test/core/config/daemon-oracle.test.ts', 'test/core/engine/docker/tls-files.test.ts', 'test/core/files/temporary.test.ts', 'test/core/host/host-lock.test.ts', 'test/core/images/build.test.ts', 'test/core/measure/schedule/eta.test.ts', 'test/core/runtimes/add-family.test.ts', 'test/core/store/nth-call.test.ts', 'test/core/store/power-loss.test.ts', 'test/docs/published.test.ts', 'test/docs/site.test.ts', 'test/features/fleet/app/merge/class.test.ts', 'test/features/fleet/app/merge/merge.test.ts', 'test/features/fleet/merge/coverage.test.ts', 'test/features/fleet/merge/merge-again.test.ts', 'test/features/fleet/publish/publish.test.ts', 'test/features/lab/run-disk.test.ts', 'test/features/nightly/app/gate/gate-run.test.ts', 'test/features/nightly/app/night/night.test.ts', 'test/features/nightly/history/nightly.test.ts', 'test/features/options/charts/effects.test.ts', 'test/features/proof/app/verify/verify-several.test.ts', 'test/features/proof/calibrate/injector.test.ts', 'test/features/proof/calibrate/settling-simulation.test.ts', 'test/features/proof/calibrate/six-minutes.test.ts', 'test/features/proof/verify/honest-runs.test.ts', 'test/features/sandbox/answers/density.test.ts', 'test/features/sandbox/charts/density-knee.test.ts', 'test/features/sandbox/tti-ramp.test.ts', 'test/features/without.test.ts', 'test/fuzz/fuzz.test.ts', 'test/report/charts/pictures.test.ts', 'test/report/charts/startup-distribution.test.ts', 'test/report/every-chart.test.ts', 'test/report/why-section.test.ts', 'test/support/allowed-skips.test.ts'];
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
        test: { name: 'thorough', include: thorough, sequence: { groupOrder: 0 } },
      },
      {
        // One file after the other, when the machine is quiet: each looks at what its own run left on the host.
        extends: true,
        test: {
          name: 'e2e',
          include: [e2e],
          exclude: [...beside],
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
          maxWorkers: lanes,
          ...patient,
          env: { OCIBENCH_SHARED },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
