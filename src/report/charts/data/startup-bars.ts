import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { ReportContext } from '../../context.ts';
import { subjectLabel } from '../../document/labels.ts';
import { headlineCosts, standingOf } from '../../findings/headline-cost.ts';
import type { ValueRow } from '../../findings/row-guards.ts';
import { type ChartMaker, defineChart } from '../grammar/define.ts';
import { pictureGrid } from '../grammar/facets.ts';
import { runtimesOf } from '../grammar/palette.ts';
import { type BarPart, barOf, stackedBars } from '../grammar/stacked-bars.ts';
import { chartWords } from '../grammar/words.ts';
import { startupRows } from './startup-samples.ts';
import { valueFinding } from './value-finding.ts';

/** The rows of the most important subjects, as many as fit. */
interface ImportantSubjects<T> {
  readonly rows: readonly T[];
  /** Number of subjects drawn; `total`: number of all subjects. */
  readonly shown: number;
  readonly total: number;
}

/** Maximum number of subjects: more runtimes make higher pictures. */
const maxPictures = (runtimes: number) => (runtimes > 4 ? 4 : 6);

/**
 * The rows of the subjects that fit. If not all fit, subjects with a claimed difference come first, then by distance of the
 * cost from the baseline's.
 */
export function importantSubjects<T extends SummaryRow>(
  rows: readonly T[],
  context: ReportContext,
): ImportantSubjects<T> {
  const subjects = [...new Set(rows.map(subjectLabel))];
  const runtimes = new Set(rows.map(({ runtime }) => runtime)).size;
  const most = maxPictures(runtimes);
  const bySubject = Map.groupBy(headlineCosts(context.rows, context.analysis.baseline), ({ row }) =>
    subjectLabel(row),
  );
  const weights = new Map(subjects.map((subject) => [subject, weightOf(bySubject.get(subject) ?? [])]));
  const weight = (subject: string) => weights.get(subject) ?? { claimed: 0, effect: 0 };
  const chosen =
    subjects.length <= most
      ? subjects
      : subjects
          .toSorted((a, b) => weight(b).claimed - weight(a).claimed || weight(b).effect - weight(a).effect)
          .slice(0, most);
  return {
    rows: chosen.flatMap((subject) => rows.filter((row) => subjectLabel(row) === subject)),
    shown: chosen.length,
    total: subjects.length,
  };
}

/**
 * Sort key of a subject: 1 if any difference is claimed, else 0; then the largest distance from the baseline (log of the
 * ratio).
 */
function weightOf(costs: ReturnType<typeof headlineCosts>) {
  const isClaim = (row: SummaryRow) => ['worse', 'better', 'differs'].includes(standingOf(row) ?? '');
  const claims = costs.filter(({ row }) => isClaim(row));
  const some = claims.length > 0 ? claims : costs;
  return {
    claimed: claims.length > 0 ? 1 : 0,
    effect: Math.max(0, ...some.map(({ cost }) => Math.abs(Math.log(cost.ratio)))),
  };
}

/** Note for the caption if not all subjects are drawn. */
export function subjectsLeftOut({ shown, total }: ImportantSubjects<unknown>): Message | false {
  return shown < total && chartWords.subjectsShown({ shown, all: total });
}

interface StartupBars {
  readonly id: string;
  readonly order: number;
  readonly words: Readonly<Record<'title' | 'caption' | 'absent', Message>>;
  /** Parts from left to right: name, colour, and the metric of the size, ns. */
  readonly parts: readonly (Omit<BarPart, 'rows'> & { readonly metric: string })[];
  readonly axisTitle: (unit: string) => Message;
  readonly whole?: WholeBar;
  /** Print the ratio to the baseline on each part? */
  readonly ratios?: boolean;
}

/** The metric that a whole bar shows. `beside`: text after its sum. */
interface WholeBar {
  readonly metric: string;
  readonly rest?: Omit<BarPart, 'rows'>;
  readonly beside: (row: ValueRow, context: ReportContext) => string;
}

/** A chart of stacked medians of single starts: one small picture per subject, as many as fit. */
export function startupBarChart({
  words,
  parts,
  axisTitle,
  whole,
  ratios = false,
  ...chart
}: StartupBars): ChartMaker {
  return defineChart({
    ...chart,
    section: 'startup',
    title: words.title,
    absent: words.absent,
    data(context) {
      const rows = startupRows(context).filter((row) => parts.some(({ metric }) => metric === row.metric));
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
  whole: WholeBar | undefined,
  parts: readonly ValueRow[],
  context: ReportContext,
): readonly ValueRow[] {
  const bars = new Set(parts.map(barOf));
  return startupRows(context).filter((row) => row.metric === whole?.metric && bars.has(barOf(row)));
}

/** Text after the sum of a bar, given one of its rows; empty for the baseline. */
function besideOf({ metric, beside }: WholeBar, context: ReportContext): (row: ValueRow) => string {
  const wholes = startupRows(context).filter((row) => row.metric === metric);
  return (part) => {
    const row = wholes.find((one) => barOf(one) === barOf(part));
    return row === undefined || row.runtime === context.analysis.baseline ? '' : beside(row, context);
  };
}
