import type { Cell } from './cell.ts';

/** The name of a cell for `--until`: `io/fio?op=randread:runsc`. */
export function untilName({
  workload,
  params,
  runtime,
}: Pick<Cell, 'workload' | 'params' | 'runtime'>): string {
  return `${workload}${params === '' ? '' : `?${params}`}:${runtime}`;
}
