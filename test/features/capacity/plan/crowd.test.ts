import { expect, test } from 'vitest';
import { translate } from '../../../../src/core/messages/translate.ts';
import type { TrialRecord } from '../../../../src/core/model/trial/trial.ts';
import { crowdsOf, withCrowd } from '../../../../src/features/capacity/plan/crowd.ts';
import { exactly } from '../../../../src/features/capacity/plan/runtime-cost.ts';
import { type Knee, kneeFigures } from '../../../../src/features/sandbox/density/knee.ts';
import { figuresOf } from '../../../../src/features/sandbox/density/step.ts';
import idle from '../../../../src/features/sandbox/workloads/density/idle.ts';
import { knownRun } from '../overhead/known-run.ts';
import { madeCost } from './made.ts';
import { crowdRun } from './made-crowd.ts';

const { run: base } = knownRun();
const few = { runc: { mib: 5, cpus: 0.0001 }, runsc: { mib: 20, cpus: 0.001 } };

/** The crowd of runsc in a run of these blocks of 8 and of 256 sandboxes, with some of its trials changed. */
function crowdOf(
  upTo: Readonly<Record<number, number>>,
  change: (trial: TrialRecord) => TrialRecord = (trial) => trial,
) {
  const { run, trials } = crowdRun(base, few, upTo);
  const changed = trials.map((trial) => (trial.cell.runtime === 'runsc' ? change(trial) : trial));
  const found = crowdsOf(run, changed, [idle], { native: 'runc', confidence: 0.95 }).get('runsc');
  if (found === undefined) throw new Error('runsc is in the run');
  return found;
}

/** Large trials end in their first step of so many, too early for a line. */
const ending = (knee: Knee, count: number) => (trial: TrialRecord) =>
  trial.cell.params === 'upTo=256'
    ? {
        ...trial,
        outcome: {
          status: 'failed' as const,
          step: 'parse' as const,
          error: { code: 'parse-failed', message: 'only one step of sandboxes' },
        },
        figures: { ...figuresOf({ count, resident: count * 2 ** 24 }), ...kneeFigures(knee) },
      }
    : trial;

const notesOf = (crowd: ReturnType<typeof crowdOf>, lang: 'en' | 'fr' = 'en') =>
  withCrowd(madeCost('runsc', { fixedBytes: exactly(0) }), crowd, madeCost('runc'))
    .notes.map((note) => translate(note, lang))
    .join('\n');

test('a limit that was met too early for a line is the knee all the same', () => {
  const crowd = crowdOf({ 8: 7, 256: 2 }, ending({ cause: 'memory', fit: 20 }, 20));
  expect(crowd.knee).toMatchObject({ fit: 20, by: 'memory', cause: { id: 'density.cause.memory' } });
  expect(crowd).toMatchObject({ failed: 2, all: 9, cpus: { blocks: 7 } });
});

test('of a limit within the first step of many, those that ran in a smaller test are known to fit', () => {
  const cpu = { cause: 'cpu', fit: 0, missed: 32 } as const;
  expect(crowdOf({ 8: 7, 256: 2 }, ending(cpu, 32)).knee).toMatchObject({ fit: 8, by: 'cpus' });
  expect(crowdOf({ 256: 2 }, ending(cpu, 32)).knee).toMatchObject({ fit: 1, by: 'cpus' });
});

test('trials that failed are said in the number that they are', () => {
  const failing = (count: number) =>
    crowdOf({ 8: 9 }, (trial) =>
      trial.block <= count
        ? { ...trial, outcome: { status: 'timed-out', step: 'start', limitMs: 1 }, figures: {} }
        : trial,
    );
  expect(notesOf(failing(1))).toContain('1 of 9 trials of density/idle failed, and says nothing');
  expect(notesOf(failing(2))).toContain('2 of 9 trials of density/idle failed, and say nothing');
  expect(notesOf(failing(1), 'fr')).toContain('1 essai sur 9 de density/idle a échoué, et ne dit rien');
});

test('too few blocks, and none, are said', () => {
  expect(notesOf(crowdOf({ 8: 1 }))).toContain('runsc: density/idle has 1 of the 6 blocks');
  expect(notesOf(crowdOf({ 8: 0 }))).toContain('runsc: density/idle has 0 of the 6 blocks');
  expect(notesOf(crowdOf({ 8: 7 }))).not.toContain('blocks');
});
