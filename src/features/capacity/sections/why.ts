import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { ReportContext } from '../../../report/context.ts';
import {
  type Block,
  chapter,
  code,
  type Inline,
  number,
  paragraph,
  quiet,
  runtimeName,
  text,
} from '../../../report/document.ts';
import { figures } from '../../../report/figures.ts';
import { formatPercent, formatRatio, formatValue } from '../../../report/format.ts';
import { subjectLabel } from '../../../report/labels.ts';
import type { Section } from '../../../report/sections/section.ts';
import { tableOf } from '../../../report/table-of.ts';
import { words as shared } from '../../../report/words/common.ts';
import type { Cause } from '../predict/prediction.ts';
import { type ExplainedApplication, type Why, type Work, whyIn } from '../predict/why.ts';
import { featureName } from '../predict/words.ts';

const words = messages('section.why', {
  title: 'Why applications cost what they cost',
  recording: '@(capacity record --run {run}) && @(report {run})',
  none: 'What the applications of this run ask of the kernel is unknown. To count it and show here where their CPU time goes:  ',
  intro:
    'CPU time per unit of work under each runtime, by cause: what the work asks of the kernel (recorded under {native}), times the cost of each, learnt from the other workloads of this run. The costs for an application are learnt without it. The rest is what these do not explain; it is large where the cost of a call depends on more than its kind.',
  noCosts:
    'This run did not measure the cost of a call, a page fault or a switch, so everything is rest. To measure it, add workloads of syscall, io and memory to those of app.',
  known: 'Recordings that come with ocibench, from another run: {works}.',
  unrecorded: 'Not recorded: {works}. To count what they ask of the kernel:  ',
  unusable: 'Not explained: {works}. Their recordings have too little CPU time, or count no units of work.',
  more: '{n} more',
  application: 'application',
  native: 'under {native}',
  own: 'its own',
  causes: 'largest causes, as shares of its own',
  cause: '{name} {sign}{share}',
  rest: 'rest',
});

/** Number of causes that a row names. */
const namedCauses = 3;
/** Number of applications that a sentence names. */
const maxNames = 5;

/** Section on the causes of applications' CPU time; without recordings, it tells how to make them. */
export default {
  id: 'why',
  order: 550,
  blocks(context, charts) {
    const { t } = context;
    const why = whyIn(context);
    if (why === null) return [];
    const title = t(words.title);
    if (why.explained.length === 0) {
      if (why.unrecorded.length === 0) return [];
      return [
        chapter({ title, id: 'why', open: false }, [paragraph(text(t(words.none)), recording(context))]),
      ];
    }
    return [
      chapter({ title, id: 'why', open: true }, [
        paragraph(text(t(words.intro({ native: why.native })))),
        ...(why.isPriced ? [] : [paragraph(text(t(words.noCosts)))]),
        ...figures(charts, 'why', context),
        table(why, context),
        ...remarks(why, context),
      ]),
    ];
  },
} satisfies Section;

/** Commands that make the missing recordings. */
function recording({ run: { runId: run }, t }: Pick<ReportContext, 'run' | 't'>): Inline {
  return code(t(words.recording({ run })));
}

type Attribution = ExplainedApplication['attribution'];

const nameOf = (work: Work) => subjectLabel({ ...work, profile: 'default', layer: 'docker' });

function table({ explained, native }: Why, { t, lang }: ReportContext): Block {
  const time = (ns: number) => number(formatValue(ns, 'ns', lang), ns);
  // No-break spaces keep a cause on one line.
  const unbroken = (words: string) => words.replaceAll(' ', '\u00a0');
  const share = (ns: number, { subjectNs }: Attribution) => formatPercent(ns / subjectNs, lang, 0);
  const causeOf = ({ cause, ns }: Cause, of: Attribution) =>
    cause === 'rest'
      ? ''
      : t(
          words.cause({
            name: featureName(cause),
            sign: ns < 0 ? '−' : '+',
            share: share(Math.abs(ns), of),
          }),
        );
  const restOf = (attribution: Attribution) => {
    const ns = attribution.causes.find(({ cause }) => cause === 'rest')?.ns ?? 0;
    return number(share(ns, attribution), ns / attribution.subjectNs);
  };
  const greatest = (attribution: Attribution) =>
    attribution.causes
      .filter(({ cause }) => cause !== 'rest')
      .toSorted((a, b) => Math.abs(b.ns) - Math.abs(a.ns))
      .slice(0, namedCauses)
      .map((cause) => unbroken(causeOf(cause, attribution)))
      .join(', ');
  const ratioOf = ({ nativeNs, subjectNs }: Attribution) => {
    const ratio = subjectNs / nativeNs;
    return number(formatRatio(ratio, lang), ratio);
  };
  return tableOf(
    explained,
    [
      [words.application, nameOf],
      [shared.runtime, ({ attribution }) => runtimeName(attribution.runtime)],
      [words.native({ native }), ({ attribution }) => time(attribution.nativeNs), 'right'],
      [words.own, ({ attribution }) => time(attribution.subjectNs), 'right'],
      ['×', ({ attribution }) => ratioOf(attribution), 'right'],
      [words.rest, ({ attribution }) => restOf(attribution), 'right'],
      [words.causes, ({ attribution }) => greatest(attribution)],
    ],
    lang,
    words.title,
  );
}

/** Remarks on the source of recordings, and on applications without one. */
function remarks({ explained, unrecorded, unusable }: Why, context: ReportContext): readonly Block[] {
  const { t } = context;
  const works = (of: readonly Work[]) => {
    const names = [...new Set(of.map(nameOf))];
    const more = names.length - maxNames;
    return more > 1 ? listed([...names.slice(0, maxNames), words.more({ n: more })]) : listed(names);
  };
  const known = explained.filter(({ source }) => source === 'known');
  return [
    ...(known.length === 0 ? [] : [quiet(t(words.known({ works: works(known) })))]),
    ...(unusable.length === 0 ? [] : [quiet(t(words.unusable({ works: works(unusable) })))]),
    ...(unrecorded.length === 0
      ? []
      : [paragraph(text(t(words.unrecorded({ works: works(unrecorded) }))), recording(context))]),
  ];
}
