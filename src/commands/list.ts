import Table from 'cli-table3';
import { recordableEntry } from '../config/recordable-entry.ts';
import { identifyRuntime } from '../host/runtimes.ts';
import { harnessMetrics } from '../metrics/registry.ts';
import { formatParams } from '../model/cell.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import type { MetricDefinition } from '../model/metric.ts';
import type { Workload } from '../model/workload.ts';
import { messages, metricLabel } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { allWorkloads, type CommonFlags, loadResolution } from './configuration.ts';
import { spoken, spokenLanguage } from './language.ts';
import { registeredRuntimes } from './registered.ts';
import { terminal } from './terminal.ts';

const kinds = ['runtimes', 'workloads', 'metrics'] as const;
type Kind = (typeof kinds)[number];

function table(head: string[], widths: number[], rows: readonly string[][]): string {
  const made = new Table({
    head: head.map(spoken),
    colWidths: widths,
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

/** What daemon.json registers, or what is on PATH; whether each can run is doctor's business. */
async function runtimes(flags: CommonFlags) {
  const { variants, daemonJson } = await loadResolution(flags, { here: false });
  const { entries } = await registeredRuntimes(daemonJson, variants);
  return Promise.all(
    entries.map(async (entry) => ({ ...recordableEntry(entry), ...(await identifyRuntime(entry)) })),
  );
}

/** A workload without its functions. */
function describe(workload: Workload): object {
  return Object.fromEntries(Object.entries(workload).filter(([, value]) => typeof value !== 'function'));
}

function workloadRow(workload: Workload): string[] {
  const sets = Object.entries(workload.presets).map(
    ([preset, params]) =>
      `${preset}: ${params.map((set) => formatParams(set) || spoken('yes')).join(' | ') || spoken('no')}`,
  );
  return [workload.id, `${spoken(workload.title)}\n${sets.join('\n')}`, workload.metrics[0]?.id ?? ''];
}

async function metrics(
  workloads: readonly Workload[],
): Promise<readonly (MetricDefinition & { from: string })[]> {
  return [
    ...workloads.flatMap((workload) => workload.metrics.map((metric) => ({ ...metric, from: workload.id }))),
    ...harnessMetrics.map((metric) => ({ ...metric, from: 'every workload' })),
  ];
}

/** `ocibench list [runtimes|workloads|metrics]`. */
export async function listCommand(what: string | undefined, flags: CommonFlags): Promise<ExitCode> {
  const wanted = what === undefined ? kinds : kinds.filter((kind) => kind === what);
  if (wanted.length === 0)
    throw new OcibenchError(`list knows ${kinds.join(', ')}, not '${what}'`, { exitCode: exitCodes.misuse });
  const workloads = await allWorkloads(flags, { here: false });
  const lists = {
    runtimes: wanted.includes('runtimes') ? await runtimes(flags) : [],
    workloads: workloads.map(describe),
    metrics: await metrics(workloads),
  };
  if (flags.json) {
    terminal.json(Object.fromEntries(wanted.map((kind) => [kind, lists[kind]])), 1);
    return exitCodes.ok;
  }
  const texts: Record<Kind, () => string> = {
    runtimes: () =>
      table(
        ['runtime', 'how it is registered', 'version'],
        [20, 48, 30],
        lists.runtimes.map(({ name, path, runtimeArgs, runtimeType, origin, version }) => [
          name,
          `${runtimeType ?? [path, ...(runtimeArgs ?? [])].join(' ')} (${spoken(origin)})`,
          version ?? spoken('not installed here'),
        ]),
      ),
    workloads: () =>
      table(
        ['workload', 'what it does, and what each preset measures', 'headline'],
        [20, 56, 22],
        workloads.map(workloadRow),
      ),
    metrics: () =>
      table(
        ['metric', 'unit', 'better', 'what it is'],
        [26, 9, 9, 54],
        lists.metrics.map(({ id, unit, better, description, from }) => [
          id,
          unit,
          better,
          `${metricLabel(id, messages(spokenLanguage()))}\n${description} (${spoken(from)})`,
        ]),
      ),
  };
  terminal.result(wanted.map((kind) => texts[kind]()).join('\n'));
  return exitCodes.ok;
}
