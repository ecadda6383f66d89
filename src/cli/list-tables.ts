import { everyWorkload, type ListKind, type Lists } from '../app/list.ts';
import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { formatParams } from '../core/model/cell.ts';
import { lookup } from '../core/model/lookup.ts';
import { asMessage } from '../core/model/said.ts';
import type { Workload } from '../core/model/workload.ts';
import { type Block, type Inline, lineBreak, paragraph, type Text, text } from '../report/document.ts';
import { renderTerminal, type TerminalOptions } from '../report/renderers/terminal.ts';
import { metricName } from '../report/words/metric.ts';
import { type Say, textTable } from './text-table.ts';

const words = messages('list', {
  runtime: 'runtime',
  registration: 'how it is registered',
  version: 'version',
  workload: 'workload',
  presets: 'what it does, and what each preset measures',
  headline: 'headline',
  metric: 'metric',
  unit: 'unit',
  better: 'better',
  what: 'what it is',
  notInstalled: 'not installed here',
  yes: 'yes',
  no: 'no',
  everyWorkload: 'every workload',
  profile: 'profile',
  options: 'what is put on the plain container',
  run: 'run',
  status: 'status',
  begun: 'begun (UTC)',
  measured: 'what was measured',
  noRuns: 'no run here; measure first:  @(run)',
  contents: '{preset}: {runtimes}; {n, plural, one {{n} workload} other {{n} workloads}}',
  unreadable: 'unreadable',
});

/** Sources of a runtime that are neither a file nor a variable. */
const origins = messages('list.origin', { 'built-in': 'built-in', engine: 'engine' });

const statuses = messages('list.status', {
  running: 'running or cut off',
  complete: 'complete',
  interrupted: 'interrupted',
  failed: 'failed',
});

const lines = (texts: readonly string[]): readonly Inline[] =>
  texts.flatMap((line, i) => (i === 0 ? [text(line)] : [lineBreak, text(line)]));

function workloadRow(workload: Workload, say: Say): readonly Text[] {
  const sets = Object.entries(workload.presets).map(
    ([preset, params]) =>
      `${preset}: ${params.map((set) => formatParams(set) || say(words.yes)).join(' | ') || say(words.no)}`,
  );
  return [
    [text(workload.id)],
    lines([say(asMessage(workload.title)), ...sets]),
    [text(workload.metrics[0]?.id ?? '')],
  ];
}

function runtimesTable({ runtimes }: Lists, say: Say): Block {
  return textTable(
    [
      { title: words.runtime, max: 20 },
      { title: words.registration, max: 50, min: 20 },
      { title: words.version, max: 30, min: 12 },
    ],
    runtimes.map(({ name, path, runtimeArgs, runtimeType, origin, version }) => [
      [text(name)],
      [
        text(
          `${runtimeType ?? [path, ...(runtimeArgs ?? [])].join(' ')} (${say(asMessage(lookup(origins, origin) ?? origin))})`,
        ),
      ],
      [text(version ?? say(words.notInstalled))],
    ]),
    say,
  );
}

function workloadsTable({ workloads }: Lists, say: Say): Block {
  return textTable(
    [
      { title: words.workload, max: 20 },
      { title: words.presets, max: 56, min: 24 },
      { title: words.headline, max: 22, min: 16 },
    ],
    workloads.map((workload) => workloadRow(workload, say)),
    say,
  );
}

function metricsTable({ metrics }: Lists, say: Say, lang: Lang): Block {
  return textTable(
    [
      { title: words.metric, max: 26, min: 18 },
      { title: words.unit, max: 9 },
      { title: words.better, max: 9 },
      { title: words.what, max: 54, min: 24 },
    ],
    metrics.map(({ id, unit, better, description, from }) => [
      [text(id)],
      [text(unit)],
      [text(better)],
      lines([
        metricName(id, lang),
        `${description} (${from === everyWorkload ? say(words.everyWorkload) : from})`,
      ]),
    ]),
    say,
  );
}

function profilesTable({ profiles }: Lists, say: Say): Block {
  return textTable(
    [
      { title: words.profile, max: 22, min: 12 },
      { title: words.what, max: 54, min: 24 },
      { title: words.options, max: 40, min: 16 },
    ],
    profiles.map(({ name, options, description }) => [
      [text(name)],
      [text(description === null ? '' : say(description))],
      [text(options === null ? '' : JSON.stringify(options).slice(1, -1).replaceAll('"', ''))],
    ]),
    say,
  );
}

function runsTable({ runs }: Lists, say: Say): Block {
  if (runs.length === 0) return paragraph(text(say(words.noRuns)));
  return textTable(
    [
      { title: words.run, max: 24 },
      { title: words.status, max: 12 },
      { title: words.begun, max: 16 },
      { title: words.measured, max: 50, min: 24 },
    ],
    runs.map((run) => {
      if ('unreadable' in run)
        return [[text(run.runId)], [text(say(words.unreadable))], [text('')], [text(say(run.unreadable))]];
      const { runId, status, startedAt, preset, runtimes, workloads, labels } = run;
      const contents = words.contents({ preset, runtimes: listed(runtimes), n: workloads.length });
      const marks = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
      const all = [say(contents), ...(workloads.length > 3 ? [] : [workloads.join(', ')]), ...marks];
      return [
        [text(runId)],
        [text(say(statuses[status]))],
        [text(startedAt.slice(0, 16).replace('T', ' '))],
        lines(all),
      ];
    }),
    say,
  );
}

/** The lists as tables, one below the other. */
export function listTables(lists: Lists, wanted: readonly ListKind[], options: TerminalOptions): string {
  const { lang } = options;
  const say: Say = (message) => translate(message, lang);
  const makers: Record<ListKind, () => Block> = {
    runtimes: () => runtimesTable(lists, say),
    workloads: () => workloadsTable(lists, say),
    metrics: () => metricsTable(lists, say, lang),
    profiles: () => profilesTable(lists, say),
    runs: () => runsTable(lists, say),
  };
  return renderTerminal(
    wanted.map((kind) => [makers[kind]()]),
    options,
  );
}
