import { expect } from 'vitest';
import type { StoredRun } from '../../../src/core/store/run-directory.ts';

/** Of each trial, in the order in which they ended: `b001p000 interrupted: it ended, or was restarted`. */
export function outcomes({ trials }: StoredRun): readonly string[] {
  return trials.map(({ trialId, outcome }) => {
    const reason = outcome.status === 'interrupted' && outcome.reason ? `: ${outcome.reason}` : '';
    return `${trialId} ${outcome.status}${reason}`;
  });
}

/** Its trials that say nothing of a runtime. */
export const interruptedTrials = (run: StoredRun) =>
  outcomes(run).filter((line) => line.includes(' interrupted'));

/** All that was scheduled has a value, once, and what came to nothing before is there too. */
export function expectWhole(stored: StoredRun, blocks: number): void {
  const { run, trials } = stored;
  expect(run).toMatchObject({ status: 'complete', stopReason: 'max-blocks' });
  expect(stored.torn).toEqual([]);
  expect(stored.blocks).toHaveLength(blocks + 1);
  const scheduled = stored.blocks.flatMap((block) => block.trials.map(({ trialId }) => trialId));
  const values = trials.filter(({ outcome }) => outcome.status === 'ok').map(({ trialId }) => trialId);
  expect(values.toSorted()).toEqual(scheduled.toSorted());
  for (const id of scheduled) {
    const attempts = trials.filter(({ trialId }) => trialId === id).map(({ attempt }) => attempt);
    expect(attempts).toEqual(attempts.map((_, index) => index + 1));
  }
}
