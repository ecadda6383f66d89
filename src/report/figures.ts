import type { Chart, ChartSection } from './charts/index.ts';
import type { Block } from './document.ts';

/** Figures of the charts of a section that have data. */
export function figures(charts: readonly Chart[], section: ChartSection): readonly Block[] {
  return charts.flatMap((chart): readonly Block[] =>
    chart.section !== section || 'absent' in chart
      ? []
      : [{ kind: 'figure', chart: chart.id, title: chart.title, caption: chart.caption }],
  );
}
