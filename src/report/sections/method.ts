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
    'A difference is claimed only when its interval excludes 1, it exceeds ±{practical}, and its p-value after correction is below {alpha}. “Equivalent” needs the whole 90% interval inside that band; everything else is inconclusive. The p-value is that of the paired t test on the log ratios.',
  families:
    'The headlines of one runtime in one category are a family. The correction of Benjamini and Bogomolov bounds the average share of false claims in the families with a claim by {alpha}, not the chance of any false claim in the run; any other metric is a family of its own, by Holm’s method.',
  check:
    '{baseline} was also measured a second time. Over {n, plural, one {{n} comparison} other {{n} comparisons}} with itself, the root mean square of the normal scores is {rms}; by chance it exceeds {limit} once in a hundred runs, and only beyond that are all intervals widened by it.',
  unchecked:
    '{baseline} was also measured a second time, with too few pairs to check whether it differs from itself by more than chance.',
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
      words.families({ alpha: formatNumberShort(thresholds.alpha, lang) }),
      ...checkSentence(context),
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

/** What the A/A control shows; nothing where there was none. */
function checkSentence({ analysis: { aaCheck, baseline }, lang }: ReportContext): readonly Message[] {
  if (aaCheck === null || aaCheck === undefined) return [];
  const { comparisons, rms, limit } = aaCheck;
  if (rms === null || limit === null) return [words.unchecked({ baseline })];
  const score = (value: number) => formatNumberShort(Number(value.toFixed(2)), lang);
  return [words.check({ baseline, n: comparisons, rms: score(rms), limit: score(limit) })];
}

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
