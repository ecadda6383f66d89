import type { Message } from '../../../core/messages/message.ts';
import type { ValueRow } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import { type ChartMaker, defineChart } from '../grammar/define.ts';
import { pictureGrid } from '../grammar/facets.ts';
import { runtimesOf } from '../grammar/palette.ts';
import { type BarPart, barOf, stackedBars } from '../grammar/stacked-bars.ts';
import { chartWords } from '../grammar/words.ts';
import { importantSubjects, subjectsLeftOut } from './important-subjects.ts';
import { startupRows } from './startup-samples.ts';
import { valueFinding } from './value-finding.ts';

interface StartupBars {
  readonly id: string;
  readonly order: number;
  readonly words: Readonly<Record<'title' | 'caption' | 'absent', Message>>;
  /** From left to right: name and colour of a part, and the metric of its size, ns. */
  readonly parts: readonly (Omit<BarPart, 'rows'> & { readonly metric: string })[];
  readonly axisTitle: (unit: string) => Message;
  readonly whole?: Whole;
  /** Does a part have the ratio to the baseline's printed on it? */
  readonly ratios?: boolean;
  /** Is the row drawn in its bar? */
  readonly isShown?: (row: ValueRow, all: readonly ValueRow[]) => boolean;
}

/** The metric of a whole bar, and what stands behind its sum, from the whole and the baseline's of the same subject. */
interface Whole {
  readonly metric: string;
  readonly rest?: Omit<BarPart, 'rows'>;
  readonly beside: (row: ValueRow, base: ValueRow | undefined, context: ReportContext) => string;
}

/** A chart of stacked medians of single starts: a small picture per subject, as many as fit. */
export function startupBarChart({
  words,
  parts,
  axisTitle,
  whole,
  ratios = false,
  isShown,
  ...chart
}: StartupBars): ChartMaker {
  return defineChart({
    ...chart,
    section: 'startup',
    title: words.title,
    absent: words.absent,
    data(context) {
      const all = startupRows(context).filter((row) => parts.some(({ metric }) => metric === row.metric));
      const rows = isShown === undefined ? all : all.filter((row) => isShown(row, all));
      return rows.length === 0 ? [] : [importantSubjects(rows, context)];
    },
    finding: (subjects, context) => valueFinding(wholeRows(whole, subjects.rows, context), context),
    draw(subjects, context) {
      const runtimes = runtimesOf(subjects.rows, context);
      const wholes = wholeRows(whole, subjects.rows, context);
      return {
        caption: [
          words.caption,
          wholes.some(({ ciHigh }) => ciHigh !== null) &&
            chartWords.wholeLine({ confidence: context.confidence }),
          subjectsLeftOut(subjects),
        ],
        runtimes,
        columns: pictureGrid(subjects.shown, runtimes, context).subtitle,
        counts: subjects.rows.map((row) => row.n),
        view: stackedBars(context, {
          parts: parts
            .map(({ metric, ...part }) => ({
              ...part,
              rows: subjects.rows.filter((row) => row.metric === metric),
            }))
            .filter(({ rows }) => rows.length > 0),
          unit: 'ns',
          axisTitle,
          ratios,
          wholes,
          ...(whole?.rest !== undefined && { rest: whole.rest }),
          ...(whole !== undefined && { beside: besideOf(whole, context) }),
        }),
      };
    },
  });
}

/** The rows of the wholes of these parts' bars. */
function wholeRows(
  whole: Whole | undefined,
  parts: readonly ValueRow[],
  context: ReportContext,
): readonly ValueRow[] {
  const bars = new Set(parts.map(barOf));
  return startupRows(context).filter((row) => row.metric === whole?.metric && bars.has(barOf(row)));
}

/** What stands behind the sum of a bar, given one of its rows; nothing behind the baseline's. */
function besideOf({ metric, beside }: Whole, context: ReportContext): (row: ValueRow) => string {
  const { baseline } = context.analysis;
  const wholes = startupRows(context).filter((row) => row.metric === metric);
  return (part) => {
    const find = (runtime: string) => wholes.find((row) => barOf(row) === barOf({ ...part, runtime }));
    const row = find(part.runtime);
    return row === undefined || part.runtime === baseline ? '' : beside(row, find(baseline), context);
  };
}
