import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { ReportContext } from '../../context.ts';
import {
  type Block,
  code,
  list,
  paragraph,
  runtimeName,
  strong,
  type Text,
  text,
} from '../../document/document.ts';
import { formatCount, formatRatioEstimate } from '../../document/format.ts';
import { subjectLabel } from '../../document/labels.ts';
import { plainText } from '../../document/sanitize.ts';
import {
  edgeRows,
  extending,
  needsText,
  type OpenCategory,
  type OpenRow,
  openCategories,
  openRows,
} from '../../findings/open-rows.ts';
import { rawRatio } from '../../findings/row-guards.ts';
import { categoryInText } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';
import { ratioText } from './category-sentences.ts';

const words = messages('section.openQuestions', {
  title: 'What more measuring would decide',
  intro: ', shortest first. One command takes several tests, separated by commas.',
  more: '{n} more tests would take at least as long.',
  category: '{category} ({n} tests), {ratio}',
  edge: 'Close to ±{band}',
  edgeIntro: '; more blocks may not decide these{colon}{rows}.',
  edgeRow: '{runtime}, {subject}{ratio}',
});

const maxItems = 8;

/** Effort that would decide inconclusive headlines, with the command that extends the run; empty if none can be decided. */
export function openQuestions(context: ReportContext): readonly Block[] {
  const { rows, analysis, lang, t } = context;
  const categories = openCategories(analysis.categories).map((one) => categoryItem(one, context));
  const open = openRows(rows);
  const edge = edgeParagraph(context);
  if (categories.length + open.length === 0) return edge;
  const hidden = open.length - maxItems;
  return [
    paragraph(strong(t(words.title)), text(t(words.intro))),
    ...list([
      ...categories,
      ...open.slice(0, maxItems).map((row) => item(row, context)),
      ...(hidden > 0 ? [[text(t(words.more({ n: formatCount(hidden, lang) })))]] : []),
    ]),
    ...edge,
  ];
}

/** Paragraph on headlines at the edge of the practical threshold; empty if there are none. */
function edgeParagraph(context: ReportContext): readonly Block[] {
  const { rows, analysis, band, t } = context;
  const found = edgeRows(rows, analysis.thresholds.practical);
  if (found.length === 0) return [];
  const named = found.map((row) =>
    words.edgeRow({
      runtime: plainText(row.runtime),
      subject: subjectLabel(row),
      ratio: ratioOf(row, context),
    }),
  );
  const values = { rows: listed(named, 'semicolon'), colon: shared.colon };
  return [paragraph(strong(t(words.edge({ band }))), text(t(words.edgeIntro(values))))];
}

/** `crun`, starting and stopping (12 tests), 0.95× [0.88, 1.03]: about 2 min more would give …: `ocibench run --resume …` */
function categoryItem(one: OpenCategory, context: ReportContext): Text {
  const { lang } = context;
  const { category, subjects, cost: ratio, low, high } = one;
  const about = words.category({
    category: categoryInText[category],
    n: formatCount(subjects, lang),
    ratio: formatRatioEstimate({ ratio, low, high }, lang),
  });
  return asked(one, context.t(about), context);
}

/** `crun`, startup/echo, 0.89× [0.79, 1.04]: about 11 min more would give …: `ocibench run --resume …` */
function item(row: OpenRow, context: ReportContext): Text {
  return asked(row, `${subjectLabel(row)}${ratioOf(row, context)}`, context);
}

function ratioOf(row: SummaryRow, context: ReportContext): string {
  const raw = rawRatio(row);
  return raw === null ? '' : `, ${ratioText(raw, context)}`;
}

/** The open question about a runtime, the effort, and the command. */
function asked(
  { runtime, needs }: Pick<OpenRow, 'runtime' | 'needs'>,
  about: string,
  { run, lang, t }: ReportContext,
): Text {
  const whole = `, ${about}${t(shared.colon)}${t(needsText(needs, lang))}${t(shared.colon)}`;
  return [runtimeName(runtime), text(whole), code(t(extending(run, needs)))];
}
