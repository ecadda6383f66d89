import { type Cell, cellKey, subjectKey } from '../trial/cell.ts';
import type { TrialRecord } from '../trial/trial.ts';

/** Consecutive failures after which a cell is given up. Its reason is known by then, and other cells need the time. */
export const failuresInARow = 3;

/** Time-outs of a subject, without success under any runtime, after which it is given up under every runtime. */
export const timeoutsOfSubject = 3;

/**
 * Consecutive time-outs of any workload after which a runtime is given up. Each costs as much as dozens of good trials.
 */
export const timeoutsInARow = 5;

/**
 * Why a cell is not tried again.
 * - `unsupported`: it reported that it cannot run.
 * - `failing`: its last {@link failuresInARow} trials failed.
 * - `hanging`: the last {@link timeoutsInARow} trials of its runtime timed out, or {@link timeoutsOfSubject} of its
 *   subject timed out and none succeeded.
 */
export type GiveUpReason = 'unsupported' | 'failing' | 'hanging';

type CellOutcome = Pick<TrialRecord, 'cell' | 'outcome'>;

/** Key of a runtime in one of several engines. */
function runtimeKey({ runtime, engine = '' }: Cell): string {
  return `${runtime}|${engine}`;
}

/** Find the runtimes that no longer respond. */
function hangingRuntimes(trials: readonly CellOutcome[]): ReadonlySet<string> {
  const hanging = new Set<string>();
  for (const [runtime, own] of Map.groupBy(trials, ({ cell }) => runtimeKey(cell))) {
    const last = own.filter(({ outcome }) => outcome.status !== 'interrupted').slice(-timeoutsInARow);
    if (last.length === timeoutsInARow && last.every(({ outcome }) => outcome.status === 'timed-out'))
      hanging.add(runtime);
  }
  return hanging;
}

/** Find the subjects that have only timed out so far. */
function hangingSubjects(trials: readonly CellOutcome[]): ReadonlySet<string> {
  const hanging = new Set<string>();
  for (const [subject, own] of Map.groupBy(trials, ({ cell }) => subjectKey(cell))) {
    const late = own.filter(({ outcome }) => outcome.status === 'timed-out').length;
    if (late >= timeoutsOfSubject && own.every(({ outcome }) => outcome.status !== 'ok'))
      hanging.add(subject);
  }
  return hanging;
}

/** Find the cells to give up after these trials (in order of execution), with the reason, by cell key. */
export function givenUp(
  cells: readonly Cell[],
  trials: readonly CellOutcome[],
): ReadonlyMap<string, GiveUpReason> {
  const hanging = hangingRuntimes(trials);
  const hangingTogether = hangingSubjects(trials);
  const byCell = Map.groupBy(trials, ({ cell }) => cellKey(cell));
  const found = new Map<string, GiveUpReason>();
  for (const cell of cells) {
    const key = cellKey(cell);
    const ended = (byCell.get(key) ?? [])
      .map(({ outcome }) => outcome.status)
      .filter((status) => status !== 'interrupted');
    const last = ended.slice(-failuresInARow);
    if (ended.at(-1) === 'unsupported') found.set(key, 'unsupported');
    else if (hanging.has(runtimeKey(cell)) || hangingTogether.has(subjectKey(cell)))
      found.set(key, 'hanging');
    else if (last.length === failuresInARow && last.every((status) => status !== 'ok'))
      found.set(key, 'failing');
  }
  return found;
}
