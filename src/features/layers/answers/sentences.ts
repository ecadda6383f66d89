import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { LayerStack } from '../../../core/model/trial/layer-stack.ts';
import type { AnalysisContext } from '../../../report/context.ts';
import {
  formatPercent,
  formatPercentEstimate,
  formatRatioEstimate,
} from '../../../report/document/format.ts';
import { rowConclusion } from '../../../report/findings/category-findings.ts';
import { costRatio, type RatioEstimate } from '../../../report/findings/row-guards.ts';
import type { FeatureSentences } from '../../../report/sections/answers/feature-sentences.ts';
import { topName } from '../report/words.ts';

const faster = messages('section.layers.faster', {
  better:
    'Called directly, {runtime} starts {ratio} as fast as {baseline}, saving {saved} of the time; through {engine}, it saves {kept}.',
  equivalent:
    'Called directly, {runtime} starts {ratio} as fast as {baseline}, saving {saved} of the time; through {engine}: no difference within ±{band} ({through}).',
  undecided:
    'Called directly, {runtime} starts {ratio} as fast as {baseline}, saving {saved} of the time; through {engine}: inconclusive ({through}).',
  worse:
    'Called directly, {runtime} starts {ratio} as fast as {baseline}; through {engine}, it takes {through} as long.',
});

const slower = messages('section.layers.slower', {
  worse:
    'Called directly, {runtime} takes {ratio} as long as {baseline} to start; through {engine}, {through}.',
  equivalent:
    'Called directly, {runtime} takes {ratio} as long as {baseline} to start; through {engine}: no difference within ±{band} ({through}).',
  undecided:
    'Called directly, {runtime} takes {ratio} as long as {baseline} to start; through {engine}: inconclusive ({through}).',
  better:
    'Called directly, {runtime} takes {ratio} as long as {baseline} to start; through {engine}, only {through}.',
});

/** How fast a runtime is when called alone, up to the first output, and how much of that remains through an engine. */
const layerSentences: FeatureSentences = (runtime, context) => {
  const { analysis } = context;
  const own = (analysis.layers ?? []).filter(
    (stack) =>
      stack.runtime === runtime &&
      stack.metric === 'startup.to_output' &&
      (stack.top === 'docker' || stack.top === 'containerd'),
  );
  const [first] = own;
  // The plainest subject stands for the others, with one sentence for every engine that started it.
  return own
    .filter(({ workload, params }) => workload === first?.workload && params === first.params)
    .flatMap((stack) => sentence(stack, context));
};

/** None where the runtime alone was not measured, or is not claimed to differ. */
function sentence(stack: LayerStack, context: AnalysisContext): readonly Message[] {
  const { analysis, band, lang, run } = context;
  const alone = rowOf(stack, { layer: 'oci', metric: 'startup.first_output' }, context);
  const through = rowOf(stack, { layer: stack.top, metric: 'startup.to_output' }, context);
  const [cost, left] = [alone, through].map((row) => (row === null ? null : costRatio(row)));
  if (alone === null || through === null || !cost || !left) return [];
  const conclusion = rowConclusion(alone);
  const values = {
    runtime: stack.runtime,
    baseline: analysis.baseline,
    engine: topName(stack, run),
    band,
    through: formatRatioEstimate(left, lang),
  };
  const then = rowConclusion(through);
  if (conclusion === 'better') {
    const ratio = formatRatioEstimate(inverse(cost), lang);
    const saved = formatPercent(1 - cost.ratio, lang);
    return [faster[then]({ ...values, ratio, saved, kept: savingText(left, context) })];
  }
  if (conclusion !== 'worse') return [];
  return [slower[then]({ ...values, ratio: formatRatioEstimate(cost, lang) })];
}

function rowOf(
  { runtime, workload, params, engine }: LayerStack,
  { layer, metric }: Pick<SummaryRow, 'layer' | 'metric'>,
  { rows }: AnalysisContext,
): SummaryRow | null {
  const own = rows.filter(
    (row) =>
      row.runtime === runtime &&
      row.workload === workload &&
      row.params === params &&
      row.layer === layer &&
      row.metric === metric,
  );
  return own.find((row) => row.engine === engine) ?? own.find((row) => row.engine === undefined) ?? null;
}

function inverse({ ratio, low, high }: RatioEstimate): RatioEstimate {
  return { ratio: 1 / ratio, low: high === null ? null : 1 / high, high: low === null ? null : 1 / low };
}

/** `7% [3%, 11%]` */
function savingText({ ratio, low, high }: RatioEstimate, { lang }: AnalysisContext): string {
  const saved = (of: number | null) => (of === null ? null : 1 - of);
  return formatPercentEstimate({ value: 1 - ratio, low: saved(high), high: saved(low) }, lang);
}

export default layerSentences;
