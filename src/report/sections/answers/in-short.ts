import { joined, listed } from '../../../messages/compose.ts';
import { messages } from '../../../messages/define.ts';
import type { Message } from '../../../messages/message.ts';
import type { Category } from '../../../model/metric.ts';
import { unsupportedReasons } from '../../../model/run.ts';
import type { RuntimeFacts } from '../../../model/runtime.ts';
import { familyOf } from '../../../runtimes/registry.ts';
import { standingOf } from '../../category-summary.ts';
import type { RatioEstimate } from '../../comparison.ts';
import type { ReportContext } from '../../context.ts';
import {
  type Block,
  briefly,
  code,
  list,
  paragraph,
  sentence,
  strong,
  type Text,
  text,
} from '../../document.ts';
import { formatEstimate, formatRatio, formatRatioInterval, formatValue } from '../../format.ts';
import { type CategoryClaim, type FirstAnswer, type InShort, inShort } from '../../in-short.ts';
import { commonParams, groupBy, shortSubject } from '../../labels.ts';
import { quoted, quotedMessage } from '../../quotes.ts';
import { categoryInText } from '../../words/category.ts';
import { words as shared } from '../../words/common.ts';

const words = messages('section.inShort', {
  intro: 'Every ratio is to {baseline}; brackets hold the {confidence} confidence interval.',
  hostNetwork: 'network of the host',
  against: '{value} against {baseline}',
  worse: 'Costs more: {claims}.',
  better: 'Costs less: {claims}.',
  claim: '{category} {ratio} ({subject})',
  claimOfMany:
    '{category} {which, select, worse {up} other {down}} to {ratio} ({subject}; {claimed} of {subjects} subjects)',
  unaffected: 'Unaffected, within ±{band} of {baseline}: {categories}.',
  undecided: 'Not decided: {categories}.',
  unsupported: '{workloads} under {runtimes}',
});

const startup = messages('section.inShort.startup', {
  worse: 'starts slower, in {ratio} the time of {baseline} ({values}).',
  better: 'starts faster, in {ratio} the time of {baseline} ({values}).',
  equivalent: 'starts as fast as {baseline} within ±{band} ({ratio}).',
  undecided: 'whether it starts faster or slower than {baseline} is not decided ({ratio}).',
});

const memory = messages('section.inShort.memory', {
  worse: 'An idle container holds {difference} more memory ({values}).',
  better: 'An idle container holds {difference} less memory ({values}).',
  equivalent: 'An idle container holds as much memory as under {baseline} within ±{band} ({ratio}).',
  undecided:
    'Whether an idle container holds more or less memory than under {baseline} is not decided ({ratio}).',
});

/** A paragraph per runtime on what the run found, and what could not be measured, with the reason. */
export function inShortBlocks(context: ReportContext): readonly Block[] {
  const { rows, analysis, confidence, t } = context;
  const { baseline } = analysis;
  const found = inShort(rows, baseline);
  return [
    ...(found.length === 0 ? [] : [paragraph(text(t(words.intro({ baseline, confidence }))))]),
    ...found.map((each) => paragraph(...aboutRuntime(each, context))),
    ...notMeasured(context),
  ];
}

/** `runsc (gVisor, systrap) starts …` */
function aboutRuntime(found: InShort, context: ReportContext): Text {
  const { run, band, analysis, t } = context;
  const facts = run.runtimes.find(({ entry }) => entry.name === found.runtime);
  const named = (categories: readonly Category[]) =>
    listed(
      categories.map((category) => categoryInText[category]),
      'and',
    );
  const { unaffected, undecided } = found;
  const sentences = [
    ...(found.startup === null ? [] : [startupSentence(found.startup, context)]),
    ...(found.memory === null ? [] : [memorySentence(found.memory, context)]),
    ...claimsSentence('worse', found.worse, context),
    ...claimsSentence('better', found.better, context),
    ...(unaffected.length === 0
      ? []
      : [words.unaffected({ categories: named(unaffected), band, baseline: analysis.baseline })]),
    ...(undecided.length === 0 ? [] : [words.undecided({ categories: named(undecided) })]),
  ];
  return [strong(found.runtime), text(`${aka(facts, context)} ${t(joined(sentences, 'space'))}`)];
}

/** ` (gVisor, systrap)`: product and platform of a runtime whose name does not say them. */
function aka(facts: RuntimeFacts | undefined, { analysis, t }: ReportContext): string {
  const colon = t(shared.colon).trimEnd();
  if (facts === undefined) return colon;
  const emulated = analysis.emulatedGuests?.some(({ runtime }) => runtime === facts.entry.name) ?? false;
  const { family, platform, network, entry } = facts;
  const { product } = familyOf(family);
  const names = [
    ...[
      product === entry.name ? '' : (product ?? ''),
      platform ?? '',
      network === 'host' ? t(words.hostNetwork) : '',
    ],
    emulated ? t(shared.emulatedGuest) : '',
  ].filter((name) => name !== '');
  return names.length === 0 ? colon : ` (${names.join(', ')})${colon}`;
}

/** Only verdicts are worded as differences. */
function claimOf({ row }: FirstAnswer): keyof typeof startup {
  const standing = standingOf(row);
  return standing === 'worse' || standing === 'better' || standing === 'equivalent' ? standing : 'undecided';
}

/** `452 ms against 167 ms` */
function valuesOf({ row, baseline }: FirstAnswer, { lang }: ReportContext): Message {
  return words.against({
    value: formatValue(row.median, row.unit, lang),
    baseline: formatValue(baseline.median, baseline.unit, lang),
  });
}

function startupSentence(answer: FirstAnswer, context: ReportContext): Message {
  const { band, analysis } = context;
  return startup[claimOf(answer)]({
    ratio: estimate(answer.cost, context),
    baseline: analysis.baseline,
    values: valuesOf(answer, context),
    band,
  });
}

/** Difference in bytes: the baseline's median × (ratio - 1), and the same for the ends of the interval. */
function memorySentence(answer: FirstAnswer, context: ReportContext): Message {
  const { band, analysis, lang } = context;
  const { row, baseline, cost } = answer;
  const sign = claimOf(answer) === 'worse' ? 1 : -1;
  const difference = (ratio: number) => sign * (ratio - 1) * baseline.median;
  const { ratio, low, high } = cost;
  const ends =
    low === null || high === null ? [] : [difference(low), difference(high)].toSorted((a, b) => a - b);
  const interval = { value: difference(ratio), low: ends[0] ?? null, high: ends[1] ?? null };
  return memory[claimOf(answer)]({
    difference: formatEstimate(interval, row.unit, lang),
    values: valuesOf(answer, context),
    ratio: estimate(cost, context),
    baseline: analysis.baseline,
    band,
  });
}

function estimate(cost: RatioEstimate, { lang, t }: ReportContext): string {
  const { ratio, low, high } = cost;
  const interval =
    low === null || high === null ? t(shared.noInterval) : formatRatioInterval(ratio, low, high, lang);
  return `${formatRatio(ratio, lang)} ${interval}`;
}

/** `Costs more: system calls, up to 99.6× [95.2, 104] (stress-ng; 6 of 6), …`. */
function claimsSentence(
  which: 'worse' | 'better',
  claims: readonly CategoryClaim[],
  context: ReportContext,
): readonly Message[] {
  if (claims.length === 0) return [];
  const dropped = commonParams(context.rows.filter(({ headline }) => headline));
  const each = claims.map(({ category, extreme, claimed, subjects }) => {
    const claim = {
      category: categoryInText[category],
      ratio: estimate(extreme.cost, context),
      subject: shortSubject(extreme.row, dropped),
    };
    return subjects === 1 ? words.claim(claim) : words.claimOfMany({ ...claim, which, claimed, subjects });
  });
  return [words[which]({ claims: listed(each, 'semicolon') })];
}

/** Runtimes that cannot run here and combinations that a runtime does not support, one item per reason. */
function notMeasured({ run, lang, t }: ReportContext): readonly Block[] {
  const gone = run.runtimes.flatMap(({ entry, preflight }): readonly Text[] => {
    if (preflight.status === 'available') return [];
    const reason = quoted(preflight, 'reason', lang, (whole) => sentence(briefly(whole)));
    return [[code(entry.name), text(t(shared.colon)), reason]];
  });
  const known = new Set(run.runtimes.map(({ entry }) => entry.name));
  const cells = run.subjects.flatMap((subject) =>
    unsupportedReasons(subject)
      .filter(({ runtime }) => known.has(runtime))
      .map((cell) => ({ ...cell, workload: subject.workload })),
  );
  const reasons = groupBy(cells, ({ reason }) => reason.text).map((group): Text => {
    const [first] = group;
    const names = (key: 'runtime' | 'workload') =>
      listed([...new Set(group.map((cell) => cell[key]))], 'and');
    return [
      text(t(words.unsupported({ workloads: names('workload'), runtimes: names('runtime') }))),
      text(t(shared.colon)),
      ...(first === undefined ? [] : [quotedMessage(first.reason, lang, sentence)]),
    ];
  });
  const items = [...gone, ...reasons];
  const title = `${t(shared.notMeasured)}${t(shared.colon)}`.trimEnd();
  return items.length === 0 ? [] : [paragraph(text(title)), ...list(items)];
}
