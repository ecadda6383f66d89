import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import type { WorkRecording } from '../recording/recording.ts';
import { type Demand, demandOf } from './features.ts';
import { type MeasuredCell, valuesOf } from './measured.ts';
import type { Learnt } from './prediction.ts';

/** What an application's native trials say of its CPU time, ns: all blocks together. */
interface SampledTrials {
  /** Of whole trials: the start of a container, what the work needs before it begins, and the work. */
  readonly cpuNs: number;
  /** The part of it that timer ticks found in the kernel. */
  readonly kernelNs: number;
  /** The work's part of it. */
  readonly windowNs: number;
}

/** What a recording says of the same work. */
interface SampledRecording {
  readonly cpuNs: number;
  /** Share of the kernel. */
  readonly share: number;
}

export interface SampledWork {
  readonly trials: SampledTrials;
  readonly recording: SampledRecording;
}

/** CPU time for each tick: 250 in a second are the kernel's default. Only its order matters here. */
const tickNs = 4e6;
/** What is outside of the work differs between applications: standard deviation of its share, where it is not learnt. */
const leastSpread = 0.1;
/** A share that no tick found is not known to be none. */
const leastVariance = 1e-3;

/** The native trials of a workload; null where a block lacks one of the counters, as short trials do. */
export function sampledTrials(
  cells: readonly MeasuredCell[],
  cell: Pick<MeasuredCell, 'runtime' | 'workload' | 'params'>,
): SampledTrials | null {
  const [kernel, all, unit, units] = (['cpu.system', 'cpu.usage', 'work.cpu', 'work.units'] as const).map(
    (metric) => valuesOf(cells, cell, metric),
  );
  const sums = { cpuNs: 0, kernelNs: 0, windowNs: 0 };
  for (const [block, cpuNs] of all ?? []) {
    const [kernelNs, ofUnit, count] = [kernel, unit, units].map((values) => values?.get(block));
    if (kernelNs === undefined || ofUnit === undefined || count === undefined) continue;
    sums.cpuNs += cpuNs;
    sums.kernelNs += kernelNs;
    sums.windowNs += Math.min(cpuNs, ofUnit * count);
  }
  return sums.windowNs > 0 ? sums : null;
}

const sampling = (share: number, ns: number) =>
  Math.max(leastVariance, share * (1 - share)) / Math.max(1, ns / tickNs);

/** The kernel's share of what trials do outside of their work, and how much it differs between applications. */
interface OutsideShare {
  readonly share: number;
  readonly spread: number;
}

/** By least squares over applications: what is in the kernel, less the work's part by its recording. */
export function outsideShare(works: readonly SampledWork[]): OutsideShare {
  const points = works.flatMap(({ trials, recording }) => {
    const outside = 1 - trials.windowNs / trials.cpuNs;
    const kernel = trials.kernelNs / trials.cpuNs - recording.share * (1 - outside);
    return outside > 0 ? [{ outside, kernel }] : [];
  });
  const square = points.reduce((sum, { outside }) => sum + outside ** 2, 0);
  const cross = points.reduce((sum, { outside, kernel }) => sum + outside * kernel, 0);
  const share = square > 0 ? Math.min(1, Math.max(0, cross / square)) : 0.5;
  const rest = points.reduce((sum, { outside, kernel }) => sum + (kernel - share * outside) ** 2, 0);
  const spread = square > 0 ? Math.sqrt(rest / square) : 0;
  return { share, spread: Math.max(leastSpread, spread) };
}

/**
 * The kernel's share of the CPU time of an application's work: that of its recording, which is of one trial, and that of its
 * trials, each with the weight that its ticks and what lies outside of the work leave to it. A trial of half a second has some
 * hundred ticks, so that its share alone is off by five points.
 */
export function kernelShare({ trials, recording }: SampledWork, outside: OutsideShare): number {
  const inside = trials.windowNs / trials.cpuNs;
  const whole = trials.kernelNs / trials.cpuNs;
  const share = Math.min(1, Math.max(0, (whole - outside.share * (1 - inside)) / inside));
  const variance =
    sampling(whole, trials.cpuNs) / inside ** 2 + (outside.spread * ((1 - inside) / inside)) ** 2;
  const ofRecording = sampling(recording.share, recording.cpuNs);
  return (share / variance + recording.share / ofRecording) / (1 / variance + 1 / ofRecording);
}

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
