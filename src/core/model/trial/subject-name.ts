import type { Cell } from './cell.ts';

/** Name of a subject in one word, for flags and tables: `io/fio?block=4k;op=randread`. */
export function subjectName({ workload, params }: Pick<Cell, 'workload' | 'params'>): string {
  return `${workload}${params === '' ? '' : `?${params}`}`;
}

/** The name of a cell for `--until`: `io/fio?op=randread:runsc`, and `…:runsc@PROFILE` under a profile other than the first. */
export function untilName(
  cell: Pick<Cell, 'workload' | 'params' | 'runtime'>,
  profile: string | null = null,
): string {
  return `${subjectName(cell)}:${cell.runtime}${profile === null ? '' : `@${profile}`}`;
}

/** The name of all cells of a category under a runtime for `--until`: `startup:crun`; with a profile likewise. */
export function untilCategory(
  {
    category,
    runtime,
  }: {
    readonly category: string;
    readonly runtime: string;
  },
  profile: string | null = null,
): string {
  return `${category}:${runtime}${profile === null ? '' : `@${profile}`}`;
}
