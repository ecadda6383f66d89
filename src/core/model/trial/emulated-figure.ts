import type { SummaryRow } from '../analysis/analysis.ts';
import type { Unit } from '../workload/metric.ts';

/** Times, rates, and shares of a CPU. */
const timed: ReadonlySet<Unit | null> = new Set(['ns', 'ns/op', 'ops/s', 'bytes/s', 'ratio']);

/** Memory that the host holds for a sandbox, not memory that a program sees in its guest. */
const memoryOfHost = /^(?:memory|pss|density)\./;

/**
 * Does a figure tell of the emulator where a guest is emulated? Times and rates do. So does memory: QEMU keeps the code
 * that it translated, 80 to 106 MiB of the 452 to 496 MiB resident in five guests of Kata 3.25.0.
 */
export function isOfEmulator({ metric, unit }: Pick<SummaryRow, 'metric' | 'unit'>): boolean {
  return timed.has(unit) || (unit === 'bytes' && metric !== null && memoryOfHost.test(metric));
}
