/** Which tests are run: see `scripts/test.ts`. */
export type TestSet = 'short' | 'all' | 'nightly';

const unit = ['unit', 'unit-isolated'];
/** The projects of `vitest.config.ts` in each set. */
export const projects: Readonly<Record<TestSet, readonly string[]>> = {
  short: [...unit, 'journeys'],
  all: [...unit, 'slow', 'journeys', 'e2e', 'browser'],
  nightly: ['nightly', 'slow', 'e2e'],
};
/** Files that try more at night: see `nightly` of `test/e2e/support.ts`. */
export const longerAtNight = [
  'calibrate',
  'calibrate-amounts',
  'containerd-engine',
  'daemon-trouble',
  'disk-full',
  'faulty-runtimes',
  'fleet-ansible',
  'fleet-slurm',
  'neighbours',
  'paused',
  'podman-faults',
].map((name) => `test/e2e/${name}.test.ts`);
