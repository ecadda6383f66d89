import { type Cell, parseParams } from '../../core/model/trial/cell.ts';

/**
 * True if the files of a subject are in the host's page cache while it is measured: it then measures the path from a system
 * call to cached data, not a device.
 */
export function isFromPageCache({ workload, params }: Pick<Cell, 'workload' | 'params'>): boolean {
  if (workload === 'io/small-files') return true;
  return workload === 'io/fio' && parseParams(params).cache !== 'direct';
}
