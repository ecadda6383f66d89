import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { ReportContext } from '../../context.ts';
import { findingOf } from '../data/finding.ts';
import { framed, untitled } from './frame.ts';
import { chartWords } from './words.ts';

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
export type ChartSection = Category | 'overview' | 'layers' | 'why' | 'engines' | 'options' | 'effects';

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

/** A chart: its question (the title), its data, and how to draw them. */
interface ChartDefinition<Data> {
  /** Name of the file that defines the chart, and of its output files. */
  readonly id: string;
  /** Suffix of the id if several charts share one. */
  readonly variant?: string;
  readonly section: ChartSection;
  /** Absent: times and rates. */
  readonly shows?: Shown;
  /** Position among all charts of a report, ascending. */
  readonly order: number;
  /** Title of a picture; with `data` null, of all pictures. */
  readonly title: Message | ((context: ReportContext, data: Data | null) => Message);
  /** Reason shown if there are no data. */
  readonly absent: Message;
  /** One entry per picture; data that do not fit continue in another. null: the run did not schedule them. */
  readonly data: (context: ReportContext) => readonly Data[] | null;
  /** Finding of the picture in one sentence; absent or null: the finding of its section. */
  readonly finding?: (data: Data, context: ReportContext) => Message | null;
  readonly draw: (data: Data, context: ChartContext) => Drawing;
}

/** A chart as the report sees it. */
export interface ChartMaker {
  readonly id: string;
  readonly order: number;
  readonly make: (context: ReportContext) => readonly Chart[];
}

/**
 * Makes a chart from its data, question and words. A file beside `index.ts` exports one or several as its default.
 */
export function defineChart<Data>(definition: ChartDefinition<Data>): ChartMaker {
  const { id, order } = definition;
  return { id, order, make: (context) => pictures(definition, context) };
}

function pictures<Data>(
  { id: kind, variant, section, shows = 'times', title, absent, data, draw, finding }: ChartDefinition<Data>,
  context: ReportContext,
): readonly Chart[] {
  const { lang } = context;
  const id = variant === undefined ? kind : `${kind}-${variant}`;
  const questionOf = (one: Data | null) =>
    translate(typeof title === 'function' ? title(context, one) : title, lang);
  const found = data(context);
  if (found?.length === 0) return [{ id, section, title: questionOf(null), absent: translate(absent, lang) }];
  const common = findingOf(section, context);
  const questions = (found ?? []).map(questionOf);
  return (found ?? []).map((one, i) => {
    const what = questions[i] ?? '';
    const part = questions.slice(0, i + 1).filter((each) => each === what).length;
    const all = questions.filter((each) => each === what).length;
    const numbered = all === 1 ? what : translate(chartWords.partOf({ what, part, all }), lang);
    const page = { id: i === 0 ? id : `${id}-${i + 1}`, section, title: numbered };
    return {
      ...page,
      ...framed(context, page.title, draw(one, { ...context, narrow: false }), {
        own: finding?.(one, context) ?? null,
        common,
        shows,
      }),
      narrow: untitled(context, draw(one, { ...context, narrow: true })),
    };
  });
}
