import { aaControl, duetArm, executedRuntime } from '../model/aa-control.ts';
import { type Cell, cellKey, subjectKey } from '../model/cell.ts';
import type { RunSubject } from '../model/run.ts';
import { untilCategory, untilName } from '../model/until-name.ts';

/** Every comparison of a run by its names: `WORKLOAD[?PARAMS]:RUNTIME` and `CATEGORY:RUNTIME`. */
export function untilNames(
  cells: readonly Cell[],
  subjects: readonly RunSubject[],
  baseline: string,
): ReadonlyMap<string, readonly Cell[]> {
  const categories = new Map(subjects.map(({ workload, category }) => [workload, category]));
  const compared = cells.filter(
    ({ runtime, workload, layer }) =>
      layer !== 'floor' &&
      executedRuntime(runtime, baseline) !== baseline &&
      categories.get(workload) !== 'isolation',
  );
  return new Map([
    ...Map.groupBy(compared, ({ workload, runtime }) =>
      untilCategory({ category: categories.get(workload) ?? '', runtime }),
    ),
    ...Map.groupBy(compared, untilName),
  ]);
}

/**
 * Take a list apart at its commas. Parameters can hold commas too: the longest name that is known counts, and what is known
 * by no length ends at the next comma.
 */
export function splitNames(list: string, known: ReadonlySet<string>): readonly string[] {
  const parts = list.split(',').map((part) => part.trim());
  const names: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let end = parts.length;
    while (end > at + 1 && !known.has(parts.slice(at, end).join(','))) end--;
    names.push(parts.slice(at, end).join(','));
    at = end;
  }
  return [...new Set(names.filter((name) => name !== ''))];
}

/**
 * The chosen cells with what each is compared with: its partner in duets, else the baseline of its subject, and the A/A
 * control where there is one.
 */
export function withBaseline(
  chosen: ReadonlySet<string>,
  cells: readonly Cell[],
  baseline: string,
): readonly Cell[] {
  const own = cells.filter((cell) => chosen.has(cellKey(cell)));
  const subjects = new Set(own.map(subjectKey));
  const partners = new Set(own.map((cell) => cellKey({ ...cell, runtime: duetArm(baseline, cell.runtime) })));
  const paired = cells.filter((cell) => partners.has(cellKey(cell)));
  const beside = (cell: Cell) =>
    paired.length > 0
      ? partners.has(cellKey(cell))
      : [baseline, aaControl(baseline)].includes(cell.runtime) && subjects.has(subjectKey(cell));
  return cells.filter((cell) => chosen.has(cellKey(cell)) || beside(cell));
}
