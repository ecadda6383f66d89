import { expect, test } from 'vitest';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';
import { type MoveFlags, readSettings } from '../../../src/features/move/app/settings.ts';

/** What is wrong with the flags, and how it is mended. */
function problems(flags: MoveFlags): readonly string[] {
  try {
    readSettings({ to: 'runsc', ...flags }, 'runc');
    return [];
  } catch (error) {
    if (!(error instanceof OcibenchError)) throw error;
    return error.problems.map(({ file, key, message, fix }) =>
      [file, key, message, fix].filter(Boolean).join(': '),
    );
  }
}

test('phases and blocks are as usual where nothing is said', () => {
  expect(readSettings({ to: 'runsc' }, 'runc')).toMatchObject({
    limitMs: 60_000,
    settleMs: 3_000,
    idleMs: 6_000,
    blocks: null,
  });
  expect(readSettings({ to: 'runsc', upFor: '1s', idleFor: '2s', blocks: 6 }, 'runc')).toMatchObject({
    limitMs: 60_000,
    settleMs: 1_000,
    idleMs: 2_000,
    blocks: 6,
  });
  // What has to stay up for long has the time for that.
  expect(readSettings({ to: 'runsc', upFor: '2m' }, 'runc').limitMs).toBeGreaterThan(120_000);
});

test('a phase that is too short, or so few blocks that nothing is decided', () => {
  expect(
    problems({ upFor: '900ms', idleFor: '10ms', blocks: 5, healthyWithin: '2s', maxTime: '1s' }),
  ).toEqual([
    "move.healthyWithin: must be a duration of 3 s or more, but is '2s': for example move.healthyWithin=60s",
    "move.upFor: must be a duration of 1 s or more, but is '900ms': for example move.upFor=3s",
    "move.idleFor: must be a duration of 1 s or more, but is '10ms': for example move.idleFor=6s",
    "--max-time: must be a duration of 3 s or more, but is '1s': for example --max-time 10m",
    'move.blocks: must be 6 or more, or nothing is decided: for example move.blocks=6',
  ]);
  expect(problems({ to: 'runc' })).toEqual([
    '--to: runc: is the baseline: name another runtime, or another --baseline',
  ]);
});
