import type { CategoryEstimate, SummaryRow, Verdict } from '../../src/core/model/analysis/analysis.ts';
import type { Category } from '../../src/core/model/workload/metric.ts';
import type { Synthetic } from './support.ts';

/** A headline of runsc against runc with this time ratio, and runc's own row. */
export function compared(
  { analysis }: Synthetic,
  workload: string,
  ratio: number,
  verdict: Verdict,
  more: Partial<SummaryRow> = {},
): SummaryRow[] {
  const template = analysis.rows.find((row) => row.headline && row.runtime === 'crun');
  if (template === undefined) throw new Error('no row');
  const category = workload.slice(0, workload.indexOf('/')) as Category;
  const both = {
    ...template,
    workload,
    params: '',
    category,
    metric: 'op.time',
    unit: 'ns',
    better: 'lower',
    difference: undefined,
    simultaneous: undefined,
    decidedBy: undefined,
    needs: undefined,
  };
  const { unit, better, metric, params } = more;
  const shared = Object.fromEntries(
    Object.entries({ unit, better, metric, params }).filter(([, value]) => value !== undefined),
  );
  const base = { ...both, ...shared, ...value(1000), ratio: null, ratioCiLow: null, ratioCiHigh: null };
  const interval = { ratio, ratioCiLow: ratio * 0.9, ratioCiHigh: ratio * 1.1 };
  return [
    { ...base, runtime: 'runc', verdict: 'baseline' },
    { ...both, ...interval, runtime: 'runsc', ...value(1000 * ratio), verdict, ...more },
  ] as SummaryRow[];
}

const value = (median: number) => ({ median, ciLow: median * 0.95, ciHigh: median * 1.05 });

/** What runsc costs in a category, by an estimate over several workloads. */
export function estimate(
  category: Category,
  cost: number,
  verdict: Verdict,
  more: Partial<CategoryEstimate> = {},
): CategoryEstimate {
  const member = (factor: number) => ({
    workload: `${category}/${factor < 1 ? 'small' : 'large'}`,
    params: '',
    cost: cost * factor,
    low: null,
    high: null,
  });
  return {
    runtime: 'runsc',
    category,
    layer: 'docker',
    subjects: 13,
    blocks: 12,
    cost,
    low: cost * 0.9,
    high: cost * 1.1,
    low90: cost * 0.92,
    high90: cost * 1.08,
    p: 0.001,
    pAdjusted: 0.01,
    tau: 1.01,
    smallest: member(0.5),
    largest: member(2),
    verdict,
    ...more,
  };
}
