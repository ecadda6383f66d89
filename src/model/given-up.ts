import { type Cell, cellKey, subjectKey } from './cell.ts';
import type { TrialRecord } from './trial.ts';

/** Failures in a row after which a cell is given up: its reason is known by then, and its time goes to the others. */
export const failuresInARow = 3;

/** Time-outs of a subject that worked under no runtime, after which it is given up under every one. */
export const timeoutsOfSubject = 3;

/** Time-outs in a row, whatever was run, after which a runtime is given up: each costs as much as dozens of good trials. */
export const timeoutsInARow = 5;

/**
 * Why a cell is not tried again.
 * - `unsupported`: it said that it cannot.
 * - `failing`: its last {@link failuresInARow} trials failed.
 * - `hanging`: the last {@link timeoutsInARow} trials of its runtime timed out, or {@link timeoutsOfSubject} of its subject
 *   did and none went well.
 */
export type GivenUp = 'unsupported' | 'failing' | 'hanging';

type Judged = Pick<TrialRecord, 'cell' | 'outcome'>;

/** Runtimes that answer nothing any more. */
function hangingRuntimes(trials: readonly Judged[]): ReadonlySet<string> {
  const hanging = new Set<string>();
  for (const [runtime, own] of Map.groupBy(trials, ({ cell }) => cell.runtime)) {
    const last = own.filter(({ outcome }) => outcome.status !== 'interrupted').slice(-timeoutsInARow);
    if (last.length === timeoutsInARow && last.every(({ outcome }) => outcome.status === 'timed-out'))
      hanging.add(runtime);
  }
  return hanging;
}

/** Subjects that have only cost time so far. */
function hangingSubjects(trials: readonly Judged[]): ReadonlySet<string> {
  const hanging = new Set<string>();
  for (const [subject, own] of Map.groupBy(trials, ({ cell }) => subjectKey(cell))) {
    const late = own.filter(({ outcome }) => outcome.status === 'timed-out').length;
    if (late >= timeoutsOfSubject && own.every(({ outcome }) => outcome.status !== 'ok'))
      hanging.add(subject);
  }
  return hanging;
}

/** Which of these cells are given up after these trials, in the order in which they ran, and why; by their keys. */
export function givenUp(cells: readonly Cell[], trials: readonly Judged[]): ReadonlyMap<string, GivenUp> {
  const hanging = hangingRuntimes(trials);
  const hangingTogether = hangingSubjects(trials);
  const byCell = Map.groupBy(trials, ({ cell }) => cellKey(cell));
  const found = new Map<string, GivenUp>();
  for (const cell of cells) {
    const key = cellKey(cell);
    const ended = (byCell.get(key) ?? [])
      .map(({ outcome }) => outcome.status)
      .filter((status) => status !== 'interrupted');
    const last = ended.slice(-failuresInARow);
    if (ended.at(-1) === 'unsupported') found.set(key, 'unsupported');
    else if (hanging.has(cell.runtime) || hangingTogether.has(subjectKey(cell))) found.set(key, 'hanging');
    else if (last.length === failuresInARow && last.every((status) => status !== 'ok'))
      found.set(key, 'failing');
  }
  return found;
}
