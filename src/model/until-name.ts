import type { Cell } from './cell.ts';
import { subjectName } from './subject-name.ts';

/** The name of a cell for `--until`: `io/fio?op=randread:runsc`. */
export function untilName(cell: Pick<Cell, 'workload' | 'params' | 'runtime'>): string {
  return `${subjectName(cell)}:${cell.runtime}`;
}

/** The name of all cells of a category under a runtime for `--until`: `startup:crun`. */
export function untilCategory({
  category,
  runtime,
}: {
  readonly category: string;
  readonly runtime: string;
}): string {
  return `${category}:${runtime}`;
}
