import type { ChartContext, Spec } from './chart.ts';
import { phonePlot, plotWidth } from './layout.ts';
import { byPlace, placed, shownData } from './live.ts';
import { chartName } from './palette.ts';

/** Layout of small pictures: number per row, width (px), and characters per line of the subtitle. */
interface PictureGrid {
  readonly columns: number;
  readonly width: number;
  readonly subtitle: number;
}

/** The grid for `count` small pictures with these runtimes on the y axis. */
export function pictureGrid(
  count: number,
  runtimes: readonly string[],
  { narrow }: Pick<ChartContext, 'narrow'>,
): PictureGrid {
  if (narrow) return { columns: 1, width: phonePlot(runtimes.map(chartName)), subtitle: 108 };
  return count > 3
    ? { columns: 2, width: 400, subtitle: 144 }
    : { columns: 1, width: plotWidth, subtitle: 108 };
}

/** One small picture per subject, with its name as title; the left ones have runtimes on the y axis. `spec`: without width. */
export function facets(
  values: readonly Spec[],
  subjects: readonly string[],
  { columns, width }: PictureGrid,
  spec: Spec,
): Spec {
  return {
    ...shownData(placed(values, 'subject', subjects)),
    facet: {
      field: 'subject',
      type: 'nominal',
      sort: byPlace,
      header: { labelAngle: 0, labelOrient: 'top', labelAnchor: 'start', labelLimit: width },
    },
    columns,
    spacing: { row: 14, column: 24 },
    spec: { width, ...spec },
  };
}
