import { joined } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../core/messages/number.ts';
import { aaControl, cellKey, subjectKey } from '../../core/model/trial/cell.ts';
import type { ReportContext } from '../context.ts';
import { chapter, list, text } from '../document/document.ts';
import { formatConfidence, formatCount, formatNumberShort, formatValue } from '../document/format.ts';
import { stopReasonName } from '../words/step.ts';
import type { Section } from './section.ts';

const controlWords = messages('section.method.control', {
  again:
    '{baseline} was also measured a second time for {n} of {all} {all, plural, one {test} other {tests}}.',
  joins: 'Both measurements are in the ratios of the blocks that have both.',
  check:
    'The two measurements were compared as a check. Over {n} {n, plural, one {comparison} other {comparisons}}, the root mean square of the normal scores is {rms}. By chance alone it exceeds {limit} in one run of a hundred. The check detects a scatter {finds} times that of the blocks in four runs of five, a smaller one less often.',
  widened:
    '{baseline} differs from itself by more than chance. All intervals and p-values of this run are widened by a factor of {widening}.',
  unchecked: 'Too few pairs of the two exist to check whether they differ by more than chance.',
});

/** Result of the A/A check, which measures the baseline twice; empty without one. */
function controlSentences({ run, analysis, trials, lang }: ReportContext): readonly Message[] {
  const { baseline, aaCheck } = analysis;
  const subjectsOf = (runtime: string) =>
    new Set(
      trials
        .filter(({ trial }) => trial.phase === 'measure' && trial.cell.runtime === runtime)
        .map(({ trial }) => subjectKey(trial.cell)),
    ).size;
  const [n, all] = [subjectsOf(aaControl(baseline)), subjectsOf(baseline)];
  if (n === 0) return [];
  const { rms = null, limit = null, finds = null, comparisons = 0, widening = 1 } = aaCheck ?? {};
  const score = (value: number) => formatNumber(value, 2, lang);
  const checked =
    rms === null || limit === null || finds === null
      ? [controlWords.unchecked]
      : [
          controlWords.check({
            n: comparisons,
            rms: score(rms),
            limit: score(limit),
            finds: score(finds),
          }),
        ];
  const sentences = [
    controlWords.again({ baseline, n: formatCount(n, lang), all }),
    ...(run.config.duet === undefined ? [controlWords.joins] : []),
    ...(aaCheck === undefined ? [] : checked),
    ...(widening > 1 ? [controlWords.widened({ baseline, widening: score(widening) })] : []),
  ];
  return [joined(sentences, 'space')];
}

const words = messages('section.method', {
  title: 'Method',
  alone: 'one container at a time',
  duets: 'two containers at once (a runtime and the baseline, each on half of the CPUs)',
  blocks:
    '{blocks} measured {blocks, plural, one {block} other {blocks}} (and {warmup} warm-up {trials, plural, one {trial} other {trials}} that are recorded but not analysed). A block runs every combination once, {pace}, in an order shuffled from the seed.',
  someBlocks:
    '{blocks} measured {blocks, plural, one {block} other {blocks}} (and {warmup} warm-up {trials, plural, one {trial} other {trials}} that are recorded but not analysed); {complete} {complete, plural, one {holds} other {hold}} every combination. A block holds {range} of {all} combinations, {pace}, in an order shuffled from the seed. A combination ends when it is clear, precise enough or given up; the time limit can end a block.',
  range: '{low} to {high}',
  ratio:
    'Ratios compare a runtime with {baseline} within the same block: the Hodges–Lehmann estimate of the paired log ratio, with its signed-rank interval. That interval is exact where the log ratios are independent and symmetric. {baseline}’s value is its median, with an order-statistic interval. The value of another runtime is that median times the ratio.',
  verdict:
    'A difference is claimed only if its interval excludes 1, it exceeds ±{practical}, and its p-value after correction is below {alpha}. The p-value is that of the paired t test of the log ratios. From 12 pairs on, it is combined with the signed-rank test, so that one outlier hides no difference. It assumes independent blocks: few blocks, strong skew or two groups of values can break it. A comparison that ended early because it was clear has a wider interval on the side towards 1. “No difference” needs the {narrow} interval inside [{low}, {high}] (two one-sided tests at {each}, not corrected for their number). Everything else is inconclusive.',
  families:
    'Correction: each runtime by itself. If a runtime equals the baseline, a run claims any difference of a test or category with probability {alpha} at most. Categories are corrected by Holm’s method at two thirds of that level. A test differs where its category does and it stands by Benjamini and Bogomolov’s method. It also differs where it stands among all tests of the runtime by Holm’s method, at a third of the level. Every other metric of a runtime is a family of its own, by Holm’s method.',
  extensions:
    'After its end, the run was extended {n, plural, one {once} other {{n} times}} for chosen comparisons. What was chosen after a look at the results is tested with later blocks only, the k-th time at {alpha}·4⁻ᵏ. Estimates and intervals use all blocks.',
  categories:
    'The ratio of a category is the middle of its tests: the geometric mean of their ratios without the lowest and the highest. Each test weighs the same, whatever its noise. Its t interval is over the blocks. Values further than three robust deviations (five below ten values) from their test’s median count as values at that distance. Nothing is claimed of a category where the tests without one of them would not bear it out. Fewer than three tests have no common ratio. The ratio stands for these tests, not for others.',
  accounting:
    'A parent cgroup made for each trial counts CPU, memory and I/O. Processes outside it (shim, virtual machine …) and the engine are reported beside it. PSS is the proportional set size.',
  sampler:
    'Containers under load were sampled every {period}: {readings} readings, one cost {mean} of the harness’s time on average{max}{scan}{skipped}{failed}.',
  samplerMax: ' and {cost} at most',
  samplerScan: ', a look at the processes {cost} on average',
  samplerSkipped: '; periods without a reading, because the harness was late: {n}',
  samplerFailed: '; failed readings: {n}',
  trials: '{ok} trials succeeded, {failed} failed.',
  stop: 'Measuring stopped {reason}. Seed {seed}.',
});

/** How the numbers were obtained. */
export default {
  id: 'method',
  order: 1100,
  blocks(context) {
    const { run, analysis, band, lang, t } = context;
    const { trials, thresholds, baseline } = analysis;
    const alpha = formatNumberShort(thresholds.alpha, lang);
    const extensions = run.extensions?.length ?? 0;
    const sentences = [
      blocksSentence(context),
      words.ratio({ baseline }),
      words.verdict({
        practical: band,
        alpha,
        low: formatNumber(1 / (1 + thresholds.practical), 3, lang),
        high: formatNumberShort(1 + thresholds.practical, lang),
        narrow: formatConfidence(1 - 2 * thresholds.alpha, lang),
        each: formatConfidence(thresholds.alpha, lang),
      }),
      words.families({ alpha }),
      ...(extensions === 0 ? [] : [words.extensions({ n: extensions, alpha })]),
      ...(analysis.categories.some(({ subjects }) => subjects > 1) ? [words.categories] : []),
      ...controlSentences(context),
      words.accounting,
      ...samplerSentence(context),
      words.trials({ ok: formatCount(trials.ok, lang), failed: formatCount(trials.failed, lang) }),
      ...(run.stopReason === null
        ? []
        : [words.stop({ reason: stopReasonName(run.stopReason), seed: String(run.seed) })]),
    ];
    const items = sentences.map((sentence) => [text(t(sentence))]);
    return [chapter({ title: t(words.title), id: 'method' }, list(items))];
  },
} satisfies Section;

/** Number of blocks, and their completeness. */
function blocksSentence({ run, analysis, trials, lang }: ReportContext): Message {
  const { blocks, trials: counts } = analysis;
  const measured = trials.filter(({ trial }) => trial.phase === 'measure').map(({ trial }) => trial);
  const cells = new Set(measured.map(({ cell }) => cellKey(cell))).size;
  const sizes = [...Map.groupBy(measured, ({ block }) => block).values()].map(
    (own) => new Set(own.map(({ cell }) => cellKey(cell))).size,
  );
  const complete = analysis.completeBlocks;
  const pace = run.config.duet === true ? words.duets : words.alone;
  const said = { blocks, warmup: formatCount(counts.warmup, lang), trials: counts.warmup, pace };
  if (complete === blocks) return words.blocks(said);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const range = low === high ? String(low) : words.range({ low, high });
  return words.someBlocks({ ...said, complete, range, all: cells });
}

/** Sampling interval of running containers, and its cost; empty without sampling. */
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
