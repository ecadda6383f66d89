import type { Asked } from './asked.ts';
import { type Evidence, intervalOf, type Looked, missing } from './evidence.ts';

/** The change against the run that this one is compared with, which is its `last`. */
export function changeFigure(
  { gate: { runtime, layer }, workload, params }: Asked,
  { baseline, changes, neighbours }: NonNullable<Evidence['changes']>,
): Looked {
  const found = changes.find(
    (change) =>
      change.runtime === runtime &&
      change.workload === workload &&
      change.params === params &&
      change.layer === layer,
  );
  if (found === undefined || found.ratio === null) return { why: missing.notCompared };
  if (neighbours?.workloads.includes(workload)) return { why: missing.neighbours };
  const { ratio, low, high, basis } = found;
  const reference = basis === 'relative' ? baseline : null;
  return { figure: { estimate: ratio, interval: intervalOf(low, high), unit: null, reference } };
}
