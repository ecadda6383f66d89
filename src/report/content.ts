import type { Chart } from './charts/chart.ts';
import type { ReportContext } from './context.ts';
import type { Block } from './document.ts';
import { sections } from './sections/index.ts';

/**
 * The report as data: what was compared and where, doubts and answers first; then every category with
 * its charts and tables; then what all of it rests on.
 */
export function reportContent(context: ReportContext, charts: readonly Chart[]): readonly Block[] {
  return sections.flatMap((section) => section.blocks(context, charts));
}
