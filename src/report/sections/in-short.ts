import type { RuntimeFacts } from '../../model/runtime.ts';
import { familyOf } from '../../runtimes/registry.ts';
import { standingOf } from '../category-summary.ts';
import type { RatioEstimate } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import {
  type Block,
  briefly,
  code,
  paragraph,
  quote,
  sentence,
  strong,
  type Text,
  text,
} from '../document.ts';
import { formatEstimate, formatRatio, formatRatioInterval, formatValue } from '../format.ts';
import { type CategoryClaim, type FirstAnswer, type InShort, inShort } from '../in-short.ts';
import { commonParams, shortSubject } from '../labels.ts';

/** What the run says in a few plain sentences, a paragraph per runtime, and what could not be measured, with the reason. */
export function inShortBlocks(context: ReportContext): readonly Block[] {
  const { rows, analysis, m, confidence } = context;
  const found = inShort(rows, analysis.baseline);
  return [
    ...(found.length === 0 ? [] : [paragraph(text(m.answersIntro(analysis.baseline, confidence)))]),
    ...found.map((each) => ({ kind: 'paragraph', text: aboutRuntime(each, context) }) as const),
    ...notMeasured(context),
  ];
}

/** `runsc (gVisor, systrap) starts …` */
function aboutRuntime(found: InShort, context: ReportContext): Text {
  const { m, run, band, analysis } = context;
  const facts = run.runtimes.find(({ entry }) => entry.name === found.runtime);
  const sentences = [
    found.startup === null ? '' : startup(found.startup, context),
    found.memory === null ? '' : memory(found.memory, context),
    list('worse', found.worse, context),
    list('better', found.better, context),
    found.unaffected.length === 0
      ? ''
      : m.inShort.unaffected(
          m.and(found.unaffected.map((name) => m.categoryInText[name])),
          band,
          analysis.baseline,
        ),
    found.undecided.length === 0
      ? ''
      : m.inShort.undecided(m.and(found.undecided.map((name) => m.categoryInText[name]))),
  ].filter((words) => words !== '');
  return [strong(found.runtime), text(`${aka(facts, context)} ${sentences.join(' ')}`)];
}

/** ` (gVisor, systrap)`: what a name of daemon.json stands for, where the name does not say it. */
function aka(facts: RuntimeFacts | undefined, { m, analysis }: ReportContext): string {
  if (facts === undefined) return m.colon.trimEnd();
  const emulated = analysis.emulatedGuests?.some(({ runtime }) => runtime === facts.entry.name) ?? false;
  const { platform, network, entry } = facts;
  const { product } = familyOf(facts.family);
  const words = [
    ...[
      product === entry.name ? '' : (product ?? ''),
      platform ?? '',
      network === 'host' ? m.inShort.hostNetwork : '',
    ],
    emulated ? m.emulatedGuest : '',
  ].filter((word) => word !== '');
  return words.length === 0 ? m.colon.trimEnd() : ` (${words.join(', ')})${m.colon.trimEnd()}`;
}

/** Only what a verdict claims is worded as a difference. */
function startup({ row, baseline, cost }: FirstAnswer, context: ReportContext): string {
  const { m, lang } = context;
  const values = m.inShort.against(
    formatValue(row.median, row.unit, lang),
    formatValue(baseline.median, baseline.unit, lang),
  );
  const ratio = estimate(cost, context);
  switch (standingOf(row)) {
    case 'worse':
      return m.inShort.startsSlower(ratio, context.analysis.baseline, values);
    case 'better':
      return m.inShort.startsFaster(ratio, context.analysis.baseline, values);
    case 'equivalent':
      return m.inShort.startsAlike(ratio, context.analysis.baseline, context.band);
    default:
      return m.inShort.startsUndecided(ratio, context.analysis.baseline);
  }
}

/** The difference in bytes: the baseline's median times what the ratio is above 1, and so for the ends of its interval. */
function memory({ row, baseline, cost }: FirstAnswer, context: ReportContext): string {
  const { m, lang } = context;
  const worse = standingOf(row) === 'worse';
  const sign = worse ? 1 : -1;
  const difference = (ratio: number) => sign * (ratio - 1) * baseline.median;
  const { ratio, low, high } = cost;
  const ends =
    low === null || high === null ? [] : [difference(low), difference(high)].toSorted((a, b) => a - b);
  const value = formatEstimate(
    { value: difference(ratio), low: ends[0] ?? null, high: ends[1] ?? null },
    row.unit,
    lang,
  );
  const values = m.inShort.against(
    formatValue(row.median, row.unit, lang),
    formatValue(baseline.median, baseline.unit, lang),
  );
  switch (standingOf(row)) {
    case 'worse':
      return m.inShort.holdsMore(value, values);
    case 'better':
      return m.inShort.holdsLess(value, values);
    case 'equivalent':
      return m.inShort.holdsAlike(estimate(cost, context), context.analysis.baseline, context.band);
    default:
      return m.inShort.holdsUndecided(estimate(cost, context), context.analysis.baseline);
  }
}

function estimate(cost: RatioEstimate, { lang, m }: ReportContext): string {
  const { ratio, low, high } = cost;
  const interval = low === null || high === null ? m.noInterval : formatRatioInterval(ratio, low, high, lang);
  return `${formatRatio(ratio, lang)} ${interval}`;
}

/** `Costs more: system calls, up to 99.6× [95.2, 104] (stress-ng; 6 of 6), …`. */
function list(which: 'worse' | 'better', claims: readonly CategoryClaim[], context: ReportContext): string {
  const { m, rows } = context;
  if (claims.length === 0) return '';
  const dropped = commonParams(rows.filter(({ headline }) => headline));
  const each = claims.map(({ category, extreme, claimed, subjects }) =>
    m.inShort.claim({
      category: m.categoryInText[category],
      ratio: estimate(extreme.cost, context),
      subject: shortSubject(extreme.row, dropped),
      claimed,
      subjects,
      which,
    }),
  );
  return m.inShort[which](each.join(m.semicolon));
}

/** Runtimes that cannot run here and combinations that a runtime cannot do, one item a reason. */
function notMeasured({ run, m }: ReportContext): readonly Block[] {
  const gone = run.runtimes.flatMap(({ entry, preflight }): readonly Text[] =>
    preflight.status === 'available'
      ? []
      : [[code(entry.name), text(m.colon), quote(sentence(briefly(preflight.reason)))]],
  );
  const known = new Set(run.runtimes.map(({ entry }) => entry.name));
  const cells = run.subjects.flatMap(({ workload, unsupported }) =>
    Object.entries(unsupported)
      .filter(([runtime]) => known.has(runtime))
      .map(([runtime, reason]) => ({ runtime, reason, workload })),
  );
  const reasons = [...Map.groupBy(cells, ({ reason }) => reason)].map(([reason, own]): Text => {
    const runtimes = [...new Set(own.map(({ runtime }) => runtime))];
    const workloads = [...new Set(own.map(({ workload }) => workload))];
    return [
      text(m.inShort.workloadsUnder(m.and(workloads), m.and(runtimes))),
      text(m.colon),
      quote(sentence(reason)),
    ];
  });
  const items = [...gone, ...reasons];
  return items.length === 0
    ? []
    : [paragraph(text(`${m.notMeasured}${m.colon}`.trimEnd())), { kind: 'list', items }];
}
