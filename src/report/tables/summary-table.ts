import { messages } from '../../core/messages/define.ts';
import type { Lang } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import type { Analysis, SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import { type Translate, unavailableRuntimes } from '../context.ts';
import {
  type Block,
  heading,
  type Inline,
  list,
  quiet,
  runtimeName,
  type Text,
  text,
} from '../document/document.ts';
import { formatRatioEstimate } from '../document/format.ts';
import { briefSubject, byTests, commonParams, groupBy, subjectLabel } from '../document/labels.ts';
import { cut, type TableCell, type TableColumn, tableOf } from '../document/make-table.ts';
import { quoted } from '../document/quotes.ts';
import { terminalText } from '../document/sanitize.ts';
import {
  atPlace,
  type CategorySummary,
  categoryRatio,
  categorySummaries,
  extremeRatio,
  mainEstimate,
  placeName,
  subjectCount,
} from '../findings/category-summary.ts';
import { type CostStanding, type HeadlineCost, standings } from '../findings/headline-cost.ts';
import { unavailableItems } from '../findings/unavailable.ts';
import { type TerminalOptions, terminalLines } from '../renderers/terminal.ts';
import { words as summaryWords } from '../sections/answers/summary.ts';
import { categoryNames } from '../words/category.ts';
import { words as shared } from '../words/common.ts';
import { standingCosts, standingSigns, standingTones } from '../words/verdict.ts';

const absencesWords = messages('table', {
  moreAbsent: 'and {n} more {n, plural, one {reason} other {reasons}}: see report.md',
  allAbsent: '{n} {n, plural, one {reason} other {reasons}}: see report.md',
});

/**
 * Lists runtimes that cannot run here, and tests without any value, grouped by reason; after `room` lines, only
 * the number of remaining reasons.
 */
export function absences(
  run: RunRecord,
  analysis: Analysis,
  options: TerminalOptions,
  room: number,
): readonly Block[] {
  const t: Translate = (message) => translate(message, options.lang);
  const all = [
    ...unavailableItems(run.runtimes, shared.fix, options.lang),
    ...emptyCells(run, analysis, options),
  ];
  if (all.length === 0) return [];
  const shown = all.filter((_, i) => terminalLines(list(all.slice(0, i + 1)), options).length <= room - 2);
  const n = all.length - shown.length;
  const rest = (shown.length === 0 ? absencesWords.allAbsent : absencesWords.moreAbsent)({ n });
  const items = n === 0 ? shown : [...shown, [text(t(rest))]];
  return [heading(2, t(shared.notMeasured)), ...list(items)];
}

/** Tests that are named beside a reason: so many, in so many characters. More are counted. */
const maxNamed = { tests: 4, characters: 120 } as const;

function emptyCells(run: RunRecord, analysis: Analysis, { lang }: TerminalOptions): readonly Text[] {
  const gone = new Set(unavailableRuntimes({ run }));
  const empty = analysis.rows.filter(
    (row) => row.n === 0 && !gone.has(row.runtime) && (row.headline || row.metric === null),
  );
  return groupBy(empty, ({ note }) => note).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const where = byTests(group.map((row) => ({ runtime: row.runtime, test: subjectLabel(row) }))).map(
      ({ runtimes, tests }) => {
        const n = tests.length;
        const all = tests.join(', ');
        const isShort = n <= maxNamed.tests && all.length <= maxNamed.characters;
        const named = isShort ? all : translate(shared.subjects({ count: String(n), n }), lang);
        return `${runtimes.map((name) => terminalText(name, 40)).join(', ')}, ${terminalText(named, 240)}`;
      },
    );
    return [
      [
        text(where.join(translate(shared.semicolon, lang))),
        text(translate(shared.colon, lang)),
        quoted(first, 'note', lang),
      ],
    ];
  });
}

const words = messages('table', {
  counts: 'Number of tests: {signs}',
  full: 'All tests are in report.md and report.html, all metrics in summary.csv.',
});

/** Maximum length of subject names; longer ones drop the names of their parameters. */
const maxSubject = 14;

/** Narrower tables show the highest and the lowest ratio without the names of their subjects. */
const roomyWidth = 96;

/**
 * The headlines of many subjects for a terminal: one line per category and runtime with its verdict, cost and interval, the
 * highest and the lowest ratio, and the number of each verdict.
 */
export function summaryTable(
  rows: readonly SummaryRow[],
  { baseline, categories }: Pick<Analysis, 'baseline' | 'categories'>,
  { lang, width }: TerminalOptions,
): readonly Block[] {
  const t: Translate = (message) => translate(message, lang);
  const summaries = categorySummaries(rows, baseline, categories);
  const present = standings.filter((standing) => summaries.some(({ counts }) => counts[standing] > 0));
  const dropped = commonParams(rows);
  const extreme = (item: HeadlineCost | undefined) => {
    if (item === undefined) return null;
    const ratio = extremeRatio(item, lang);
    if (width < roomyWidth) return ratio;
    return `${ratio} ${terminalText(briefSubject(item.row, dropped, maxSubject), 120)}`;
  };
  const lines = groupBy(summaries, ({ category }) => category).flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { category, subjects } = first;
    const count = t(shared.subjects({ count: String(subjects), n: subjects }));
    return [
      { over: `${t(categoryNames[category])} (${count})` },
      ...group.flatMap((summary) => [{ summary, other: null }, ...otherPlaces(summary)]),
    ];
  });
  const main =
    (cell: (summary: CategorySummary) => TableCell) =>
    ({ summary, other }: Line) =>
      other === null ? cell(summary) : null;
  return [
    quiet(t(summaryWords.intro({ subjects: subjectCount(rows), baseline: terminalText(baseline, 30) }))),
    quiet(
      t(
        words.counts({
          signs: present.map((one) => `${standingSigns[one]} ${t(standingCosts[one])}`).join(' · '),
        }),
      ),
    ),
    tableOf(
      lines,
      [
        [shared.runtime, main(({ runtime }) => runtimeName(runtime)), cut(16)],
        [summaryWords.cost, (line) => costOf(line, lang)],
        [summaryWords.worst, main(({ costs }) => extreme(costs[0])), cut(undefined, 0)],
        [
          summaryWords.best,
          main(({ costs }) => (costs.length > 1 ? extreme(costs.at(-1)) : null)),
          cut(undefined, 0),
        ],
        ...present.map(
          (standing): TableColumn<Line> => [
            standingSigns[standing],
            main(({ counts }) => toned(standing, counts[standing] === 0 ? '' : String(counts[standing]))),
            'right',
          ],
        ),
      ],
      lang,
    ),
    quiet(t(words.full)),
  ];
}

/** A category under a runtime at its main place, or at another layer or engine. */
interface Line {
  readonly summary: CategorySummary;
  readonly other: CategorySummary['estimates'][number] | null;
}

/** Lines of further layers and engines, below the main place. */
function otherPlaces(summary: CategorySummary): readonly Line[] {
  const main = mainEstimate(summary);
  return summary.estimates
    .filter((one) => main !== null && one !== main)
    .map((other) => ({ summary, other }));
}

/** `▼ 0.79× [0.71, 0.88]` */
function costOf({ summary, other }: Line, lang: Lang): TableCell {
  const shown =
    other === null
      ? categoryRatio(summary, lang)
      : atPlace(formatRatioEstimate(other.cost, lang), placeName(other));
  const { standing } = other ?? mainEstimate(summary) ?? { standing: 'inconclusive' };
  return shown === '' ? null : toned(standing, `${standingSigns[standing]} ${shown}`);
}

function toned(standing: CostStanding, shown: string): Inline {
  const tone = standingTones[standing];
  return { kind: 'text', text: shown, ...(tone === undefined ? {} : { tone }) };
}
