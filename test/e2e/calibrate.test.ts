import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CalibrationRun,
  calibratedRuntimes,
  calibrationOf,
  expectFound,
  expectWellEnded,
} from './calibration-run.ts';
import { canRun, nightly, ocibench, workplace } from './support.ts';

const hostKernel = ['runc', ...(nightly ? ['crun'] : [])];

describe.skipIf(!canRun)('calibration of what other work moves, on the real embedded engine', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let cpu: CalibrationRun;
  let memory: CalibrationRun;
  let sampler: CalibrationRun;

  beforeAll(async () => {
    place = await workplace();
    cpu = await calibrationOf(place, { checks: ['cpu-1s'], runtimes: hostKernel, blocks: '6..60' });
    // Of pages that several processes map, each has its share: another's shim takes some of ours.
    memory = await calibrationOf(place, {
      checks: ['touch-memory.footprint'],
      runtimes: calibratedRuntimes,
      blocks: '6..30',
    });
    sampler = await calibrationOf(place, {
      checks: ['sampler'],
      runtimes: calibratedRuntimes,
      blocks: '6..6',
    });
  }, 900_000);
  afterAll(() => place.remove());

  test.each(hostKernel)('%s: a second of CPU is counted as one', (runtime) => {
    expectFound(cpu.check('cpu-1s', runtime));
  });

  test.each(calibratedRuntimes)('%s: memory is found by its processes', (runtime) => {
    expectFound(memory.check('touch-memory.footprint', runtime));
  });

  test.each(calibratedRuntimes)(
    '%s: the sampler does not change the time to output beyond its interval',
    (runtime) => {
      const { verdict, n, low, high } = sampler.check('sampler', runtime) ?? {};
      expect(n).toBeGreaterThanOrEqual(6);
      expect(verdict, `${low} to ${high}`).not.toBe('fail');
    },
  );

  test('each ends well and leaves nothing', () => {
    for (const run of [cpu, memory, sampler]) expectWellEnded(run);
  });
});

test('a check that does not exist is refused with those that do', async () => {
  const place = await workplace();
  const { exitCode, stderr } = await ocibench(
    ['doctor', 'calibrate', '--checks', 'cpu-1s,nonsense'],
    place.path,
  );
  await place.remove();
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(/--checks: nonsense: there is no such check\n {2}fix: choose from: cpu-10ms, /);
});
