import { numberLocales } from '../../messages/number.ts';
import type { ReportContext } from '../context.ts';
import { type Block, heading, link, paragraph, text } from '../document.ts';
import { formatCount, formatNumberShort, formatValue } from '../format.ts';
import { lookup } from '../messages/index.ts';

/** How the numbers came about, in a few sentences. */
export function methodSection(context: ReportContext): readonly Block[] {
  const { m, run, analysis, band, lang } = context;
  const { trials, thresholds } = analysis;
  const sentences = [
    m.methodBlocks(analysis.blocks, trials.warmup),
    m.methodRatio(analysis.baseline),
    m.methodVerdict(band, formatNumberShort(thresholds.alpha, lang)),
    ...(analysis.noiseFloor.length === 0 ? [] : [m.methodFloor(analysis.baseline)]),
    m.methodAccounting,
    ...samplerSentence(context),
    m.trialsText(formatCount(trials.ok, lang), formatCount(trials.failed, lang)),
    ...(run.stopReason === null
      ? []
      : [m.methodStop(lookup(m.stopReason, run.stopReason) ?? run.stopReason, run.seed)]),
  ];
  return [
    heading(2, m.methodHeading, 'method'),
    { kind: 'list', items: sentences.map((words) => [text(words)]) },
  ];
}

/** How often running containers were read, and what that cost the harness; nothing where none was. */
function samplerSentence({ m, run, lang }: ReportContext): readonly string[] {
  const { sampler, config } = run;
  if (sampler === null || sampler.readings === 0) return [];
  const time = (ns: number | null) => (ns === null ? null : formatValue(ns, 'ns', lang));
  const count = (n: number | null) => (n === null || n === 0 ? null : formatCount(n, lang));
  return [
    m.methodSampler({
      period: `${formatNumberShort(sampler.periodMs ?? config.samplePeriodMs, lang)}${numberLocales[lang].unitSpace}ms`,
      readings: formatCount(sampler.readings, lang),
      mean: formatValue(sampler.meanCostNs, 'ns', lang),
      most: time(sampler.maxCostNs),
      scan: time(sampler.meanProcessScanNs),
      skipped: count(sampler.skipped),
      failed: count(sampler.failed),
    }),
  ];
}

/** Links to the files of the run that lie beside the report. */
export function dataSection({ m }: ReportContext): readonly Block[] {
  const files = ['measurements.csv', 'summary.csv', 'facts.csv', 'analysis.json', 'trials.jsonl', 'run.json'];
  return [
    heading(2, m.dataHeading, 'data'),
    paragraph(
      text(`${m.dataText} `),
      ...files.flatMap((file, i) => [text(i === 0 ? '' : ', '), link(file, file)]),
    ),
  ];
}
