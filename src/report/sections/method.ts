import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { numberLocales } from '../../messages/number.ts';
import type { ReportContext } from '../context.ts';
import { heading, text } from '../document.ts';
import { formatCount, formatNumberShort, formatValue } from '../format.ts';
import { stopReasonName } from '../words/stop-reason.ts';
import type { Section } from './section.ts';

const words = messages('section.method', {
  title: 'Method',
  blocks:
    '{blocks} measured {blocks, plural, one {block} other {blocks}} (and {warmup} warm-up {trials, plural, one {trial} other {trials}} that are recorded but not analysed). A block runs every combination once, one container at a time, in an order shuffled from the seed.',
  ratio:
    'Ratios are to {baseline} within the same block: the Hodges–Lehmann estimate of the paired log ratio with its exact signed-rank interval. Medians have order-statistic intervals.',
  verdict:
    'A difference is claimed only when its interval excludes 1, it exceeds ±{practical}, and its p-value after Holm’s correction is below {alpha}. “Equivalent” needs the whole interval inside that band; everything else is inconclusive. The p-value is twice the smaller one of the exact signed-rank and rank-sum tests.',
  floor:
    '{baseline} was also measured a second time in every block. What its two measurements differ by is the run’s own noise; a difference is claimed only beyond it.',
  accounting:
    'CPU, memory and I/O are what a parent cgroup made for each trial counted; processes outside it (shim, virtual machine …) and the engine are reported beside it. PSS is the proportional set size.',
  sampler:
    'Containers under load were sampled every {period}: {readings} readings, one cost {mean} of the harness’s time on average{max}{scan}{skipped}{failed}.',
  samplerMax: ' and {cost} at most',
  samplerScan: ', a look at the processes {cost} on average',
  samplerSkipped: '; periods without a reading, because the harness was late: {n}',
  samplerFailed: '; failed readings: {n}',
  trials: '{ok} trials succeeded, {failed} failed.',
  stop: 'Sampling ended by: {reason}. Seed {seed}.',
});

/** How the numbers were obtained. */
export default {
  id: 'method',
  order: 1100,
  blocks(context) {
    const { run, analysis, band, lang, t } = context;
    const { trials, thresholds, baseline, blocks } = analysis;
    const sentences = [
      words.blocks({ blocks, warmup: formatCount(trials.warmup, lang), trials: trials.warmup }),
      words.ratio({ baseline }),
      words.verdict({ practical: band, alpha: formatNumberShort(thresholds.alpha, lang) }),
      ...(analysis.noiseFloor.length === 0 ? [] : [words.floor({ baseline })]),
      words.accounting,
      ...samplerSentence(context),
      words.trials({ ok: formatCount(trials.ok, lang), failed: formatCount(trials.failed, lang) }),
      ...(run.stopReason === null
        ? []
        : [words.stop({ reason: stopReasonName(run.stopReason), seed: String(run.seed) })]),
    ];
    return [
      heading(2, t(words.title), 'method'),
      { kind: 'list', items: sentences.map((sentence) => [text(t(sentence))]) },
    ];
  },
} satisfies Section;

/** How often running containers were sampled, and what that cost the harness; nothing where none was. */
function samplerSentence({ run, lang }: ReportContext): readonly Message[] {
  const { sampler, config } = run;
  if (sampler === null || sampler.readings === 0) return [];
  const { maxCostNs, meanProcessScanNs, skipped, failed } = sampler;
  const time = (ns: number) => formatValue(ns, 'ns', lang);
  const period = formatNumberShort(sampler.periodMs ?? config.samplePeriodMs, lang);
  return [
    words.sampler({
      period: `${period}${numberLocales[lang].unitSpace}ms`,
      readings: formatCount(sampler.readings, lang),
      mean: time(sampler.meanCostNs),
      max: maxCostNs === null ? '' : words.samplerMax({ cost: time(maxCostNs) }),
      scan: meanProcessScanNs === null ? '' : words.samplerScan({ cost: time(meanProcessScanNs) }),
      skipped: !skipped ? '' : words.samplerSkipped({ n: formatCount(skipped, lang) }),
      failed: !failed ? '' : words.samplerFailed({ n: formatCount(failed, lang) }),
    }),
  ];
}
