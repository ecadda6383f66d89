import { formatRatio } from '../../format.ts';
import type { HeadlineCost } from '../../headline-cost.ts';
import type { ChartContext } from '../grammar/define.ts';
import { chartName, shapeOf } from '../grammar/palette.ts';
import { drawnRatio } from '../grammar/ratio-axis.ts';

/** A cost ratio as a chart draws it: a dot of its runtime with its interval, hollow where it is not decided. */
export function ratioDot({ row, cost }: HeadlineCost, context: ChartContext) {
  return {
    runtime: chartName(row.runtime),
    shape: shapeOf(context, row.runtime),
    ratio: drawnRatio(cost.ratio),
    low: drawnRatio(cost.low),
    high: drawnRatio(cost.high),
    unsure: row.verdict === 'inconclusive' || cost.low === null,
    label: formatRatio(cost.ratio, context.lang),
  };
}
