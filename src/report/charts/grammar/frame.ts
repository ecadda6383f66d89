import { joined } from '../../../core/messages/compose.ts';
import type { Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { dockerVersions } from '../../../core/model/run/run.ts';
import type { ReportContext } from '../../context.ts';
import { formatInstant } from '../../document/format.ts';
import { plainText } from '../../document/sanitize.ts';
import { wrapText } from '../../document/wrap.ts';
import type { Drawing, Shown, Spec } from './chart.ts';
import { shownRuntimes } from './live.ts';
import { chartName } from './palette.ts';
import { standalone, theme, withTexts } from './theme.ts';
import { chartWords, countOfValues } from './words.ts';

/** What a picture says beside its data. */
interface Said {
  /** Finding of the picture in a sentence. */
  readonly own: Message | null;
  /** Finding of its section, which a report shows above it. */
  readonly common: Message | null;
  readonly shows: Shown;
}

/**
 * Adds title, subtitle (the finding; machine, kernel, date; then n and the caption) and the shared theme to a view. Charts are
 * also shown without the report, so the subtitle repeats the main doubt (an emulated processor).
 */
export function framed(
  context: ReportContext,
  title: string,
  { caption, counts, columns = 108, ...drawing }: Drawing,
  { own, common, shows }: Said,
): { readonly caption: string; readonly spec: Spec } {
  const { lang } = context;
  const reading = translate(
    joined(
      caption.filter((clause) => clause !== false),
      'semicolon',
    ),
    lang,
  );
  const said = [...(counts.length === 0 ? [] : [translate(countOfValues(counts), lang)]), reading].join(
    ' · ',
  );
  const marks = emulationMarks(context, shows);
  const finding = own ?? common;
  const found = finding === null ? [] : [translate(finding, lang)];
  const subtitle = [...marks, ...found, originOf(context), said].flatMap((line) =>
    wrapText(plainText(line), columns),
  );
  return {
    caption: own === null ? said : `${translate(own, lang)} ${said}`,
    spec: standalone(
      {
        description: [title, ...marks, ...found, reading]
          .map((part) => plainText(part).replace(/\.$/, ''))
          .join('. '),
        title: { text: wrapText(plainText(title), 75), subtitle },
        ...live(drawing),
      },
      lang,
    ),
  };
}

/** A view with its interactive parameters and the shared theme, without title. */
export function untitled({ lang }: ReportContext, drawing: Pick<Drawing, 'view' | 'runtimes'>): Spec {
  return withTexts({ ...live(drawing), config: theme(lang) });
}

function live({ view, runtimes }: Pick<Drawing, 'view' | 'runtimes'>): Spec {
  return { params: [shownRuntimes(runtimes.map(chartName))], ...view };
}

function originOf({ run }: ReportContext): string {
  return [
    `${run.host.cpus} × ${shortCpu(run.host.cpuModel)}`,
    `Linux ${run.host.kernel}`,
    `Docker ${dockerVersions(run)}`,
    formatInstant(run.startedAt),
  ].join(' · ');
}

const guestMarks: Readonly<Record<Shown, typeof chartWords.emulatedTimes>> = {
  times: chartWords.emulatedTimes,
  memory: chartWords.emulatedMemory,
  both: chartWords.emulatedBoth,
};

function emulationMarks({ run, analysis, lang }: ReportContext, shows: Shown): readonly string[] {
  const { emulation } = run.host;
  const guests = (analysis.emulatedGuests ?? []).map(({ runtime, by }) => `${runtime} (${by})`);
  return [
    ...(emulation === null ? [] : [chartWords.emulated({ by: emulation })]),
    ...(guests.length === 0 ? [] : [guestMarks[shows]({ names: guests.join(', ') })]),
  ].map((mark) => translate(mark, lang));
}

/** Shortens a CPU model: `Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz` → `Intel Xeon Gold 6338 @ 2.00GHz`. */
function shortCpu(model: string): string {
  return model
    .replace(/\((?:R|TM)\)|\bCPU\b|\b\d+-Core Processor\b|\bProcessor\b/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
