import type { PageScript } from '../../model/page-script.ts';
import type { Chart } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import type { Block } from '../document.ts';

/** What the files of a run are made of. */
export interface ExportSource extends ReportContext {
  readonly charts: readonly Chart[];
  /** The whole report. */
  readonly report: readonly Block[];
  /** Chart id → its SVG without title; without one a figure of report.html has no picture. */
  readonly svgs: Readonly<Record<string, string>>;
  /** Of report.html; null for a page of text and pictures alone. */
  readonly script: PageScript | null;
  /** Folder of the charts as seen from report.md. */
  readonly chartsHref: string;
}

/** A file of `results/<runId>/`. */
export interface Exporter {
  readonly file: string;
  /** Files are written in this order; the steps between them leave room for others. */
  readonly order: number;
  /** What `run --no-report` leaves out. */
  readonly shows?: 'report';
  readonly content: (source: ExportSource) => string;
}
