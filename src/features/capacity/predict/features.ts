import { lookup } from '../../../core/model/nearest.ts';
import { type Counts, callClasses } from '../recording/recording.ts';
import type { FeatureId, Features } from './prediction.ts';

/** Features whose costs share one fitted factor. */
export interface CostColumn {
  readonly features: readonly FeatureId[];
  /** Cost before the factor: the feature's own cost, or that of a call that does nothing. */
  readonly price: 'own' | 'call';
  /**
   * Prior of the factor. `level`: a common factor by which calls of programs cost more than those of cells; `one`: 1; `none`:
   * 0, for columns that add to others.
   */
  readonly prior: 'level' | 'one' | 'none';
}

/** A form of the model: the columns, and the strength of the priors. */
export interface Candidate {
  readonly name: string;
  /** A feature can be in several columns: its cost is the sum. */
  readonly columns: readonly CostColumn[];
  /** Weight of (factor − prior)², relative to a weight of 1 for each application's squared relative error. */
  readonly ridge: number;
}

const light: readonly FeatureId[] = ['call.trap', 'call.other', 'call.process', 'call.memory'];
const data: readonly FeatureId[] = ['call.read', 'call.write'];
const files: readonly FeatureId[] = ['call.open'];
const waits: readonly FeatureId[] = ['call.wait', 'call.futex', 'switches'];
const sockets: readonly FeatureId[] = ['call.socket'];
const tasks: readonly FeatureId[] = ['processes', 'threads', 'execs'];
const calls = [...light, ...data, ...files, ...sockets, 'call.wait', 'call.futex'] as const;

const own = (...features: readonly FeatureId[]): CostColumn => ({ features, price: 'own', prior: 'one' });
const levelled = (...features: readonly FeatureId[]): CostColumn => ({
  features,
  price: 'own',
  prior: 'level',
});
const extra = (...features: readonly FeatureId[]): CostColumn => ({ features, price: 'own', prior: 'none' });
/** The same cost for every call: that of entering another kernel and returning. */
const flat: CostColumn = { features: calls, price: 'call', prior: 'level' };
/** The native kernel's work, done by another kernel at its own cost. */
const kernel = levelled('kernel');
const computing = own('user');
const rest = [own(...tasks), computing] as const;

/**
 * Three ways to price a program: by the native kernel's time, by its number of calls, and by their families. Forms that are
 * alike are not offered: thirty applications cannot choose between them, and to choose by chance makes errors larger
 * (bench/prove/results/prediction.md).
 */
const forms: Readonly<Record<string, readonly CostColumn[]>> = {
  'kernel time': [kernel, levelled('crowded'), extra(...data, ...files), extra('call.memory'), ...rest],
  calls: [flat, extra('faults'), ...rest],
  families: [
    levelled(...light),
    levelled(...data, ...sockets),
    levelled(...files),
    levelled(...waits),
    own('faults'),
    ...rest,
  ],
};

const ridges = [0.3, 0.03, 0.003] as const;

/** Every form at every strength; cross-validation over applications chooses one. */
export const candidates: readonly Candidate[] = Object.entries(forms).flatMap(([name, columns]) =>
  ridges.map((ridge) => ({ name, columns, ridge })),
);

/** Demand of a program by its recording, per unit of work or per second. */
export interface Demand {
  readonly features: Features;
  readonly per: 'unit' | 'second';
  /** CPU time without the part that tracing added, ns per unit or second. */
  readonly cpuNs: number;
  /** CPUs used on average. */
  readonly concurrency: number;
  /** Number of tasks at the moment of highest memory; null if not counted. */
  readonly tasks: number | null;
  /** Mean bytes of a call that reads or writes; null without such calls. */
  readonly bytesOfCall: number | null;
}

/** Feature → name of its figure in a recording. */
const figureOf: Readonly<Partial<Record<FeatureId, string>>> = {
  faults: 'faults.all',
  switches: 'switches.voluntary',
  threads: 'tasks.threads',
  execs: 'tasks.execs',
};

/** A figure of a recording, in base units; null if it was not counted. */
export function figure({ figures }: Pick<Counts, 'figures'>, id: string): number | null {
  const found = lookup(figures, id);
  return found !== undefined && 'value' in found && found.value >= 0 ? found.value : null;
}

/** Total and kernel CPU time of the window, without the part that tracing added; null if it was not counted. */
function cpuOf(recording: Counts): { readonly all: number; readonly kernel: number } | null {
  const [all, user, kernel] = ['cpu.usage', 'cpu.user', 'cpu.system'].map((id) => figure(recording, id));
  if (all == null || user == null || kernel == null || !(user + kernel > 0)) return null;
  const added = Math.max(0, recording.disturbance?.cpuNs ?? 0);
  const own = all - added;
  // User and system time are sampled at timer ticks; their sum is exact.
  const inKernel = (all * kernel) / (user + kernel) - added;
  return own > 0 ? { all: own, kernel: Math.min(own, Math.max(0, inKernel)) } : null;
}

/**
 * Share of the time in which no CPU of a host is free, at least, if a program uses so many CPUs on average: all are busy
 * whenever more than all but one are. A runtime's own threads, which wait for the program's calls, then find no CPU.
 */
function crowdedShare(concurrency: number, cpus: number): number {
  return Math.min(1, Math.max(0, concurrency - (cpus - 1)));
}

/** The demand of a program that uses so many of a host's CPUs on average. */
export function crowding(demand: Demand, concurrency: number, cpus: number): Demand {
  const crowded = callsOf(demand.features) * crowdedShare(concurrency, cpus);
  return { ...demand, concurrency, features: { ...demand.features, crowded } };
}

/** Demand of a recording. `units`: work done in the window; null if not counted. Returns null without CPU time. */
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
 * New processes whose memory is a copy of their parent's; those that share it until they execute a program (vfork) copy
 * nothing. All new processes if the tracer does not distinguish them.
 */
function copiesOf(recording: Counts): number | null {
  const all = figure(recording, 'tasks.processes');
  return all === null ? null : Math.max(0, all - (figure(recording, 'tasks.vforks') ?? 0));
}

/** Total number of system calls. */
export function callsOf(features: Features): number {
  return callClasses.reduce((sum, each) => sum + (features[`call.${each}`] ?? 0), 0);
}
