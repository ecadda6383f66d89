import { messages } from '../../../core/messages/define.ts';
import { localized } from '../../../core/messages/record.ts';
import type { FactRow, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import { type ReportContext, unavailableRuntimes } from '../../context.ts';
import { type Block, type CardFigure, code, type Text, text } from '../../document/document.ts';
import { formatDifference, formatRatioEstimate, formatValue } from '../../document/format.ts';
import { productRelease, subjectLabel } from '../../document/labels.ts';
import { cpuOfStart, firstQuestions, furtherIdle } from '../../findings/category-findings.ts';
import { hasEmulatedGuests } from '../../findings/emulation.ts';
import { standingOf } from '../../findings/headline-cost.ts';
import { unconfirmed } from '../../findings/remarks.ts';
import { costRatio, hasValue, hasVerdict, type ValueRow } from '../../findings/row-guards.ts';
import { differenceText } from '../../tables/direct-table.ts';
import { words as shared } from '../../words/common.ts';
import { standingInline } from '../../words/verdict.ts';

const words = messages('section.cards', {
  caption: 'What each runtime needs: {terms}',
  start: 'starts in',
  cpu: 'CPU per start',
  idle: 'idle memory',
  firstIdle: 'idle memory, first container',
  furtherIdle: 'idle memory, each additional container',
  many: '{n} idle containers (estimated)',
  kernel: 'kernel',
  calls: 'system calls available',
  baseline: 'baseline',
  own: 'its own',
  hosts: 'the host’s',
  sum: '{first} + {n} × {each}',
});

/** Number of containers per host for the planning figure. */
const many = 100;

/** A figure of every card: its name, and its value for a runtime; null if that was not measured. */
interface Term {
  readonly title: string;
  readonly figure: (runtime: string) => CardFigure | null;
}

/** One card per measurable runtime; figures that no runtime has are left out. */
export function runtimeCards(context: ReportContext): readonly Block[] {
  const { runtimes, t } = context;
  const gone = new Set(unavailableRuntimes(context));
  const shown = runtimes.filter((name) => !gone.has(name));
  const terms = allTerms(context).filter(({ figure }) => shown.some((runtime) => figure(runtime) !== null));
  if (terms.length === 0) return [];
  const titles = terms.map(({ title }) => title);
  const none: CardFigure = { value: [text('–')], beside: [] };
  return [
    {
      kind: 'cards',
      caption: t(words.caption({ terms: titles.join(', ') })),
      corner: t(shared.runtime),
      terms: titles,
      cards: shown.map((runtime) => ({
        runtime,
        about: aboutRuntime(runtime, context),
        values: terms.map(({ figure }) => figure(runtime) ?? none),
      })),
    },
  ];
}

function allTerms(context: ReportContext): readonly Term[] {
  const { t } = context;
  const starts = firstOf(context, firstQuestions.startup);
  const idle = firstOf(context, firstQuestions.memory);
  const cpu = starts.slice(0, 1).flatMap((start) => cpuOfStart(context.rows, start));
  const further = idle.slice(0, 1).flatMap((first) => furtherIdle(context.rows, first));
  const ofIdle = further.length > 0 ? words.firstIdle : words.idle;
  return [
    { title: t(words.start), figure: rowFigure(starts, context, verdictOf) },
    { title: t(words.cpu), figure: rowFigure(cpu, context, observedRatio) },
    { title: t(ofIdle), figure: rowFigure(idle, context, verdictOf) },
    { title: t(words.furtherIdle), figure: furtherFigure(further, context) },
    { title: t(words.many({ n: many })), figure: manyIdle(idle, further, context) },
    { title: t(words.kernel), figure: factFigure('kernel.release', kernelFigure, context) },
    { title: t(words.calls), figure: factFigure('syscalls.answered', callsFigure, context) },
  ];
}

/** `1.1.15, baseline`, `gVisor 20240729, systrap, network=none`. */
function aboutRuntime(runtime: string, { run, analysis, t }: ReportContext): string {
  const facts = run.runtimes.find(({ entry }) => entry.name === runtime);
  const network = facts?.network ?? 'sandbox';
  const parts = [
    facts === undefined ? null : productRelease(facts),
    facts?.platform ?? null,
    network === 'sandbox' ? null : `network=${network}`,
  ];
  if (runtime === analysis.baseline) parts.push(t(words.baseline));
  if (hasEmulatedGuests(runtime, analysis)) parts.push(t(shared.emulatedGuest));
  return parts.filter((part) => part !== null).join(', ');
}

/** The headlines of the first subject that answers a question, of all runtimes. */
function firstOf({ rows }: ReportContext, question: (row: SummaryRow) => boolean): readonly ValueRow[] {
  const own = rows.filter((row) => row.headline && question(row)).filter(hasValue);
  const [first] = own;
  return first === undefined ? [] : own.filter((row) => subjectLabel(row) === subjectLabel(first));
}

function rowFigure(
  rows: readonly ValueRow[],
  context: ReportContext,
  besideOf: (row: ValueRow, context: ReportContext) => Text,
): Term['figure'] {
  return (runtime) => {
    const row = rows.find((one) => one.runtime === runtime);
    if (row === undefined) return null;
    return {
      value: [text(formatValue(row.median, row.unit, context.lang))],
      beside: besideOf(row, context),
    };
  };
}

function baselineOf(rows: readonly ValueRow[], { analysis }: ReportContext): ValueRow | undefined {
  return rows.find(({ runtime }) => runtime === analysis.baseline);
}

/** `▲ 1.68× [1.31, 1.99]`, with the unconfirmed verdict if only the correction prevents a claim; for memory, the difference. */
function verdictOf(row: ValueRow, { analysis, lang, t }: ReportContext): Text {
  if (row.runtime === analysis.baseline || !hasVerdict(row)) return [];
  const cost = costRatio(row);
  const size =
    (row.unit === 'bytes' ? differenceText(row, lang) : null) ??
    (cost === null ? '' : formatRatioEstimate(cost, lang));
  const standing = standingOf(row);
  if (standing === null) return [text(size)];
  const [remark] = unconfirmed(row, lang);
  const more = remark === undefined ? '' : `, ${t(remark.brief)}`;
  return [standingInline(standing, t), text(` ${size}${more}`)];
}

/** `0.81× [0.78, 0.84]`: what was observed of a figure that is no headline, without a verdict. */
function observedRatio(row: ValueRow, { analysis, lang }: ReportContext): Text {
  const cost = row.runtime === analysis.baseline ? null : costRatio(row);
  return cost === null ? [] : [text(formatRatioEstimate(cost, lang))];
}

/** `16.0 MiB`, `+11.8 MiB`: medians and their difference, as observed. */
function furtherFigure(rows: readonly ValueRow[], context: ReportContext): Term['figure'] {
  const { analysis, lang, t } = context;
  const baseline = baselineOf(rows, context);
  const isEmulated = (name: string) => analysis.emulatedGuests?.some(({ runtime }) => runtime === name);
  return (runtime) => {
    const row = rows.find((one) => one.runtime === runtime);
    if (row === undefined) return null;
    const { median, unit } = row;
    const more = baseline === undefined || runtime === analysis.baseline ? null : median - baseline.median;
    const beside = [
      more === null ? '' : formatDifference({ value: more, low: null, high: null }, unit, lang),
      isEmulated(runtime) ? t(shared.emulatedGuest) : '',
    ].filter((one) => one !== '');
    return {
      value: [text(formatValue(median, unit, lang))],
      beside: beside.length === 0 ? [] : [text(beside.join(', '))],
    };
  };
}

/** Memory of many idle containers, as the two figures above it say: what is there once per host counts once. */
function manyIdle(
  idle: readonly ValueRow[],
  further: readonly ValueRow[],
  context: ReportContext,
): Term['figure'] {
  const { lang, t } = context;
  return (runtime) => {
    const [one, other] = [idle, further].map((rows) => rows.find((row) => row.runtime === runtime));
    if (one === undefined || other === undefined) return null;
    const [first, each] = [one.median, other.median].map((bytes) => formatValue(bytes, one.unit, lang));
    const said = words.sum({ first: first ?? '', n: many - 1, each: each ?? '' });
    const all = formatValue(one.median + (many - 1) * other.median, one.unit, lang);
    return { value: [text(all)], beside: [text(t(said))] };
  };
}

function factFigure(
  id: string,
  figure: (fact: FactRow, context: ReportContext) => CardFigure,
  context: ReportContext,
): Term['figure'] {
  return (runtime) => {
    const fact = context.facts.find(
      (row) => row.id === id && row.runtime === runtime && row.workload === 'isolation/facts',
    );
    return fact === undefined ? null : figure(fact, context);
  };
}

/** Kernel of a runtime by its architecture; if that is unknown, a release other than the host's means another kernel. */
function kernelFigure({ value, runtime }: FactRow, { run, t }: ReportContext): CardFigure {
  const facts = run.runtimes.find(({ entry }) => entry.name === runtime);
  const { kernel } = familyOf(facts?.family);
  const isOwn = kernel === 'unknown' ? value !== run.host.kernel : kernel !== 'host';
  return { value: [text(t(isOwn ? words.own : words.hosts))], beside: [code(value)] };
}

/** `261`, then the rest of the fact: how many calls are refused or absent. */
function callsFigure(fact: FactRow, { lang }: ReportContext): CardFigure {
  const value = localized(fact, 'value', lang).text;
  const [answered = value, ...rest] = value.split(', ');
  return { value: [text(answered)], beside: [text(rest.join(', '))] };
}
