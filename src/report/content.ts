import type { Chart } from './charts/chart.ts';
import type { ReportContext } from './context.ts';
import { type Block, heading, paragraph, quote, type Text, text } from './document.ts';
import { emulationDoubt, otherDoubts } from './emulation.ts';
import { formatInstant } from './format.ts';
import { lookup } from './messages/index.ts';
import { tellQuotes } from './phrases/quotes.ts';
import { answersSection } from './sections/answers.ts';
import { factsSection } from './sections/isolation.ts';
import { dataSection, methodSection } from './sections/method.ts';
import { missingSection } from './sections/missing.ts';
import { noiseSection } from './sections/noise.ts';
import { resultsSection } from './sections/results.ts';
import { setupSection } from './sections/setup.ts';
import { taughtSection } from './sections/taught.ts';

/** The report as data: doubts and answers first, then charts and tables, then what they rest on. */
export function reportContent(context: ReportContext, charts: readonly Chart[]): readonly Block[] {
  const blocks = [
    heading(1, reportTitle(context)),
    ...introduction(context),
    ...answersSection(context),
    ...taughtSection(context),
    ...chartsSection(context, charts),
    ...resultsSection(context),
    ...factsSection(context),
    ...missingSection(context),
    ...setupSection(context),
    ...noiseSection(context),
    ...methodSection(context),
    ...dataSection(context),
  ];
  return tellQuotes(blocks, context.lang);
}

/** `What runc, crun and runsc cost`, of the runtimes that could be measured. */
export function reportTitle({ run, m }: ReportContext): string {
  const names = run.runtimes
    .filter(({ preflight }) => preflight.status === 'available')
    .map(({ entry }) => entry.name);
  return names.length === 0 ? m.reportTitleNone : m.reportTitle(m.and(names));
}

function introduction({ run, analysis, m }: ReportContext): readonly Block[] {
  const host = `${run.host.hostname} (${m.cpuCount(run.host.cpus, run.host.cpuModel)}, Linux ${run.host.kernel})`;
  const doubts: Text[] = otherDoubts(analysis).map(({ message }) => [quote(message)]);
  const status = lookup(m.statusNote, run.status);
  if (status !== undefined) doubts.unshift([text(status)]);
  const emulation = emulationDoubt(run, m);
  if (emulation !== null) doubts.unshift([text(emulation)]);
  const labels = Object.entries(run.config.labels).map(([name, value]) => `${name}=${value}`);
  return [
    paragraph(
      text(m.reportMeta(run.runId, formatInstant(run.startedAt), host)),
      text(labels.length === 0 ? '' : ` ${labels.join(', ')}`),
    ),
    ...(doubts.length === 0 ? [] : [{ kind: 'warning', items: doubts } as const]),
  ];
}

function chartsSection({ m }: ReportContext, charts: readonly Chart[]): readonly Block[] {
  const absent = charts.flatMap((chart): readonly Text[] =>
    'absent' in chart ? [[text(`${chart.title}${m.colon}${chart.absent}`)]] : [],
  );
  return [
    heading(2, m.chartsHeading),
    ...charts.flatMap((chart): readonly Block[] =>
      'absent' in chart
        ? []
        : [{ kind: 'figure', chart: chart.id, title: chart.title, caption: chart.caption }],
    ),
    ...(absent.length === 0
      ? []
      : [paragraph(text(m.chartAbsent)), { kind: 'list', items: absent } as const]),
  ];
}
