import { type MeasuredCell, valuesOf } from './measured.ts';

/** What an application's native trials say of its CPU time, ns: all blocks together. */
export interface SampledTrials {
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
export interface OutsideShare {
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
