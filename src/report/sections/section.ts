import type { Chart } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import type { Block } from '../document.ts';

/** A part of report.md and report.html. */
export interface Section {
  readonly id: string;
  /** Sections stand in this order; the steps between them leave room for others. */
  readonly order: number;
  /** Nothing where there is nothing to say. */
  readonly blocks: (context: ReportContext, charts: readonly Chart[]) => readonly Block[];
}
