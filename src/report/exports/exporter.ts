import type { Chart } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import type { Block } from '../document/document.ts';
import type { PagePictures } from '../document/page-parts.ts';
import type { PageScript } from '../page-script.ts';

/** Input of the files of a run. */
export interface ExportSource extends ReportContext {
  readonly charts: readonly Chart[];
  /** All blocks of the report. */
  readonly report: readonly Block[];
  /** Chart id → its pictures without title; report.html leaves out figures without pictures. */
  readonly svgs: Readonly<Record<string, PagePictures>>;
  /** Script of report.html; null for a page of only text and pictures. */
  readonly script: PageScript | null;
  /** Folder of the charts, relative to report.md. */
  readonly chartsHref: string;
}

/** A file of `results/<runId>/`. */
export interface Exporter {
  readonly file: string;
  /** Files are written in this order; gaps allow insertions. */
  readonly order: number;
  /** Present for files that `run --set report=false` leaves out. */
  readonly shows?: 'report';
  /** null: the run has no such file. */
  readonly content: (source: ExportSource) => string | null;
}
