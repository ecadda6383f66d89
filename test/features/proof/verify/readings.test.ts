import { expect, test } from 'vitest';
import { ReadingsCheck } from '../../../../src/features/proof/verify/readings.ts';
import { trialRecord } from '../../../support/records.ts';

/** What is said of two readings of a trial in which these figures go down. */
function said(source: 'v1' | 'v2', ...falling: readonly string[]): readonly string[] {
  const trial = trialRecord({ sampling: null, cgroup: { source, path: '/ocibench/x', figures: {} } });
  const check = new ReadingsCheck([trial], { memoryBytes: 2 ** 34 });
  for (const [atNs, value] of [2e6, 1e6].entries()) {
    const figures = Object.fromEntries(falling.map((what) => [what, value]));
    check.add({ trialId: trial.trialId, atNs, costNs: 0, figures });
  }
  return check.findings().map(({ message }) => message.text);
}

test.each(['cpu.user', 'cpu.system'])(
  '%s, a share of the usage on v1, may go down there, and only there',
  (what) => {
    expect(said('v1', what)).toEqual([]);
    expect(said('v2', what)).toEqual([`${what} decreases in its readings`]);
  },
);

test.each(['v1', 'v2'] as const)('what the kernel counts goes down nowhere (%s)', (source) => {
  for (const what of ['cpu.usage', 'io.write_bytes'])
    expect(said(source, what)).toEqual([`${what} decreases in its readings`]);
});
