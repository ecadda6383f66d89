import Table from 'cli-table3';
import type { ListKind, Lists } from '../app/list.ts';
import { messages } from '../messages/define.ts';
import type { Lang, Message } from '../messages/message.ts';
import { formatParams } from '../model/cell.ts';
import type { Workload } from '../model/workload.ts';
import { metricLabel, messages as reportMessages } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { inLanguage } from './language.ts';

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
});

/** A text of a list's cell; a string is English or a name. */
type Say = (text: Message | string) => string;

function table(
  columns: readonly (readonly [title: Message, width: number])[],
  rows: readonly string[][],
  say: Say,
): string {
  const made = new Table({
    head: columns.map(([title]) => say(title)),
    colWidths: columns.map(([, width]) => width),
    wordWrap: true,
    style: { head: [], border: [], compact: true },
  });
  made.push(
    ...rows.map((row) =>
      row.map((cell) =>
        cell
          .split('\n')
          .map((line) => terminalText(line))
          .join('\n'),
      ),
    ),
  );
  return made.toString();
}

function workloadRow(workload: Workload, say: Say): string[] {
  const sets = Object.entries(workload.presets).map(
    ([preset, params]) =>
      `${preset}: ${params.map((set) => formatParams(set) || say(words.yes)).join(' | ') || say(words.no)}`,
  );
  return [workload.id, `${say(workload.title)}\n${sets.join('\n')}`, workload.metrics[0]?.id ?? ''];
}

function runtimesTable({ runtimes }: Lists, say: Say): string {
  return table(
    [
      [words.runtime, 20],
      [words.registration, 48],
      [words.version, 30],
    ],
    runtimes.map(({ name, path, runtimeArgs, runtimeType, origin, version }) => [
      name,
      `${runtimeType ?? [path, ...(runtimeArgs ?? [])].join(' ')} (${say(origin)})`,
      version ?? say(words.notInstalled),
    ]),
    say,
  );
}

function workloadsTable({ workloads }: Lists, say: Say): string {
  return table(
    [
      [words.workload, 20],
      [words.presets, 56],
      [words.headline, 22],
    ],
    workloads.map((workload) => workloadRow(workload, say)),
    say,
  );
}

function metricsTable({ metrics }: Lists, say: Say, lang: Lang): string {
  return table(
    [
      [words.metric, 26],
      [words.unit, 9],
      [words.better, 9],
      [words.what, 54],
    ],
    metrics.map(({ id, unit, better, description, from }) => [
      id,
      unit,
      better,
      `${metricLabel(id, reportMessages(lang))}\n${description} (${say(from)})`,
    ]),
    say,
  );
}

/** The lists as tables, one below the other. */
export function listTables(lists: Lists, wanted: readonly ListKind[], lang: Lang): string {
  const say: Say = (text) => inLanguage(text, lang);
  const makers: Record<ListKind, () => string> = {
    runtimes: () => runtimesTable(lists, say),
    workloads: () => workloadsTable(lists, say),
    metrics: () => metricsTable(lists, say, lang),
  };
  return wanted.map((kind) => makers[kind]()).join('\n');
}
