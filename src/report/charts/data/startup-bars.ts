import type { Message } from '../../../messages/message.ts';
import type { ValueRow } from '../../comparison.ts';
import { type ChartMaker, defineChart } from '../grammar/define.ts';
import { pictureGrid } from '../grammar/facets.ts';
import { type BarPart, stackedBars } from '../grammar/stacked-bars.ts';
import { importantSubjects, subjectsLeftOut } from './important-subjects.ts';
import { startupRows } from './startup-samples.ts';

interface StartupBars {
  readonly id: string;
  readonly order: number;
  readonly words: Readonly<Record<'title' | 'caption' | 'absent', Message>>;
  /** From left to right: name and colour of a part, and the metric of its size, ns. */
  readonly parts: readonly (Omit<BarPart, 'rows'> & { readonly metric: string })[];
  readonly axisTitle: (unit: string) => Message;
  /** Is the row drawn in its bar? */
  readonly isShown?: (row: ValueRow, all: readonly ValueRow[]) => boolean;
}

/** A chart of stacked medians of single starts: a small picture per subject, as many as fit. */
export function startupBarChart({ words, parts, axisTitle, isShown, ...chart }: StartupBars): ChartMaker {
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
    draw: (subjects, context) => ({
      caption: [words.caption, subjectsLeftOut(subjects)],
      columns: pictureGrid(subjects.shown).subtitle,
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
      }),
    }),
  });
}
