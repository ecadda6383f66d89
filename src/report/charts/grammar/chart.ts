import type { Lang, Message } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/workload/metric.ts';
import type { ReportContext } from '../../context.ts';

/**
 * A Vega-Lite v6 specification, or a part of one, as a plain object. A test validates each against Vega-Lite's own
 * schema.
 */
export type Spec = Readonly<Record<string, unknown>>;

/** Medium and language that a chart is drawn for. */
export interface Room {
  readonly lang: Lang;
  /** True: for a phone; false: for a slide, a page or a file. */
  readonly narrow: boolean;
}

/** Data of a chart, and the medium it is drawn for. */
export interface ChartContext extends ReportContext, Room {}

/** The section of the report that a chart belongs to. */
export type ChartSection = Category | 'overview' | 'layers';

/** A chart, or why there is none. `caption`: how to read it; `narrow`: the same chart for a phone, without title. */
export type Chart = {
  readonly id: string;
  readonly section: ChartSection;
  readonly title: string;
} & ({ readonly caption: string; readonly spec: Spec; readonly narrow: Spec } | { readonly absent: string });

/** What the figures of a chart are: what an emulator does to them differs. */
export type Shown = 'times' | 'memory' | 'both';

/** How a chart shows its data. */
export interface Drawing {
  /** Clauses of one sentence on how to read the chart; `false` is left out. */
  readonly caption: readonly (Message | false)[];
  /** The runtimes that the chart shows. */
  readonly runtimes: readonly string[];
  /** Number of values behind each point. */
  readonly counts: readonly number[];
  /** Characters per line of the subtitle (default 108): more if labels make the picture wide. */
  readonly columns?: number;
  /** The specification without title, schema and config. */
  readonly view: Spec;
}
