import { lookup } from '../../../core/model/lookup.ts';
import { type Counts, callClasses } from '../recording/recording.ts';
import type { FeatureId, Features } from './prediction.ts';

/** What a recording says of a program, for each unit of work or each second. */
export interface Demand {
  readonly features: Features;
  readonly per: 'unit' | 'second';
  /** CPU time without what tracing added, ns for each unit or second. */
  readonly cpuNs: number;
  /** CPUs that it used on average. */
  readonly concurrency: number;
  /** Tasks at the highest memory; null where not counted. */
  readonly tasks: number | null;
  /** Bytes of a call that reads or writes; null where there are none. */
  readonly bytesOfCall: number | null;
}

/** Figures of a recording that are features. */
const figureOf: Readonly<Partial<Record<FeatureId, string>>> = {
  faults: 'faults.all',
  switches: 'switches.voluntary',
  threads: 'tasks.threads',
  execs: 'tasks.execs',
};

/** A figure of a recording, in base units; null where it was not counted. */
export function figure({ figures }: Pick<Counts, 'figures'>, id: string): number | null {
  const found = lookup(figures, id);
  return found !== undefined && 'value' in found && found.value >= 0 ? found.value : null;
}

/** CPU time of the window in the kernel and elsewhere, without what tracing added; null where it was not counted. */
function cpuOf(recording: Counts): { readonly all: number; readonly kernel: number } | null {
  const [all, user, kernel] = ['cpu.usage', 'cpu.user', 'cpu.system'].map((id) => figure(recording, id));
  if (all == null || user == null || kernel == null || !(user + kernel > 0)) return null;
  const added = Math.max(0, recording.disturbance?.cpuNs ?? 0);
  const own = all - added;
  // The kernel samples the two at timer ticks, and the sum exactly.
  const inKernel = (all * kernel) / (user + kernel) - added;
  return own > 0 ? { all: own, kernel: Math.min(own, Math.max(0, inKernel)) } : null;
}

/** `units`: work done in the window, or null where it is not counted. Null where the recording has no CPU time. */
export function demandOf(recording: Counts, units: number | null): Demand | null {
  const cpu = cpuOf(recording);
  if (cpu === null) return null;
  const size = units ?? recording.windowNs / 1e9;
  const calls = callClasses.map((each): readonly [FeatureId, number] => {
    const total = recording.classes.find((one) => one.class === each);
    return [`call.${each}`, (total?.count ?? 0) / size];
  });
  const figures = Object.entries(figureOf).flatMap(([id, name]) => {
    const value = figure(recording, name);
    return value === null ? [] : [[id, value / size] as const];
  });
  const copies = copiesOf(recording);
  const moved = recording.classes.filter(({ bytes }) => bytes !== null);
  const bytes = moved.reduce((sum, each) => sum + (each.bytes ?? 0), 0);
  const movers = moved.reduce((sum, { count }) => sum + count, 0);
  return {
    features: Object.fromEntries([
      ['user', (cpu.all - cpu.kernel) / size],
      ['kernel', cpu.kernel / size],
      ...calls,
      ...(moved.length === 0 ? [] : [['bytes', bytes / size] as const]),
      ...figures,
      ...(copies === null ? [] : [['processes', copies / size] as const]),
    ]),
    per: units === null ? 'second' : 'unit',
    cpuNs: cpu.all / size,
    concurrency: cpu.all / recording.windowNs,
    tasks: figure(recording, 'pids.current'),
    bytesOfCall: movers === 0 ? null : bytes / movers,
  };
}

/**
 * New processes with memory of their own, a copy of their parent's: those that share it until they execute a program (vfork) have
 * nothing to be copied. All, where they are not told apart.
 */
function copiesOf(recording: Counts): number | null {
  const all = figure(recording, 'tasks.processes');
  return all === null ? null : Math.max(0, all - (figure(recording, 'tasks.vforks') ?? 0));
}

/** All system calls among the features. */
export function callsOf(features: Features): number {
  return callClasses.reduce((sum, each) => sum + (features[`call.${each}`] ?? 0), 0);
}
