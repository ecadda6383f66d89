import type { ReportContext } from '../context.ts';
import { type Block, heading, link, paragraph, text } from '../document.ts';
import { formatCount, formatNumberShort } from '../format.ts';
import { lookup } from '../messages/index.ts';

/** How the numbers came about, in a few sentences. */
export function methodSection({ m, run, analysis, band, lang }: ReportContext): readonly Block[] {
  const { trials, thresholds } = analysis;
  const sentences = [
    m.methodBlocks(analysis.blocks, trials.warmup),
    m.methodRatio(analysis.baseline),
    m.methodVerdict(band, formatNumberShort(thresholds.alpha, lang)),
    m.methodAccounting,
    m.trialsText(formatCount(trials.ok, lang), formatCount(trials.failed, lang)),
    ...(run.stopReason === null
      ? []
      : [m.methodStop(lookup(m.stopReason, run.stopReason) ?? run.stopReason, run.seed)]),
  ];
  return [heading(2, m.methodHeading), { kind: 'list', items: sentences.map((words) => [text(words)]) }];
}

/** Links to the files of the run that lie beside the report. */
export function dataSection({ m }: ReportContext): readonly Block[] {
  const files = ['measurements.csv', 'summary.csv', 'analysis.json', 'trials.jsonl', 'run.json'];
  return [
    heading(2, m.dataHeading),
    paragraph(
      text(`${m.dataText} `),
      ...files.flatMap((file, i) => [text(i === 0 ? '' : ', '), link(file, file)]),
    ),
  ];
}
