import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { TaughtCase, TaughtClaim } from '../../core/model/analysis.ts';
import { families } from '../../core/runtimes/registry.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  briefly,
  chapter,
  code,
  type Inline,
  list,
  paragraph,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { emulationDoubt } from '../emulation.ts';
import { formatCount, formatRatio, formatRatioInterval } from '../format.ts';
import { productRelease, subjectLabel } from '../labels.ts';
import { quoted } from '../quotes.ts';
import { words as shared } from '../words/common.ts';
import { metricName } from '../words/metric.ts';
import type { Section } from './section.ts';

const words = messages('section.taught', {
  title: 'Common claims, tested',
  intro:
    'What courses say of these runtimes, checked with every test of this run that it applies to. Factors are costs relative to {baseline} (rates inverted) with their {confidence} interval. A range holds for a test if the whole interval lies inside it, and fails if the whole interval lies outside. A slowdown that this report does not claim stays inconclusive; a mere difference follows this report’s verdict. A statement is confirmed or refuted only if all conclusive cases agree, and they are more than half.',
  count: ' (holds in {holds} of {all} cases)',
  more: '… {n} more between …',
  noRange: ' No single range of this width fits: from {low} to {high} was observed.',
});

const statements = new Map(
  families.flatMap(({ taught }) => taught.map(({ id, statement }) => [id, statement])),
);

/** Statement → range of factors, for statements about a range. */
const ranges = new Map(
  families.flatMap(({ taught }) =>
    taught.flatMap(({ id, claim }) => (typeof claim === 'object' ? [[id, claim] as const] : [])),
  ),
);

const statusNames: Readonly<Record<TaughtClaim['status'], Message>> = messages('section.taught.status', {
  confirmed: 'confirmed',
  refuted: 'refuted',
  partly: 'holds for some tests only',
  undecided: 'inconclusive',
  'not-measurable': 'not measurable here',
});

const reasonNames: Readonly<Record<NonNullable<TaughtClaim['reason']>, Message>> = messages(
  'section.taught.reason',
  {
    'no-runtime': 'no such runtime is registered',
    unavailable: 'it cannot run here',
    baseline: 'the statement compares with another baseline than this run',
    'emulated-guest':
      'the processor of its guests was emulated, so that their times and memory are the emulator’s',
    'nothing-measured': 'this run compared nothing that the statement is about',
    'no-application': 'no application and no CPU-bound work was measured',
  },
);

/** Cases of a statement are listed in this order. */
const outcomeNames: Readonly<Record<TaughtCase['outcome'], Message>> = messages('section.taught.outcome', {
  holds: 'holds',
  below: 'costs less than that',
  above: 'costs more than that',
  fails: 'does not hold',
  undecided: 'inconclusive',
});

/**
 * Above this number of cases with one outcome, the middle ones are only counted. Cases that confirm a statement are
 * always named.
 */
const maxCases = 6;

/**
 * What courses teach about the runtimes of this run: each statement with its cases. Left out if nothing could be measured,
 * unless it was measured in guests that were emulated, of which nothing is judged.
 */
export default {
  id: 'taught',
  order: 750,
  blocks(context) {
    const { run, analysis, confidence, t } = context;
    const claims = analysis.taughtClaims;
    if (claims.every(({ status, reason }) => status === 'not-measurable' && reason !== 'emulated-guest'))
      return [];
    const emulation = emulationDoubt(run);
    return [
      chapter({ title: t(words.title), id: 'taught', gist: statusCounts(claims, context) }, [
        ...(emulation === null ? [] : [{ kind: 'warning', items: [[text(t(emulation))]] } as const]),
        paragraph(text(t(words.intro({ baseline: analysis.baseline, confidence })))),
        ...claims.flatMap((claim) => claimBlocks(claim, context)),
      ]),
    ];
  },
} satisfies Section;

/** `confirmed: 2 · not decided: 1` */
function statusCounts(claims: readonly TaughtClaim[], { t }: ReportContext): Text {
  const counts = (Object.keys(statusNames) as TaughtClaim['status'][]).flatMap((status) => {
    const n = claims.filter((claim) => claim.status === status).length;
    return n === 0 ? [] : [`${t(statusNames[status])}${t(shared.colon)}${n}`];
  });
  return [text(counts.join(' · '))];
}

function claimBlocks(claim: TaughtClaim, context: ReportContext): readonly Block[] {
  const { lang, t } = context;
  const { id, runtime, status, cases } = claim;
  const holds = formatCount(cases.filter(({ outcome }) => outcome === 'holds').length, lang);
  const count = cases.length === 0 ? '' : t(words.count({ holds, all: formatCount(cases.length, lang) }));
  const items = (Object.keys(outcomeNames) as TaughtCase['outcome'][]).flatMap((outcome): readonly Text[] => {
    const own = cases.filter((one) => one.outcome === outcome);
    return own.length === 0 ? [] : [caseList(outcome, own, context)];
  });
  return [
    paragraph(
      strong(t(statements.get(id) ?? external(id))),
      ...runtimeWithPlatform(runtime, context),
      text(t(shared.colon)),
      strong(t(statusNames[status])),
      ...(claim.reason === null ? [text(`${count}.`)] : reasonOf(claim, context)),
      ...noRange(claim, context),
    ),
    ...list(items),
  ];
}

/** Remark if no range as narrow as the taught one fits all cases. */
function noRange({ id, cases }: TaughtClaim, { lang, t }: ReportContext): readonly Inline[] {
  const range = ranges.get(id);
  const [first, last] = [cases[0], cases.at(-1)];
  const bounded = cases.flatMap(({ low, high }) => (low === null || high === null ? [] : [{ low, high }]));
  if (range === undefined || first === undefined || last === undefined || bounded.length === 0) return [];
  // Any range that fits all cases includes the highest lower bound and the lowest upper bound.
  const width = Math.max(...bounded.map(({ low }) => low)) / Math.min(...bounded.map(({ high }) => high));
  if (width <= range.atMost / range.atLeast) return [];
  const ends = { low: formatRatio(first.factor, lang), high: formatRatio(last.factor, lang) };
  return [text(t(words.noRange(ends)))];
}

/** ` (runsc, gVisor 20240729, systrap)` */
function runtimeWithPlatform(name: string | null, { run }: ReportContext): readonly Inline[] {
  if (name === null) return [];
  const facts = run.runtimes.find(({ entry }) => entry.name === name);
  const release = facts === undefined ? null : productRelease(facts);
  const about = [release, facts?.platform ?? null].filter((part) => part !== null);
  return [text(' ('), code(name), text([...about.map((part) => `, ${part}`), ')'].join(''))];
}

function reasonOf({ runtime, reason }: TaughtClaim, { run, lang, t }: ReportContext): readonly Inline[] {
  if (reason === null) return [];
  const preflight = run.runtimes.find(({ entry }) => entry.name === runtime)?.preflight;
  const why = `${t(shared.colon)}${t(reasonNames[reason])}`;
  if (preflight?.status !== 'unavailable') return [text(`${why}.`)];
  return [
    text(`${why}${t(shared.colon)}`),
    quoted(preflight, 'reason', lang, (words) => sentence(briefly(words))),
  ];
}

function caseList(
  outcome: TaughtCase['outcome'],
  cases: readonly TaughtCase[],
  context: ReportContext,
): Text {
  const { lang, t } = context;
  const hidden = outcome === 'holds' || cases.length <= maxCases ? 0 : cases.length - maxCases;
  const all = cases.map((one) => caseText(one, context));
  const shown: readonly Text[] =
    hidden === 0
      ? all
      : [
          ...all.slice(0, maxCases / 2),
          [text(t(words.more({ n: formatCount(hidden, lang) })))],
          ...all.slice(-maxCases / 2),
        ];
  return [
    text(`${t(outcomeNames[outcome])} (${formatCount(cases.length, lang)})${t(shared.colon)}`),
    ...shown.flatMap((one, i) => (i === 0 ? one : [text(t(shared.semicolon)), ...one])),
    text('.'),
  ];
}

/** `io/small-files target=bind` 9.10× [8.70, 9.50]; with the metric if it is not its workload's headline. */
function caseText(one: TaughtCase, { analysis, lang, t }: ReportContext): Text {
  const { factor, low, high } = one;
  const headline = analysis.rows.some(
    (row) => row.headline && row.metric === one.metric && row.workload === one.workload,
  );
  const metric = headline ? '' : ` (${metricName(one.metric, lang)})`;
  const interval =
    low === null || high === null ? t(shared.noInterval) : formatRatioInterval(factor, low, high, lang);
  return [code(subjectLabel(one)), text(`${metric} ${formatRatio(factor, lang)} ${interval}`)];
}
