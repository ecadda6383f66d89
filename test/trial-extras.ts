import type { Evidence } from '../src/model/evidence.ts';
import type { TrialRecord } from '../src/model/trial.ts';

/** What only some kinds of trial record, as it is in all others. */
export const noExtras = {
  oomKilled: null,
  outputs: {},
  window: null,
  copies: [],
  figures: {},
} satisfies Partial<TrialRecord>;

/** What a parser reads of a container that printed this and ended well. */
export function evidence(stdout: string, more: Partial<Evidence> = {}): Evidence {
  return {
    stdout,
    stderr: '',
    truncated: false,
    marks: [],
    exitCode: 0,
    cgroup: null,
    ...noExtras,
    ...more,
  };
}

/** The record of a trial that was made and of which only this is told. */
export function bareTrial(
  known: Pick<TrialRecord, 'trialId' | 'cell' | 'position' | 'block' | 'phase' | 'attempt' | 'outcome'>,
): TrialRecord {
  return {
    ...known,
    startedAt: '',
    marks: [],
    iterationNs: null,
    exitCode: 0,
    cgroup: null,
    engineCpu: { absent: '' },
    sampling: null,
    processes: [],
    leaked: [],
    noise: null,
    output: { stdout: '', stderr: '', truncated: false },
    ...noExtras,
  };
}
