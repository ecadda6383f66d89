import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { unsupportedReasons } from '../../../core/model/run/run.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import { contributions } from '../../../core/modules/default-exports.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { AnalysisContext } from '../../context.ts';
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
} from '../../document/document.ts';
import { groupBy } from '../../document/labels.ts';
import { quoted, quotedMessage } from '../../document/quotes.ts';
import { categoryFindings } from '../../findings/category-findings.ts';
import { categorySummaries } from '../../findings/category-summary.ts';
import { hasEmulatedGuests } from '../../findings/emulation.ts';
import { words as shared } from '../../words/common.ts';
import { categorySentences } from './category-sentences.ts';
import type { FeatureSentences } from './feature-sentences.ts';
import { firstSentences, idlePrice } from './first-sentences.ts';

const ofFeatures = (await contributions('answers')) as readonly FeatureSentences[];

/** Words that the section `reading` explains, too. */
export const words = messages('section.inShort', {
  intro: 'Ratios are relative to {baseline}; brackets are {confidence} confidence intervals.',
  middle:
    'A category’s ratio is the geometric mean of the cost ratios of its tests without the lowest and the highest; each test weighs the same. Above 1 costs more; rates are inverted. Spread ×2: tests typically differ from that mean by a factor of 2. Fewer than three tests have no common ratio. The lowest and highest tests are descriptive only.',
  rates: 'These ratios are costs: 1.25× the rate is a cost of 0.80×.',
  hostNetwork: 'network of the host',
  unsupported: '{workloads} under {runtimes}',
});

/** Per runtime the cost of each category, then what could not be measured, with the reason. */
export function inShortBlocks(context: AnalysisContext): readonly Block[] {
  return [...runtimeVerdicts(context), ...notMeasured(context)];
}

/** Per runtime: a verdict for every category, then the plain start and the idle container with their own numbers. */
export function runtimeVerdicts(context: AnalysisContext): readonly Block[] {
  const { rows, analysis } = context;
  const { baseline, categories } = analysis;
  const summaries = categorySummaries(rows, baseline, categories);
  const found = groupBy(summaries, ({ runtime }) => runtime).flatMap((group) => {
    const runtime = group[0]?.runtime ?? '';
    const findings = group.flatMap(categoryFindings);
    const told = new Set(findings.map(({ cost }) => cost?.only ?? null));
    const sentences = [
      ...categorySentences(findings, context),
      ...firstSentences(runtime, told, context),
      ...ofFeatures.flatMap((sentencesOf) => sentencesOf(runtime, context)),
    ];
    return sentences.length === 0 ? [] : [{ runtime, sentences }];
  });
  return found.flatMap(({ runtime, sentences }) => aboutRuntime(runtime, sentences, context));
}

/** What the ratios of {@link runtimeVerdicts} are, for a terminal: a report says it in its section `reading`. */
export function aboutRatios({ rows, analysis, confidence, t }: AnalysisContext): readonly Block[] {
  const { baseline, categories } = analysis;
  const summaries = categorySummaries(rows, baseline, categories);
  const hasMiddle = summaries.some(({ estimates }) => estimates.some(({ middle }) => middle !== null));
  const hasRates = summaries.some(({ costs }) => costs.some(({ row }) => row.better === 'higher'));
  const about = hasMiddle ? [words.middle] : hasRates ? [words.rates] : [];
  const intro = [words.intro({ baseline, confidence }), ...about];
  return [paragraph(text(intro.map(t).join(' ')))];
}

/**
 * Per runtime the prices of the first and of each further idle container, where both are known: beside a table alone, its ratio
 * would be read as that of each container.
 */
export function idlePrices(context: AnalysisContext): readonly Block[] {
  return list(
    context.runtimes.flatMap((runtime): readonly Text[] => {
      const said = idlePrice(runtime, context);
      const facts = context.run.runtimes.find(({ entry }) => entry.name === runtime);
      return said === null ? [] : [[strong(runtime), text(`${aka(facts, context)} `), text(context.t(said))]];
    }),
  );
}

function aboutRuntime(
  runtime: string,
  sentences: readonly Message[],
  context: AnalysisContext,
): readonly Block[] {
  const facts = context.run.runtimes.find(({ entry }) => entry.name === runtime);
  return [
    paragraph(strong(runtime), text(aka(facts, context))),
    ...list(sentences.map((one): Text => [text(context.t(one))])),
  ];
}

/** ` (gVisor, systrap)`: product and platform of a runtime whose name does not say them. */
function aka(facts: RuntimeFacts | undefined, { analysis, t }: AnalysisContext): string {
  const colon = t(shared.colon).trimEnd();
  if (facts === undefined) return colon;
  const emulated = hasEmulatedGuests(facts.entry.name, analysis);
  const { family, platform, network, entry } = facts;
  const { product } = familyOf(family);
  const names = [
    product === entry.name ? '' : (product ?? ''),
    platform ?? '',
    network === 'host' ? t(words.hostNetwork) : '',
    emulated ? t(shared.emulatedGuest) : '',
  ].filter((name) => name !== '');
  return names.length === 0 ? colon : ` (${names.join(', ')})${colon}`;
}

/** Runtimes that cannot run here and combinations that a runtime does not support, one item per reason. */
function notMeasured({ run, lang, t }: AnalysisContext): readonly Block[] {
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
