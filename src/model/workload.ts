import type { Message } from '../messages/message.ts';
import type { Params } from './cell.ts';
import type { Evidence } from './evidence.ts';
import type { ImageSource } from './image.ts';
import type { Category, Fact, MetricDefinition, ParsedValue } from './metric.ts';
import type { Preset } from './run.ts';
import type { RuntimeFacts } from './runtime.ts';
import { MessageError } from './said.ts';
import type { Group, PeerRequest, ScenarioStep } from './scenario.ts';

/** A mount that the harness makes for one trial and removes with it. */
export interface MountRequest {
  /**
   * `bind`: a fresh scratch directory of the host; `volume`: a fresh volume of the engine; `tmpfs`: memory inside the
   * container's mount namespace.
   */
  readonly type: 'bind' | 'volume' | 'tmpfs';
  readonly target: string;
  /** Size limit of a tmpfs. */
  readonly bytes?: number;
  /** An empty tmpfs into which nothing can be written: takes a directory away from the workload. */
  readonly readOnly?: boolean;
}

/** Memory limit of every container whose workload asks for none, bytes. */
export const defaultMemoryBytes = 512 * 2 ** 20;

/** Capabilities of Docker's default set (moby, oci/caps/defaults.go) that no workload gets without saying why. */
export const droppedCapabilities = [
  'AUDIT_WRITE',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETPCAP',
  'SYS_CHROOT',
] as const;

/** What a workload needs beyond what every workload gets, and why. Nothing else of the host can be asked for at all. */
export interface Needs {
  readonly because: string;
  /** Those of {@link droppedCapabilities} that it keeps. */
  readonly capabilities?: readonly (typeof droppedCapabilities)[number][];
}

/** Docker's log drivers that write to the engine's own disk and need nothing else (docs.docker.com, "Configure logging drivers"). */
export const logDrivers = ['json-file', 'local'] as const;

/** What a workload asks of the engine. Everything not named here is the same for every workload (limits, no network). */
export interface ContainerRequest {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly MountRequest[];
  /** `bridge`: the engine's default bridge, or with a peer the run's own network; without it the container has a loopback device only. */
  readonly network?: 'bridge';
  /** Memory limit in bytes; {@link defaultMemoryBytes} when absent. More than that must be said why, in `needs`. */
  readonly memoryBytes?: number;
  readonly needs?: Needs;
  /** CPU quota in CPUs (`cpu.max`); no limit when absent. */
  readonly cpus?: number;
  /** Drops the host's page cache (and with it runtime binaries and image files) before the trial: a cold start. */
  readonly coldCache?: boolean;
  /**
   * The command prints the stamps `@ocibench begin|end <seconds>` around its work (`stamped.ts`): the harness
   * takes them out of the output, measures CPU between them, and holds the container's clock against the host's.
   */
  readonly stamped?: boolean;
  /** Docker's log driver (HostConfig.LogConfig); none when absent, so that no driver's work is part of what is measured. */
  readonly log?: (typeof logDrivers)[number];
  /** So much of its output is kept in the records, bytes; the harness's own limit when absent. The rest is read and dropped. */
  readonly keptOutputBytes?: number;
  /** The whole trial may take this long before it is ended and recorded as timed out. */
  readonly timeoutMs: number;
}

/**
 * What is read while the container runs.
 * - `nothing`: the harness keeps still (startup latency).
 * - `series`: cgroup counters at the sampling period, processes about twice a second.
 * - `idle`: after the first output and `settleMs`, one snapshot of processes and cgroup; then the container is stopped.
 */
export type Observation =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'series' }
  | { readonly kind: 'idle'; readonly settleMs: number };

/** A workload: one file under workloads/ that holds its command, its parameters and its parser. */
export interface Workload {
  /** `category/name`, the path of its file. */
  readonly id: string;
  readonly category: Category;
  readonly image: ImageSource;
  /** A string (users' own workloads) reads the same in every language. */
  readonly title: Message | string;
  /** What runs, what it tells, known caveats per runtime. Markdown. */
  readonly description: string;
  /**
   * Which parameter sets each preset measures. An empty list leaves the workload out of the preset. The lab exercise takes
   * few workloads, so of `lab` alone no list means the same.
   */
  readonly presets: Readonly<
    Record<Exclude<Preset, 'lab'>, readonly Params[]> & Partial<Record<'lab', readonly Params[]>>
  >;
  /** Meaning of each parameter key. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The metrics its parser returns (or the harness derives for it); the first is the headline. */
  readonly metrics: readonly MetricDefinition[];
  /** The metric that was the headline in runs that older versions made; it is theirs still. */
  readonly formerHeadline?: string;
  /** Target half-width of the headline ratio's CI as a fraction. */
  readonly precision: number;
  /** Measured blocks after which nothing new is to be learned: facts, or figures that hardly vary. The run's own when absent. */
  readonly maxBlocks?: number;
  /** Does it stand for headlines of its class where the run measures its own noise (the baseline twice in every block)? */
  readonly representative?: boolean;
  readonly observe: Observation;
  container(params: Params): ContainerRequest;
  /** What the harness does while the container runs; without it the container runs to its end by itself. */
  steps?(params: Params): readonly ScenarioStep[];
  /** Several containers in one trial. */
  group?(params: Params): Group;
  /** A container beside it, on the bridge, for `peer-exec`. */
  peer?(params: Params): PeerRequest;
  /** Exit codes of a program that ended as it should; `[0]` when absent. */
  readonly exitCodes?: readonly number[];
  /**
   * The tool's output → values. Throws {@link ParseError} where the output is not what the tool prints or a
   * value is impossible: such a trial is a failed trial, not a data point.
   */
  parse(evidence: Evidence, params: Params): readonly ParsedValue[];
  /** What its output says that is not a quantity; throws {@link ParseError} likewise. */
  facts?(evidence: Evidence, params: Params): readonly Fact[];
  /** A reason why this runtime cannot run it, known without trying; null where it can. */
  unsupported?(runtime: RuntimeFacts, params: Params): Message | string | null;
  /** A reason why it could not be done here, told by what a trial printed, whatever its exit code; null where there is none. */
  refused?(evidence: Evidence, params: Params): Message | string | null;
}

/** Output that cannot be believed; its message quotes at most a line of it. A string (users' own workloads) reads the same in every language. */
export class ParseError extends MessageError {
  override readonly name = 'ParseError';
}
