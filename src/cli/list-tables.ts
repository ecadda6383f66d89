import { everyWorkload, type ListKind, type Lists } from '../app/list.ts';
import { listed } from '../core/messages/compose.ts';
import { messages } from '../core/messages/define.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import { translate } from '../core/messages/translate.ts';
import { asMessage } from '../core/model/failure/said.ts';
import { lookup } from '../core/model/nearest.ts';
import { formatParams } from '../core/model/trial/cell.ts';
import type { Workload } from '../core/model/workload/workload.ts';
import { type Block, type Inline, lineBreak, paragraph, text } from '../report/document/document.ts';
import { type TableCell, tableOf, wrap } from '../report/document/make-table.ts';
import { renderTerminal, type TerminalOptions } from '../report/renderers/terminal.ts';

const words = messages('list', {
  runtime: 'runtime',
  registration: 'how it is registered',
  version: 'version',
  workload: 'workload',
  presets: 'what it does, and what each preset measures',
  headline: 'main metric',
  metric: 'metric',
  unit: 'unit',
  better: 'better',
  what: 'what it is',
  notInstalled: 'not installed here',
  yes: 'yes',
  no: 'no',
  everyWorkload: 'every workload',
  profile: 'profile',
  options: 'options added to the plain container',
  run: 'run',
  status: 'status',
  begun: 'begun (UTC)',
  measured: 'what was measured',
  noRuns: 'no runs here yet; start one:  @(run)',
  contents: '{preset}: {runtimes}; {n, plural, one {{n} workload} other {{n} workloads}}',
  unreadable: 'unreadable',
});

/** Names of a runtime's sources other than a file or a variable. */
const origins = messages('list.origin', { 'built-in': 'built-in', engine: 'engine' });

const statuses = messages('list.status', {
  running: 'running or cut off',
  complete: 'complete',
  interrupted: 'interrupted',
  failed: 'failed',
});

type Say = (message: Message) => string;

const lines = (texts: readonly string[]): readonly Inline[] =>
  texts.flatMap((line, i) => (i === 0 ? [text(line)] : [lineBreak, text(line)]));

function runtimesTable({ runtimes }: Lists, say: Say, lang: Lang): Block {
  return tableOf(
    runtimes,
    [
      [words.runtime, ({ name }) => name, wrap(20)],
      [
        words.registration,
        ({ runtimeType, path, runtimeArgs, origin }) =>
          `${runtimeType ?? [path, ...(runtimeArgs ?? [])].join(' ')} (${say(asMessage(lookup(origins, origin) ?? origin))})`,
        wrap(50, 20),
      ],
      [words.version, ({ version }) => version ?? words.notInstalled, wrap(30, 12)],
    ],
    lang,
  );
}

function workloadsTable({ workloads }: Lists, say: Say, lang: Lang): Block {
  const setsOf = ({ presets }: Workload) =>
    Object.entries(presets).map(
      ([preset, params]) =>
        `${preset}: ${params.map((set) => formatParams(set) || say(words.yes)).join(' | ') || say(words.no)}`,
    );
  return tableOf(
    workloads,
    [
      [words.workload, ({ id }) => id, wrap(20)],
      [
        words.presets,
        (workload) => lines([say(asMessage(workload.title)), ...setsOf(workload)]),
        wrap(56, 24),
      ],
      [words.headline, ({ metrics }) => metrics[0]?.id ?? '', wrap(22, 16)],
    ],
    lang,
  );
}

async function metricsTable({ metrics }: Lists, say: Say, lang: Lang): Promise<Block> {
  const { metricName } = await import('../report/words/metric.ts');
  const about = ({ description, from }: Lists['metrics'][number]) =>
    `${description} (${from === everyWorkload ? say(words.everyWorkload) : from})`;
  return tableOf(
    metrics,
    [
      [words.metric, ({ id }) => id, wrap(26, 18)],
      [words.unit, ({ unit }) => unit, wrap(9)],
      [words.better, ({ better }) => better, wrap(9)],
      [words.what, (metric) => lines([metricName(metric.id, lang), about(metric)]), wrap(54, 24)],
    ],
    lang,
  );
}

function profilesTable({ profiles }: Lists, lang: Lang): Block {
  return tableOf(
    profiles,
    [
      [words.profile, ({ name }) => name, wrap(22, 12)],
      [words.what, ({ description }) => description ?? '', wrap(54, 24)],
      [
        words.options,
        ({ options }) => (options === null ? '' : JSON.stringify(options).slice(1, -1).replaceAll('"', '')),
        wrap(40, 16),
      ],
    ],
    lang,
  );
}

function runsTable({ runs }: Lists, say: Say, lang: Lang): Block {
  if (runs.length === 0) return paragraph(text(say(words.noRuns)));
  const contents = (run: (typeof runs)[number]): TableCell => {
    if ('unreadable' in run) return run.unreadable;
    const { preset, runtimes, workloads, labels } = run;
    return lines([
      say(words.contents({ preset, runtimes: listed(runtimes), n: workloads.length })),
      ...(workloads.length > 3 ? [] : [workloads.join(', ')]),
      ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    ]);
  };
  return tableOf(
    runs,
    [
      [words.run, ({ runId }) => runId, wrap(24)],
      [words.status, (run) => ('unreadable' in run ? words.unreadable : statuses[run.status]), wrap(12)],
      [
        words.begun,
        (run) => ('unreadable' in run ? '' : run.startedAt.slice(0, 16).replace('T', ' ')),
        wrap(16),
      ],
      [words.measured, contents, wrap(50, 24)],
    ],
    lang,
  );
}

/** The lists as tables, one below the other. */
export async function listTables(
  lists: Lists,
  wanted: readonly ListKind[],
  options: TerminalOptions,
): Promise<string> {
  const { lang } = options;
  const say: Say = (message) => translate(message, lang);
  const makers: Record<ListKind, () => Block | Promise<Block>> = {
    runtimes: () => runtimesTable(lists, say, lang),
    workloads: () => workloadsTable(lists, say, lang),
    metrics: () => metricsTable(lists, say, lang),
    profiles: () => profilesTable(lists, lang),
    runs: () => runsTable(lists, say, lang),
  };
  const tables = await Promise.all(wanted.map((kind) => makers[kind]()));
  return renderTerminal(
    tables.map((table) => [table]),
    options,
  );
}
