import type { Chart, ChartSection } from './charts/index.ts';
import type { Block } from './document.ts';

/** The charts of a section that there is data for. */
export function figures(charts: readonly Chart[], section: ChartSection): readonly Block[] {
  return charts.flatMap((chart): readonly Block[] =>
    chart.section !== section || 'absent' in chart
      ? []
      : [{ kind: 'figure', chart: chart.id, title: chart.title, caption: chart.caption }],
  );
}
