import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type CalibrationRun,
  calibratedRuntimes,
  calibrationOf,
  expectWellEnded,
} from './calibration-run.ts';
import { canRun, workplace } from './support.ts';

/** Amounts that a cgroup counts: other work on this machine cannot move them. */
const amounts = ['touch-memory.peak', 'touch-memory.anon+shmem', 'forks'];

describe.skipIf(!canRun)('calibration of what a cgroup counts, on the real embedded engine', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let run: CalibrationRun;

  beforeAll(async () => {
    place = await workplace();
    const checks = [...amounts, 'write'];
    run = await calibrationOf(place, { checks, runtimes: calibratedRuntimes, blocks: '6..30' });
  }, 600_000);
  afterAll(() => place.remove());

  test.each(calibratedRuntimes)('%s: known amounts of memory and processes are found', (runtime) => {
    for (const id of amounts)
      expect(run.check(id, runtime), `${runtime} ${id}`).toMatchObject({ verdict: 'pass' });
  });

  test('bytes written are counted, or absent with the reason; never counted wrongly', () => {
    for (const runtime of calibratedRuntimes) {
      const { verdict, note } = run.check('write', runtime) ?? {};
      expect(['pass', 'absent'], `${runtime}: ${note}`).toContain(verdict);
      if (verdict === 'absent') expect(note).not.toBe('');
    }
  });

  test('it ends well and leaves nothing', () => expectWellEnded(run));
});
