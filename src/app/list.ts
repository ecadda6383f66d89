import { recordableEntry } from '../config/recordable-entry.ts';
import { identifyRuntime } from '../host/runtimes.ts';
import { listed } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import { harnessMetrics } from '../metrics/registry.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { MetricDefinition } from '../model/metric.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime.ts';
import type { Workload } from '../model/workload.ts';
import { openConfiguration } from './configuration.ts';
import type { AppContext } from './context.ts';
import type { CommonFlags } from './flags.ts';
import { registeredRuntimes, reportNotes } from './registered.ts';

const text = notices('list', { unknown: "list knows {kinds}, not ''{what}''" });

const kinds = ['runtimes', 'workloads', 'metrics'] as const;
export type ListKind = (typeof kinds)[number];

/** Source of the metrics that the harness derives. */
export const everyWorkload = 'every workload';

/** From daemon.json or PATH. `doctor` checks whether each can run. */
type ListedEntry = RuntimeEntry & Pick<RuntimeFacts, 'family' | 'version' | 'sha256'>;

export interface Lists {
  readonly runtimes: readonly ListedEntry[];
  /** Workloads without their functions. */
  readonly workloads: readonly Workload[];
  /** `from`: id of a workload, or `every workload`. */
  readonly metrics: readonly (MetricDefinition & { readonly from: string })[];
}

/** The requested kind, or all. OcibenchError (exit 2) for an unknown kind. */
export function listKinds(what: string | undefined): readonly ListKind[] {
  const wanted = what === undefined ? kinds : kinds.filter((kind) => kind === what);
  if (wanted.length > 0) return wanted;
  throw new OcibenchError(text.unknown({ kinds: listed(kinds), what: what ?? '' }), {
    exitCode: exitCodes.misuse,
  });
}

/** Lists what can be measured. Runtimes are inspected only where requested. */
export async function listOf(
  app: AppContext,
  wanted: readonly ListKind[],
  flags: CommonFlags,
): Promise<Lists> {
  const configuration = await openConfiguration(app, flags, { here: false });
  const workloads = await configuration.workloads();
  let runtimes: readonly ListedEntry[] = [];
  if (wanted.includes('runtimes')) {
    const { variants, daemonJson } = configuration.resolve(flags);
    const registered = await registeredRuntimes(daemonJson, variants);
    reportNotes(app.reporter, registered);
    runtimes = await Promise.all(
      registered.entries.map(async (entry) => ({
        ...recordableEntry(entry),
        ...(await identifyRuntime(entry)),
      })),
    );
  }
  const metrics = [
    ...workloads.flatMap((workload) => workload.metrics.map((metric) => ({ ...metric, from: workload.id }))),
    ...harnessMetrics.map((metric) => ({ ...metric, from: everyWorkload })),
  ];
  return { runtimes, workloads: workloads.map(withoutFunctions), metrics };
}

function withoutFunctions(workload: Workload): Workload {
  const data = Object.entries(workload).filter(([, value]) => typeof value !== 'function');
  return Object.fromEntries(data) as unknown as Workload;
}
