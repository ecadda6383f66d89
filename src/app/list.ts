import type { RunFlags } from '../core/config/command-line.ts';
import type { ProfileShape } from '../core/config/profile-shape.ts';
import type { Resolution } from '../core/config/resolve.ts';
import { listed } from '../core/messages/compose.ts';
import { notices, type Reason, reasons } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { misuse, refusal } from '../core/model/failure/error.ts';
import { nearest } from '../core/model/nearest.ts';
import type { RuntimeEntry, RuntimeFacts } from '../core/model/runtime/runtime.ts';
import type { MetricDefinition } from '../core/model/workload/metric.ts';
import type { Workload } from '../core/model/workload/workload.ts';
import type { AppContext } from './context.ts';
import type { Configuration } from './measure/configuration.ts';
import {
  type PastRun,
  pastRuns,
  type ReadFlags,
  resultsOf,
  type UnreadableRun,
} from './measure/past-runs.ts';

const text = notices('list', {
  unknown: "list knows {kinds}, not ''{what}''",
  misspelt: "list knows {kinds}, not ''{what}''; did you mean {guess}?",
  noSuchName: 'there is nothing with this name to list',
});
const why = reasons('list', {
  unknownName: { message: 'is not one of the {kind}', fix: 'all of them:  @(list {kind})' },
  misspeltName: {
    message: 'is not one of the {kind}',
    fix: "did you mean ''{guess}''? all of them:  @(list {kind})",
  },
});

/** The kinds of things that can be listed. */
const kinds = ['runtimes', 'workloads', 'metrics', 'profiles', 'runs'] as const;
export type ListKind = (typeof kinds)[number];

/** `from` of the metrics that the harness derives. */
export const everyWorkload = 'every workload';

/** A runtime of daemon.json or PATH. Only `doctor` checks whether it can run. */
type ListedEntry = RuntimeEntry & Pick<RuntimeFacts, 'family' | 'version' | 'sha256'>;

/** A profile, with its options in the form of a configuration; null: the harness's own container. */
interface ListedProfile {
  readonly name: string;
  readonly options: ProfileShape | null;
  /** null for a profile of the configuration. */
  readonly description: Message | null;
}

/** Everything of the kinds that are listed. */
export interface Lists {
  readonly runtimes: readonly ListedEntry[];
  /** Workloads without their functions. */
  readonly workloads: readonly Workload[];
  /** `from`: id of a workload, or `every workload`. */
  readonly metrics: readonly (MetricDefinition & { readonly from: string })[];
  /** Options of containers: built-in ones, then those of the configuration. */
  readonly profiles: readonly ListedProfile[];
  /** Newest first. */
  readonly runs: readonly (PastRun | UnreadableRun)[];
}

/** The requested kind (`workload` is `workloads`), or all but profiles and runs. OcibenchError (exit 2) for an unknown kind. */
export function listKinds(what: string | undefined): readonly ListKind[] {
  if (what === undefined) return kinds.filter((kind) => kind !== 'profiles' && kind !== 'runs');
  const wanted = kinds.filter((kind) => kind === what || kind === `${what}s`);
  if (wanted.length > 0) return wanted;
  const guess = nearest(what, kinds);
  const known = { kinds: listed(kinds), what };
  throw misuse(guess === null ? text.unknown(known) : text.misspelt({ ...known, guess }));
}

/**
 * Lists what can be measured, and past runs: of the kinds that are wanted, no others. Of what is not wanted nothing is loaded, read
 * or inspected; past runs need no configuration.
 */
export async function listOf(
  app: AppContext,
  wanted: readonly ListKind[],
  flags: RunFlags & Pick<ReadFlags, 'in'>,
): Promise<Lists> {
  const runs = wanted.includes('runs') ? await pastRuns(app, resultsOf(app, flags.in)) : [];
  if (wanted.every((kind) => kind === 'runs'))
    return { runtimes: [], workloads: [], metrics: [], profiles: [], runs };
  const { openConfiguration, requestOf } = await import('./measure/configuration.ts');
  const request = await requestOf(app, flags, { here: false });
  const configuration = await openConfiguration(app, request, { here: false });
  const { harnessMetrics } = await import('../core/metrics/registry.ts');
  const workloads = wanted.some((kind) => kind === 'workloads' || kind === 'metrics')
    ? await configuration.workloads()
    : [];
  return {
    runtimes: wanted.includes('runtimes') ? await listedRuntimes(app, configuration.resolve(request)) : [],
    workloads: workloads.map(withoutFunctions),
    metrics: [
      ...workloads.flatMap((workload) =>
        workload.metrics.map((metric) => ({ ...metric, from: workload.id })),
      ),
      ...harnessMetrics.map((metric) => ({ ...metric, from: everyWorkload })),
    ],
    profiles: await listedProfiles(configuration),
    runs,
  };
}

async function listedRuntimes(
  { reporter }: Pick<AppContext, 'reporter'>,
  resolution: Resolution,
): Promise<readonly ListedEntry[]> {
  const { registeredRuntimes, reportNotes } = await import('./measure/registered.ts');
  const { identifyRuntime } = await import('../core/host/runtimes.ts');
  const registered = await registeredRuntimes(resolution);
  reportNotes(reporter, registered);
  return Promise.all(
    registered.entries.map(async (entry) => ({ ...entry, ...(await identifyRuntime(entry)) })),
  );
}

async function listedProfiles({ loaded }: Configuration): Promise<readonly ListedProfile[]> {
  const { builtInProfiles } = await import('../core/config/built-in-profiles.ts');
  const { listOfProfiles } = await import('../core/config/profile-shape.ts');
  const own = listOfProfiles(loaded?.config.profiles ?? []).flatMap((each) =>
    typeof each === 'string' ? [] : [each],
  );
  return [
    ...builtInProfiles.map(({ name, shape, words }) => ({ name, options: shape, description: words })),
    ...own
      .filter(({ name }) => !builtInProfiles.some((known) => known.name === name))
      .map(({ name, ...options }) => ({ name, options, description: null })),
  ];
}

/**
 * The entries with this name: a runtime, a workload or a category of workloads, a metric or a workload's metrics, a profile, a
 * run. OcibenchError (exit 2) where there are none.
 */
export async function named(lists: Lists, kind: ListKind, name: string): Promise<Lists> {
  const { runtimes, workloads, metrics, profiles, runs } = lists;
  const found: Lists = {
    runtimes: runtimes.filter((entry) => entry.name === name),
    workloads: workloads.filter(({ id, category }) => id === name || category === name),
    metrics: metrics.filter(({ id, from }) => id === name || id.startsWith(`${name}.`) || from === name),
    profiles: profiles.filter((profile) => profile.name === name),
    runs: runs.filter(({ runId }) => runId === name),
  };
  if (found[kind].length > 0) return found;
  const known = {
    runtimes: runtimes.map((entry) => entry.name),
    metrics: metrics.map(({ id }) => id),
    profiles: profiles.map((profile) => profile.name),
    runs: runs.map(({ runId }) => runId),
  };
  const reason =
    kind === 'workloads'
      ? (await import('../core/measure/schedule/choice.ts')).unknownName(name, workloads)
      : unknownIn(kind, name, known[kind]);
  throw refusal(text.noSuchName, { file: `list ${kind}`, key: name }, reason);
}

function unknownIn(kind: ListKind, name: string, known: readonly string[]): Reason {
  const guess = nearest(name, known);
  return guess === null ? why.unknownName({ kind }) : why.misspeltName({ kind, guess });
}

function withoutFunctions(workload: Workload): Workload {
  const data = Object.entries(workload).filter(([, value]) => typeof value !== 'function');
  return Object.fromEntries(data) as unknown as Workload;
}
