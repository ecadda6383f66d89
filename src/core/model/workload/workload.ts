import type { Message } from '../../messages/message.ts';
import type { Preset } from '../run/run.ts';
import type { RuntimeFacts } from '../runtime/runtime.ts';
import { type Cell, type Params, parseParams } from '../trial/cell.ts';
import type { Evidence } from '../trial/evidence.ts';
import type { ImageSource } from './image.ts';
import type { Category, Fact, MetricDefinition, ParsedValue } from './metric.ts';
import type { Group, PeerRequest, ScenarioStep } from './scenario.ts';

/** A mount that the harness creates for one trial and removes with it. */
export interface MountRequest {
  /**
   * - `bind`: a new scratch directory of the host
   * - `volume`: a new volume of the engine
   * - `tmpfs`: memory inside the container's mount namespace
   */
  readonly type: 'bind' | 'volume' | 'tmpfs';
  readonly target: string;
  /** Maximum size of a tmpfs, bytes. */
  readonly bytes?: number;
  /** A read-only empty tmpfs: hides a directory from the workload. */
  readonly readOnly?: boolean;
}

/** Memory limit of every container whose workload requests none, bytes. */
export const defaultMemoryBytes = 512 * 2 ** 20;

/** Maximum number of processes and threads of a container. */
export const pidsLimit = 1024;

/** Capabilities of Docker's default set (moby, oci/caps/defaults.go) that a workload gets only with a stated reason. */
export const droppedCapabilities = [
  'AUDIT_WRITE',
  'MKNOD',
  'NET_BIND_SERVICE',
  'NET_RAW',
  'SETFCAP',
  'SETPCAP',
  'SYS_CHROOT',
] as const;

/** Needs of a workload beyond the common settings, and their reason. No other resource of the host can be requested. */
export interface ContainerNeeds {
  readonly because: string;
  /** Members of {@link droppedCapabilities} that the workload keeps. */
  readonly capabilities?: readonly (typeof droppedCapabilities)[number][];
}

/**
 * Docker's log drivers that write to the engine's own disk and need nothing else (docs.docker.com, "Configure logging
 * drivers").
 */
export const logDrivers = ['json-file', 'local'] as const;

/** Requests of a workload to the engine. All other settings are the same for every workload (limits, no network). */
export interface ContainerRequest {
  /** Program and arguments, or arguments of the image's entrypoint; empty: the image's own command. */
  readonly command: readonly string[];
  /** Replaces the entrypoint of an image that Docker has; empty: none. Absent: the image's own. */
  readonly entrypoint?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly mounts?: readonly MountRequest[];
  /**
   * `bridge`: the engine's default bridge, or with a peer the run's own network. Without it, the container has only a
   * loopback device.
   */
  readonly network?: 'bridge';
  /** Memory limit in bytes; default {@link defaultMemoryBytes}. A higher limit needs a reason in `needs`. */
  readonly memoryBytes?: number;
  readonly needs?: ContainerNeeds;
  /** CPU quota in CPUs (`cpu.max`); no limit when absent. */
  readonly cpus?: number;
  /** Drops the host's page cache (with runtime binaries and image files) before the trial, for a cold start. */
  readonly coldCache?: boolean;
  /**
   * The command prints the stamps `@ocibench begin|end <seconds>` around its work (`stamped.ts`). The harness removes
   * them from the output, measures CPU between them, and compares the container's clock with the host's.
   */
  readonly stamped?: boolean;
  /**
   * Docker's log driver (HostConfig.LogConfig); none when absent, so that the measurement includes no driver's work.
   */
  readonly log?: (typeof logDrivers)[number];
  /**
   * It gets a standard input that stays open, and may be checkpointed. The kernel refuses it io_uring, which CRIU cannot store;
   * Docker refuses that to every container.
   */
  readonly checkpoint?: boolean;
  /** Bytes of output kept in the records; the harness's own limit when absent. The rest is read and dropped. */
  readonly keptOutputBytes?: number;
  /** Timeout of the whole trial, ms. The trial is then ended and recorded as timed out. */
  readonly timeoutMs: number;
}

/**
 * Observations while the container runs.
 * - `nothing`: the harness stays idle (startup latency).
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
  /** A string (in users' own workloads) is the same in every language. */
  readonly title: Message | string;
  /** Markdown: the program, the purpose of the measurement, known caveats per runtime. */
  readonly description: string;
  /**
   * Parameter sets that each preset measures. An empty list leaves the workload out of the preset. Presets that use few
   * workloads may be absent, with the same meaning.
   */
  readonly presets: Readonly<
    Record<'quick' | 'standard' | 'full', readonly Params[]> & Partial<Record<Preset, readonly Params[]>>
  >;
  /** Meaning of each parameter key. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The metrics that its parser returns (or the harness derives for it); the first is the headline. */
  readonly metrics: readonly MetricDefinition[];
  /** Target half-width of the headline ratio's CI, as a fraction. */
  readonly precision: number;
  /**
   * Measured blocks after which more blocks add nothing, or take too long: facts, figures that hardly vary, whole hosts. Of each
   * parameter set, where these differ. Default: the run's own.
   */
  readonly maxBlocks?: number | ((params: Params) => number);
  /** True if it represents the headlines of its class in the A/A control (the baseline twice in every block). */
  readonly representative?: boolean;
  readonly observe: Observation;
  container(params: Params): ContainerRequest;
  /**
   * The command for runtimes that run WebAssembly modules only; everything else is as in `container`, so that both do the same
   * work under the same limits. Without it, those runtimes cannot run the workload.
   */
  moduleCommand?(params: Params): readonly string[];
  /** Actions of the harness while the container runs; without them, the container runs to its end. */
  steps?(params: Params): readonly ScenarioStep[];
  /** Several containers in one trial. */
  group?(params: Params): Group;
  /** A second container on the bridge, for `peer-exec`. */
  peer?(params: Params): PeerRequest;
  /** Exit codes of a successful program; default `[0]`. */
  readonly exitCodes?: readonly number[];
  /**
   * Parse the tool's output into values. Throws {@link ParseError} where the tool would not print such output or a
   * value is impossible. Such a trial is a failed trial, not a data point.
   */
  parse(evidence: Evidence, params: Params): readonly ParsedValue[];
  /** Parse the facts of the output that are not quantities; throws {@link ParseError} likewise. */
  facts?(evidence: Evidence, params: Params): readonly Fact[];
  /** Why this runtime cannot run it, known without trying; null where it can. */
  unsupported?(runtime: RuntimeFacts, params: Params): Message | string | null;
  /** Why the workload could not run here, found in a trial's output, whatever its exit code; null where it could. */
  refused?(evidence: Evidence, params: Params): Message | string | null;
}

/** Maximum useful number of blocks of a test; one that its workload does not limit, or limits to no number, has none. */
export function maxBlocksOf(
  workloads: readonly Pick<Workload, 'id' | 'maxBlocks'>[],
): (test: Pick<Cell, 'workload' | 'params'>) => number {
  const byId = new Map(workloads.map(({ id, maxBlocks }) => [id, maxBlocks]));
  return ({ workload, params }) => {
    const given = byId.get(workload);
    const most = typeof given === 'function' ? given(parseParams(params)) : given;
    return most !== undefined && most >= 1 ? most : Number.MAX_SAFE_INTEGER;
  };
}
