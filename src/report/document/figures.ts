import { joined } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Chart, ChartSection, Spec } from '../charts/index.ts';
import type { ReportContext } from '../context.ts';
import type { Block } from './document.ts';

const words = messages('report.figure', {
  more: '{n} more {n, plural, one {mark} other {marks}}',
});

/** Maximum number of marks in an alternative text: more would be tiring to hear. */
const maxMarks = 8;

/** Figures of the charts of a section that have data. */
export function figures(
  charts: readonly Chart[],
  section: ChartSection,
  { t }: Pick<ReportContext, 't'>,
): readonly Block[] {
  return charts.flatMap((chart): readonly Block[] => {
    if (chart.section !== section || 'absent' in chart) return [];
    const { id, title, caption, spec } = chart;
    const marks = [...new Set(tipsIn(spec))];
    const figure = { kind: 'figure', chart: id, title, caption } as const;
    return [marks.length === 0 ? figure : { ...figure, seen: t(seenOf(marks)) }];
  });
}

/** Texts of the first marks, and the number of further ones. */
function seenOf(marks: readonly string[]): Message {
  const more = marks.length - maxMarks;
  return joined([...marks.slice(0, maxMarks), ...(more > 0 ? [words.more({ n: more })] : [])], 'semicolon');
}

/** The tooltips of all data of a specification, one line each. */
function tipsIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(tipsIn);
  if (typeof node !== 'object' || node === null) return [];
  const { tip, ...rest } = node as Spec;
  const own = typeof tip === 'string' ? [tip.replaceAll('\n', ', ')] : [];
  return [...own, ...Object.values(rest).flatMap(tipsIn)];
}
