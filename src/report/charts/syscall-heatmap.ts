import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import { translate } from '../../core/messages/translate.ts';
import { type ReportContext, unavailableRuntimes } from '../context.ts';
import { formatRatio, formatValue } from '../document/format.ts';
import { plainText } from '../document/sanitize.ts';
import { cutMiddle } from '../document/wrap.ts';
import { costRatio } from '../findings/row-guards.ts';
import { isClaim } from '../tables/direct-table.ts';
import { type CallRow, callRows, operationRows } from './data/call-rows.ts';
import { defineChart } from './grammar/define.ts';
import { rowTip } from './grammar/dots.ts';
import { clipRatio, type HeatCell, heatMap } from './grammar/heat-map.ts';
import { phoneWidth } from './grammar/layout.ts';
import { chartName, runtimesOf } from './grammar/palette.ts';

const words = messages('chart.syscall-heatmap', {
  title: 'System calls one by one: cost relative to {baseline}',
  caption: 'First column: median under the baseline; others: paired ratio (pale and ?: inconclusive)',
  missing: '–: not measured',
  some: '{shown} of {all}, the conclusive ones furthest from 1×, likely overstated',
  single: 'name(): timed by stress-ng',
  leftOut: '{runtimes}: no difference claimed here, left out',
  legend: 'cost ÷ cost of {baseline} (log scale)',
  absent: 'no cost of a system call has a ratio to the baseline',
});

const maxRows = 40;
/** Rows per panel; panels are side by side. */
const panelRows = 20;
/** Width of names on a phone, px. */
const phoneNames = 112;

/**
 * System calls × runtimes, coloured by the cost ratio around 1×. Rows are operations with their own workload, then single calls
 * of stress-ng; of each, those whose conclusive ratios are farthest from 1×.
 */
export default defineChart({
  id: 'syscall-heatmap',
  section: 'syscall',
  order: 90,
  title: ({ analysis }) => words.title({ baseline: plainText(analysis.baseline) }),
  absent: words.absent,
  data(context) {
    const found = [...operationRows(context), ...callRows(context)];
    const shown = found.slice(0, maxRows).toSorted((a, b) => b.worst - a.worst);
    return found.length === 0 ? [] : [{ shown, all: found.length }];
  },
  draw({ shown, all }, context) {
    const { analysis, lang, narrow } = context;
    const gone = new Set(unavailableRuntimes(context));
    const members = shown.flatMap((row) => row.members);
    const measured = runtimesOf(members, context).filter(
      (name) => name !== analysis.baseline && !gone.has(name),
    );
    // A column of question marks says one thing, which the caption says in a line.
    const telling = measured.filter((name) => members.some((row) => row.runtime === name && isClaim(row)));
    const runtimes = telling.length === 0 ? measured : telling;
    const silent = measured.filter((name) => !runtimes.includes(name)).map(chartName);
    const panels = narrow ? 1 : Math.min(3, Math.ceil(shown.length / panelRows));
    const size = Math.ceil(shown.length / panels);
    const wide = runtimes.length <= 4 && runtimes.some((name) => chartName(name).length > 9);
    const columnWidth = narrow
      ? Math.max(36, Math.floor((phoneWidth - phoneNames) / (runtimes.length + 1)))
      : runtimes.length <= 2
        ? 110
        : wide
          ? 92
          : 72;
    const columns = [analysis.baseline, ...runtimes].map((runtime) => ({
      runtime,
      name: cutMiddle(chartName(runtime), Math.floor(columnWidth / 6.7)),
    }));
    const cells = (row: CallRow) =>
      columns.map(
        ({ runtime, name }): HeatCell => ({
          call: cutMiddle(row.name, narrow ? 16 : 26),
          column: name,
          runtime: chartName(runtime),
          ...cellOf(row, runtime, context),
        }),
      );
    const legend = words.legend({ baseline: plainText(analysis.baseline) });
    return {
      caption: [
        words.caption,
        shown.some((row) => runtimes.some((name) => !row.members.some(({ runtime }) => runtime === name))) &&
          words.missing,
        shown.length < all && words.some({ shown: shown.length, all }),
        shown.some(({ name }) => name.endsWith('()')) && words.single,
        silent.length > 0 && words.leftOut({ runtimes: listed(silent, 'comma') }),
      ],
      runtimes: [analysis.baseline, ...runtimes],
      columns: Math.max(92, Math.floor((panels * (150 + (runtimes.length + 1) * columnWidth)) / 6.4)),
      counts: members.map((row) => row.n),
      view: heatMap({
        panels: Array.from({ length: panels }, (_, i) =>
          shown.slice(i * size, (i + 1) * size).flatMap(cells),
        ),
        columns: columns.map(({ name }) => name),
        columnWidth,
        narrow,
        // At least a factor of two in either direction.
        limit: Math.max(2, ...shown.map(({ extent }) => clipRatio(extent))),
        legend: translate(legend, lang),
      }),
    };
  },
});

/** Text of a cell: the baseline's own time, a ratio to it, or a dash if missing. */
function cellOf(
  { name, members }: CallRow,
  runtime: string,
  context: ReportContext,
): Pick<HeatCell, 'label' | 'ratio' | 'tip' | 'unsure'> {
  const { analysis, lang } = context;
  const row = members.find((member) => member.runtime === runtime);
  const none = { ratio: null, unsure: false };
  if (row === undefined) return { label: '–', ...none, tip: `${runtime}, ${name}` };
  const tip = rowTip(row, context);
  if (runtime === analysis.baseline) return { label: formatValue(row.median, 'ns', lang), ...none, tip };
  const cost = costRatio(row);
  if (cost === null) return { label: '–', ...none, tip };
  const unsure = row.verdict === 'inconclusive';
  const doubt = unsure ? '\u00a0?' : '';
  return { label: `${formatRatio(cost.ratio, lang)}${doubt}`, ratio: cost.ratio, unsure, tip };
}
