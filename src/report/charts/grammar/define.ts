import type { Message } from '../../../messages/message.ts';
import { translate } from '../../../messages/translate.ts';
import type { Category } from '../../../model/metric.ts';
import type { ReportContext } from '../../context.ts';
import { framed } from './frame.ts';
import { chartWords } from './words.ts';

/** A Vega-Lite v6 specification, or a part of one, as a plain object; a test validates each against Vega-Lite's own schema. */
export type Spec = Readonly<Record<string, unknown>>;

/** The part of the report that a chart belongs to. */
export type ChartSection = Category | 'overview' | 'noise';

/** A chart in its place, or why there is none. `caption` says how to read it. */
export type Chart = {
  readonly id: string;
  readonly section: ChartSection;
  readonly title: string;
} & ({ readonly caption: string; readonly spec: Spec } | { readonly absent: string });

/** What is drawn of some data. */
export interface Drawing {
  /** How to read it: clauses of one sentence; what is false is left out. */
  readonly caption: readonly (Message | false)[];
  /** Number of values behind each point. */
  readonly counts: readonly number[];
  /** Characters of a subtitle's line (108): more where labels make the picture wide. */
  readonly columns?: number;
  /** Everything but title, schema and config. */
  readonly view: Spec;
}

/** A chart: the question that it answers (its title), its data, and how they are drawn. */
interface ChartDefinition<Data> {
  /** The name of the file that defines the chart, and of the files that hold it. */
  readonly id: string;
  /** Which of several charts of that id: their names go on with it. */
  readonly variant?: string;
  readonly section: ChartSection;
  /** Of all charts of a report, ascending. */
  readonly order: number;
  readonly title: Message | ((context: ReportContext) => Message);
  /** Why there is no picture where there are no data. */
  readonly absent: Message;
  /** One entry per picture, as what one has no room for goes on in a further one; null: the run did not plan what this is about. */
  readonly data: (context: ReportContext) => readonly Data[] | null;
  readonly draw: (data: Data, context: ReportContext) => Drawing;
}

/** A chart as the report sees it. */
export interface ChartMaker {
  readonly id: string;
  readonly order: number;
  readonly make: (context: ReportContext) => readonly Chart[];
}

/** Makes a chart out of its data, question and words. A file beside `index.ts` exports one, or several, as its default. */
export function defineChart<Data>(definition: ChartDefinition<Data>): ChartMaker {
  const { id, order } = definition;
  return { id, order, make: (context) => pictures(definition, context) };
}

function pictures<Data>(
  { id: kind, variant, section, title, absent, data, draw }: ChartDefinition<Data>,
  context: ReportContext,
): readonly Chart[] {
  const { lang } = context;
  const id = variant === undefined ? kind : `${kind}-${variant}`;
  const question = typeof title === 'function' ? title(context) : title;
  const found = data(context);
  if (found?.length === 0)
    return [{ id, section, title: translate(question, lang), absent: translate(absent, lang) }];
  return (found ?? []).map((one, i, { length: all }) => {
    const numbered = all === 1 ? question : chartWords.partOf({ what: question, part: i + 1, all });
    const page = { id: i === 0 ? id : `${id}-${i + 1}`, section, title: translate(numbered, lang) };
    return { ...page, ...framed(context, page.title, draw(one, context)) };
  });
}
