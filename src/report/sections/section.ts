import type { Chart } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import type { Block } from '../document/document.ts';

/** A part of report.md and report.html. */
export interface Section {
  readonly id: string;
  /** Position in the report; gaps allow insertions. */
  readonly order: number;
  /** Empty if the section has no content. */
  readonly blocks: (context: ReportContext, charts: readonly Chart[]) => readonly Block[];
}
