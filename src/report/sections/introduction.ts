import { listed } from '../../messages/compose.ts';
import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { RunRecord } from '../../model/run.ts';
import type { ReportContext } from '../context.ts';
import { type Block, heading, paragraph, type Text, text } from '../document.ts';
import { emulationDoubt, otherDoubts } from '../emulation.ts';
import { formatInstant } from '../format.ts';
import { quoted } from '../quotes.ts';
import { lookup } from '../words/lookup.ts';
import type { Section } from './section.ts';

const words = messages('section.introduction', {
  title: 'What {runtimes} cost',
  titleOfNone: 'What container runtimes cost',
  run: 'Run {runId}, {started}, on {host} ({cpus} × {model}, Linux {kernel}).',
});

const statusNotes = messages('section.introduction', {
  running: 'This run has not ended: the numbers are provisional.',
  interrupted: 'This run was interrupted: it holds what was measured until then.',
  failed: 'This run failed: it holds what was measured until then.',
});

/** `What runc, crun and runsc cost`, for the runtimes that could be measured. */
export function reportTitle({ runtimes }: RunRecord): Message {
  const names = runtimes
    .filter(({ preflight }) => preflight.status === 'available')
    .map(({ entry }) => entry.name);
  return names.length === 0 ? words.titleOfNone : words.title({ runtimes: listed(names, 'and') });
}

/** Identifies the run, and states what to know before reading its numbers. */
export default {
  id: 'introduction',
  order: 100,
  blocks({ run, analysis, lang, t }: ReportContext): readonly Block[] {
    const { host, runId, startedAt } = run;
    const doubts: Text[] = otherDoubts(analysis).map((warning) => [quoted(warning, 'message', lang)]);
    const status = lookup<Message>(statusNotes, run.status);
    if (status !== undefined) doubts.unshift([text(t(status))]);
    const emulation = emulationDoubt(run);
    if (emulation !== null) doubts.unshift([text(t(emulation))]);
    const about = words.run({
      runId,
      started: formatInstant(startedAt),
      host: host.hostname,
      cpus: host.cpus,
      model: host.cpuModel,
      kernel: host.kernel,
    });
    const labels = Object.entries(run.config.labels).map(([name, value]) => `${name}=${value}`);
    return [
      heading(1, t(reportTitle(run))),
      paragraph(text(t(about)), text(labels.length === 0 ? '' : ` ${labels.join(', ')}`)),
      ...(doubts.length === 0 ? [] : [{ kind: 'warning', items: doubts } as const]),
    ];
  },
} satisfies Section;
