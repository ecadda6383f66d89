import { hodgesLehmann } from '../../../core/analyze/stats/hodges-lehmann.ts';
import type { WorkRecording } from '../recording/recording.ts';
import { crowding, type Demand, demandOf } from './features.ts';
import { busyCpus, type MeasuredCell, valuesOf } from './measured.ts';
import type { LearntApplication } from './prediction.ts';

/** CPU time of an application's native trials, summed over all blocks, ns. */
interface SampledTrials {
  /** Whole trials: container start, preparation, and the work. */
  readonly cpuNs: number;
  /** Kernel part of `cpuNs`, sampled by timer ticks. */
  readonly kernelNs: number;
  /** Part of `cpuNs` in the stamped work. */
  readonly windowNs: number;
}

/** CPU time of the same work in its recording. */
interface SampledRecording {
  readonly cpuNs: number;
  /** Share of the kernel, 0 to 1. */
  readonly share: number;
}

export interface SampledWork {
  readonly trials: SampledTrials;
  readonly recording: SampledRecording;
}

/** CPU time per tick: 250 per second is the kernel's default. Only the order of magnitude matters here. */
const tickNs = 4e6;
/** Minimum standard deviation, between applications, of the kernel's share outside of the work. */
const leastSpread = 0.1;
/** Minimum variance: a share without any tick is not exactly 0. */
const leastVariance = 1e-3;

/** Sums over the native trials of a workload; null if no block has all counters (short trials lack some). */
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

/** Share of the kernel in the CPU time outside of the work, and its standard deviation between applications. */
interface OutsideShare {
  readonly share: number;
  readonly spread: number;
}

/** Estimates the share by least squares over applications, after subtracting the work's kernel time by its recording. */
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
 * Share of the kernel in the CPU time of an application's work: the mean of the recording's share (one trial) and that of the
 * native trials, weighted by inverse variance. The variance comes from the number of ticks and, for trials, from the CPU time
 * outside of the work. A trial of half a second has about a hundred ticks, so its share alone has an error of five percentage
 * points.
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

/** Prefix of the workloads that are real programs. */
export const applicationPrefix = 'app/';

/** An application of a run: its demand on the kernel, and the CPU time of a unit of work under each runtime. */
export interface Application extends LearntApplication {
  readonly demand: Demand;
  /** CPU time of a unit under the native runtime, ns. */
  readonly nativeNs: number;
  /** CPU time of a unit in the recording, without the tracer's part, ns. */
  readonly recordedNs: number;
  /** Runtime → CPU time of a unit, ns. */
  readonly subjectNs: ReadonlyMap<string, number>;
}

/** Factor between the CPU time of a unit in recording and trials up to which both did the same work. */
const sameWork = 1.5;

/**
 * Did recording and trials do the same work? If not, the counts are not those of what was measured, and teach nothing: what a
 * unit is may depend on the state of files, or the machine was another one for a while.
 */
export function isOfSameWork({
  nativeNs,
  recordedNs,
}: Pick<Application, 'nativeNs' | 'recordedNs'>): boolean {
  return Math.abs(Math.log(recordedNs / nativeNs)) <= Math.log(sameWork);
}

/** The Hodges–Lehmann estimate over blocks; its interval is not used. */
function centre(values: ReadonlyMap<number, number>): number | null {
  return values.size === 0 ? null : hodgesLehmann([...values.values()], 0.5).estimate;
}

/**
 * The demand with the CPU time that the run measured (repeatedly, without a tracer), divided by the kernel's share from the
 * ticks of recording and trials.
 */
function withCpu(demand: Demand, cpuNs: number, kernel: number): Demand {
  const divided = { user: cpuNs * (1 - kernel), kernel: cpuNs * kernel };
  return { ...demand, cpuNs, features: { ...demand.features, ...divided } };
}

interface RecordedApplication {
  readonly recording: WorkRecording['recording'];
  readonly source: WorkRecording['source'];
  readonly demand: Demand;
  readonly share: number;
  readonly sampled: SampledWork | null;
}

/** An application's recording, with the CPU time of its native trials. */
function recordedWork(
  { recording, source }: WorkRecording,
  cells: readonly MeasuredCell[],
  native: string,
): RecordedApplication | null {
  const { workload, params, units } = recording.work;
  if (!workload.startsWith(applicationPrefix) || units === null) return null;
  const demand = demandOf(recording, units);
  if (demand === null) return null;
  const share = (demand.features.kernel ?? 0) / demand.cpuNs;
  const trials = sampledTrials(cells, { runtime: native, workload, params });
  return {
    recording,
    source,
    demand,
    share,
    sampled: trials === null ? null : { trials, recording: { cpuNs: demand.cpuNs * units, share } },
  };
}

const shareOf = ({ sampled, share }: RecordedApplication, outside: OutsideShare) =>
  sampled === null ? share : kernelShare(sampled, outside);

/** The applications of a run that have a recording and a measured native unit of work. `cpus`: of the run's host. */
export function applicationsOf(
  cells: readonly MeasuredCell[],
  recordings: readonly WorkRecording[],
  native: string,
  cpus: number,
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
    // The trials ran without a tracer, and the window is the work alone.
    const busy = centre(valuesOf(cells, { runtime: native, workload, params }, busyCpus));
    const counted = withCpu(each.demand, nativeNs, shareOf(each, outside));
    const demand = crowding(counted, busy ?? counted.concurrency, cpus);
    const subjectNs = runtimes.flatMap((runtime) => {
      const ns = runtime === native ? null : costUnder(runtime);
      return ns === null || !(ns > 0) ? [] : [[runtime, ns] as const];
    });
    const recordedNs = each.demand.cpuNs;
    return [{ workload, params, source, demand, nativeNs, recordedNs, subjectNs: new Map(subjectNs) }];
  });
}
