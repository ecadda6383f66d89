import { expect, test } from 'vitest';
import type { Figure, TrialOutcome } from '../../../../src/core/model/trial/trial.ts';
import { filledIn } from '../../../../src/features/sandbox/density/filled.ts';
import { kneeFigures } from '../../../../src/features/sandbox/density/knee.ts';
import { drawn, standard } from '../../../report/charts/drawn.ts';
import { cell, runSubject, trialRecord } from '../../../support/records.ts';
import captured from '../density/captured.json' with { type: 'json' };

type Figures = Readonly<Record<string, Figure>>;
const whole = captured['idle runsc'] as Figures;
/** The same host, where the CPUs were busy with 16. */
const short: Figures = {
  ...Object.fromEntries(
    Object.entries(whole).filter(([id]) => id !== 'knee.end' && !/^step\.(?:20|24)\./.test(id)),
  ),
  ...kneeFigures({ cause: 'cpu', fit: 12, missed: 16 }),
};
const failed: TrialOutcome = { status: 'timed-out', step: 'start', limitMs: 30_000 };

function trialsOf(all: readonly (Figures | null)[]) {
  return all.map((figures, at) => {
    const trial = trialRecord({
      trialId: `d${at}`,
      block: 1 + at,
      cell: cell('runsc', 'density/idle', 'upTo=24'),
      ...(figures === null ? { outcome: failed } : { figures }),
    });
    return { trial, outcome: trial.outcome };
  });
}
const drawnOf = (trials: ReturnType<typeof trialsOf>) =>
  drawn('density-knee', {
    ...standard,
    run: { ...standard.run, subjects: [runSubject('density/idle', { params: 'upTo=24' })] },
    trials,
  });
const captionOf = (all: readonly (Figures | null)[]) => drawnOf(trialsOf(all)).caption;

test('medians are over the numbers that all trials reached, and the knee is the median that the report says', () => {
  const [filled] = filledIn(trialsOf([whole, short]), ['runsc']);
  expect(filled?.steps.map(({ count }) => count)).toEqual([4, 8, 12, 16]);
  expect(filled?.knee).toEqual({ cause: 'cpu', fit: 18 });
});

test('trials that failed are counted, and hide nothing of the others', () => {
  const [filled] = filledIn(trialsOf([null, whole, null]), ['runsc']);
  expect(filled).toMatchObject({ trials: 1, failed: 2, knee: { cause: 'end', fit: 24 } });
  expect(captionOf([null, whole, null])).toContain('runsc: 2 of 3 trials failed');
  expect(captionOf([whole])).not.toContain('failed');
});

test('where nothing was missed, the caption does not speak of a last time', () => {
  expect(captionOf([whole])).toContain('all that the test adds');
  expect(captionOf([short])).toContain('for the last time');
});

test('of a test with few and with many sandboxes, the many are shown', () => {
  const few = trialsOf([whole, whole]).map(({ trial, outcome }) => {
    const own = Object.entries(whole).filter(([id]) => !/^(?:step\.(?:12|16|20|24)\.|knee)/.test(id));
    const figures = { ...Object.fromEntries(own), ...kneeFigures({ cause: 'end', fit: 8 }) };
    const id = `few ${trial.trialId}`;
    return { trial: { ...trial, trialId: id, cell: { ...trial.cell, params: 'upTo=8' }, figures }, outcome };
  });
  const { title, caption } = drawnOf([...few, ...trialsOf([short])]);
  expect(title).toBe('Sandboxes side by side, up to the knee: density/idle upTo=24');
  expect(caption).not.toContain('medians of');
  expect(drawnOf(few).title).toBe('Sandboxes side by side: density/idle upTo=8');
});
