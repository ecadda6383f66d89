import { messages } from '../../../messages/define.ts';
import { rawRatio } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import { type Block, code, list, paragraph, runtimeName, strong, type Text, text } from '../../document.ts';
import { formatCount } from '../../format.ts';
import { subjectLabel } from '../../labels.ts';
import { extendCommand, needsText, type OpenRow, openRows } from '../../needs.ts';
import { words as shared } from '../../words/common.ts';
import { ratioText } from './category-sentences.ts';

const words = messages('section.openQuestions', {
  title: 'What an answer would take',
  intro: ', for what is inconclusive, the shortest first. Several go into one command, separated by commas.',
  more: '{n} more {n, plural, one {needs} other {need}} at least as long.',
});

const maxItems = 8;

/** What inconclusive headlines need for an answer, with the command that goes on with the run; nothing where none says it. */
export function openQuestions(context: ReportContext): readonly Block[] {
  const { rows, lang, t } = context;
  const open = openRows(rows);
  if (open.length === 0) return [];
  const hidden = open.length - maxItems;
  return [
    paragraph(strong(t(words.title)), text(t(words.intro))),
    ...list([
      ...open.slice(0, maxItems).map((row) => item(row, context)),
      ...(hidden > 0 ? [[text(t(words.more({ n: formatCount(hidden, lang) })))]] : []),
    ]),
  ];
}

/** `crun`, startup/echo, 0.89× [0.79, 1.04]: ±5% needs about 40 blocks …: `ocibench run --resume …` */
function item(row: OpenRow, context: ReportContext): Text {
  const { run, lang, t } = context;
  const raw = rawRatio(row);
  const ratio = raw === null ? '' : `, ${ratioText(raw, context)}`;
  const needs = `${subjectLabel(row)}${ratio}${t(shared.colon)}${t(needsText(row.needs, lang))}`;
  return [
    runtimeName(row.runtime),
    text(`, ${needs}${t(shared.colon)}`),
    code(extendCommand(run, row.needs)),
  ];
}
