import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { EffectRow } from '../../../core/model/analysis/analysis.ts';
import type { Design } from '../../../core/model/run/design.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  type Block,
  chapter,
  list,
  number,
  paragraph,
  strong,
  text,
} from '../../../report/document/document.ts';
import { formatRatioEstimate } from '../../../report/document/format.ts';
import { subjectLabel } from '../../../report/document/labels.ts';
import { type TableColumn, tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import {
  claimsIn,
  levelSentence,
  levelWords,
  mainEffects,
  restOf,
} from '../../../report/findings/effects.ts';
import { rawRatio } from '../../../report/findings/row-guards.ts';
import type { Section } from '../../../report/sections/section.ts';
import { isClaim } from '../../../report/tables/direct-table.ts';
import { words as shared } from '../../../report/words/common.ts';
import { metricName } from '../../../report/words/metric.ts';
import { verdictInline } from '../../../report/words/verdict.ts';

const words = messages('section.effects', {
  title: 'Options of runtimes',
  intro:
    'What each option of a runtime changes, value ÷ reference: the geometric mean over the other options, within each block. The table lists the main metric of every workload. Claims are corrected within each effect. Figures: effects.csv.',
  gist: '{n, plural, =0 {no difference is claimed} one {{n} difference is claimed} other {{n} differences are claimed}}',
  design: '{name}: options of {base}',
  full: 'All {n} combinations of {factors} were planned; the first value of each is its reference.',
  factor: '{name} ({levels})',
  mains: 'Main effects of {name}',
  interactions: 'Claimed interactions of {name}',
  interactionsIntro:
    'An interaction is the factor by which the other option’s value multiplies the effect of the first. Interactions: {rest}.',
  both: '{one}, with {other}',
  workload: 'workload',
  ratio: 'ratio [CI]',
  holds: 'also includes',
  option: 'options',
  missing: 'Unknown: {what}:',
});

/** Section on the effects of a runtime's options. */
export default {
  id: 'effects',
  order: 325,
  blocks(context) {
    const { analysis, run, t } = context;
    const { effects } = analysis;
    const { designs = [] } = run.config;
    if (effects === undefined) return [];
    const n = claimsIn(effects);
    return [
      chapter({ title: t(words.title), id: 'effects', gist: [text(t(words.gist({ n })))], open: true }, [
        paragraph(text(t(words.intro))),
        ...designs.flatMap((design) => {
          const own = effects.filter((row) => row.design === design.name);
          return own.length === 0 ? [] : designBlocks(design, own, context);
        }),
      ]),
    ];
  },
} satisfies Section;

function designBlocks(design: Design, rows: readonly EffectRow[], context: ReportContext): readonly Block[] {
  const { t } = context;
  const { name, base } = design;
  const mains = mainEffects(rows);
  const sentences = mains.flatMap((own) => levelSentence(own, context) ?? []);
  return [
    paragraph(strong(t(words.design({ name, base })))),
    paragraph(text(t(describeArms(design)))),
    ...list(sentences.map((sentence) => [text(t(sentence))])),
    ...mainTable(name, mains, context),
    ...interactionBlocks(name, rows, context),
    ...untold(mains.flat(), context),
  ];
}

function describeArms({ factors, arms }: Design): Message {
  const named = factors.map(({ name, levels }) => words.factor({ name, levels: levels.join(', ') }));
  return words.full({ n: arms.length, factors: listed(named, 'and') });
}

function mainTable(
  name: string,
  mains: readonly (readonly EffectRow[])[],
  context: ReportContext,
): readonly Block[] {
  const told = mains.map((own) => own.filter(({ ratio }) => ratio !== null)).filter((own) => own.length > 0);
  if (told.length === 0) return [];
  const aliased = told.flat().some(({ aliases }) => aliases.length > 0);
  return [
    tableOf(
      told.flatMap((own) => [...own.slice(0, 1).map((first) => ({ over: levelWords(first) })), ...own]),
      [...columnsOf(context), aliased && [words.holds, ({ aliases }) => aliases.join(', ')]],
      context.lang,
      words.mains({ name }),
    ),
  ];
}

function interactionBlocks(
  name: string,
  rows: readonly EffectRow[],
  context: ReportContext,
): readonly Block[] {
  const { t } = context;
  const all = rows.filter(({ beside }) => beside !== undefined);
  if (all.length === 0) return [];
  const claimed = all.filter(isClaim);
  const intro = paragraph(text(t(words.interactionsIntro({ rest: restOf(all) }))));
  if (claimed.length === 0) return [intro];
  return [
    intro,
    tableOf(
      claimed,
      [[words.option, bothOf], ...columnsOf(context)],
      context.lang,
      words.interactions({ name }),
    ),
  ];
}

function bothOf(row: EffectRow): Message {
  return words.both({ one: levelWords(row), other: row.beside === undefined ? '' : levelWords(row.beside) });
}

function columnsOf({ t, lang }: ReportContext): readonly TableColumn<EffectRow>[] {
  return [
    [words.workload, (row) => `${subjectLabel(row)}${t(shared.colon)}${metricName(row.metric ?? '', lang)}`],
    [
      words.ratio,
      (row) => {
        const raw = rawRatio(row);
        return raw && number(formatRatioEstimate(raw, lang), raw.ratio);
      },
      'right',
    ],
    [shared.verdict, (row) => verdictInline(row, t)],
  ];
}

/** Why main effects are missing: each distinct reason once. */
function untold(mains: readonly EffectRow[], { t, lang }: ReportContext): readonly Block[] {
  const missing = mains.filter(({ ratio }) => ratio === null);
  const first = new Map(missing.toReversed().map((row) => [`${row.factor} ${row.level} ${row.note}`, row]));
  return list(
    [...first.values()]
      .toReversed()
      .map((row) => [text(`${t(words.missing({ what: levelWords(row) }))} `), quoted(row, 'note', lang)]),
  );
}
