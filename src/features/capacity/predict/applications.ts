import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import type { WorkRecording } from '../recording/recording.ts';
import { type Demand, demandOf } from './features.ts';
import {
  kernelShare,
  type OutsideShare,
  outsideShare,
  type SampledWork,
  sampledTrials,
} from './kernel-share.ts';
import { type MeasuredCell, valuesOf } from './measured.ts';
import type { Learnt } from './prediction.ts';

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

/**
 * With the CPU time that the run measured, without a tracer and more than once, and the kernel's share of it by the ticks of
 * recording and trials.
 */
function withCpu(demand: Demand, cpuNs: number, kernel: number): Demand {
  const divided = { user: cpuNs * (1 - kernel), kernel: cpuNs * kernel };
  return { ...demand, cpuNs, features: { ...demand.features, ...divided } };
}

interface Recorded {
  readonly recording: WorkRecording['recording'];
  readonly source: WorkRecording['source'];
  readonly demand: Demand;
  readonly share: number;
  readonly sampled: SampledWork | null;
}

/** An application's recording, and what its native trials say of the same work. */
function recordedWork(
  { recording, source }: WorkRecording,
  cells: readonly MeasuredCell[],
  native: string,
): Recorded | null {
  const { workload, params, units } = recording.work;
  if (!workload.startsWith(applicationPrefix) || units === null) return null;
  const demand = demandOf(recording, units);
  if (demand === null) return null;
  const share = (demand.features.kernel ?? 0) / demand.cpuNs;
  const trials = sampledTrials(cells, { runtime: native, workload, params });
  return {
    ...{ recording, source, demand, share },
    sampled: trials === null ? null : { trials, recording: { cpuNs: demand.cpuNs * units, share } },
  };
}

const shareOf = ({ sampled, share }: Recorded, outside: OutsideShare) =>
  sampled === null ? share : kernelShare(sampled, outside);

/** The applications of a run that are recorded and whose unit of work was measured natively. */
export function applicationsOf(
  cells: readonly MeasuredCell[],
  recordings: readonly WorkRecording[],
  native: string,
): readonly Application[] {
  const runtimes = [...new Set(cells.map(({ runtime }) => runtime))];
  const recorded = recordings.flatMap((each) => recordedWork(each, cells, native) ?? []);
  const outside = outsideShare(recorded.flatMap(({ sampled }) => sampled ?? []));
  return recorded.flatMap((each): readonly Application[] => {
    const { recording, source } = each;
    const { workload, params } = recording.work;
    const costUnder = (runtime: string) => centre(valuesOf(cells, { runtime, workload, params }, 'work.cpu'));
    const nativeNs = costUnder(native);
    if (nativeNs === null || !(nativeNs > 0)) return [];
    const demand = withCpu(each.demand, nativeNs, shareOf(each, outside));
    const subjectNs = runtimes.flatMap((runtime) => {
      const ns = runtime === native ? null : costUnder(runtime);
      return ns === null || !(ns > 0) ? [] : [[runtime, ns] as const];
    });
    return [{ workload, params, source, demand, nativeNs, subjectNs: new Map(subjectNs) }];
  });
}
