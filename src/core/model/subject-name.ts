import type { Cell } from './cell.ts';

/** What is measured, in one word that flags and tables can hold: `io/fio?block=4k;op=randread`. */
export function subjectName({ workload, params }: Pick<Cell, 'workload' | 'params'>): string {
  return `${workload}${params === '' ? '' : `?${params}`}`;
}
