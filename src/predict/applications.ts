import { hodgesLehmann } from '../analyze/stats/hodges-lehmann.ts';
import type { Learnt } from '../model/prediction.ts';
import type { WorkProfile } from '../model/profile.ts';
import { type Demand, demandOf } from './features.ts';
import { type MeasuredCell, valuesOf } from './measured.ts';

/** Of the workloads that are real programs. */
export const applicationPrefix = 'app/';

/** An application of a run: what it asks of the kernel, and what a unit of its work costs under each runtime. */
export interface Application extends Learnt {
  readonly demand: Demand;
  /** CPU time of a unit under the native runtime, ns. */
  readonly nativeNs: number;
  /** Runtime → CPU time of a unit, ns. */
  readonly subjectNs: ReadonlyMap<string, number>;
}

/** The Hodges–Lehmann estimate over blocks; its interval is not used. */
function centre(values: ReadonlyMap<number, number>): number | null {
  return values.size === 0 ? null : hodgesLehmann([...values.values()], 0.5).estimate;
}

/** With the CPU time that the run measured, without a tracer and more than once, in the profile's proportions. */
function withCpu(demand: Demand, cpuNs: number): Demand {
  const { user = 0, kernel = 0 } = demand.features;
  const by = cpuNs / demand.cpuNs;
  return { ...demand, cpuNs, features: { ...demand.features, user: user * by, kernel: kernel * by } };
}

/** The applications of a run that are profiled and whose unit of work was measured natively. */
export function applicationsOf(
  cells: readonly MeasuredCell[],
  profiles: readonly WorkProfile[],
  native: string,
): readonly Application[] {
  const runtimes = [...new Set(cells.map(({ runtime }) => runtime))];
  return profiles.flatMap(({ profile, source }): readonly Application[] => {
    const { workload, params, units } = profile.work;
    if (!workload.startsWith(applicationPrefix) || units === null) return [];
    const costUnder = (runtime: string) => centre(valuesOf(cells, { runtime, workload, params }, 'work.cpu'));
    const profiled = demandOf(profile, units);
    const nativeNs = costUnder(native);
    if (profiled === null || nativeNs === null || !(nativeNs > 0)) return [];
    const demand = withCpu(profiled, nativeNs);
    const subjectNs = runtimes.flatMap((runtime) => {
      const ns = runtime === native ? null : costUnder(runtime);
      return ns === null || !(ns > 0) ? [] : [[runtime, ns] as const];
    });
    return [{ workload, params, source, demand, nativeNs, subjectNs: new Map(subjectNs) }];
  });
}
