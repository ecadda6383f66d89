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
