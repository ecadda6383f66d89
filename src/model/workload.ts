import type { Params } from './cell.ts';
import type { Category, MetricDefinition, ParsedValue } from './metric.ts';
import type { Preset } from './run.ts';
import type { RuntimeFacts } from './runtime.ts';
import type { ToolOutput } from './trial.ts';

/** A mount that the harness makes for one trial and removes with it. */
export interface MountRequest {
  /** `bind`: a fresh scratch directory of the host; `tmpfs`: memory inside the container's mount namespace. */
  readonly type: 'bind' | 'tmpfs';
  readonly target: string;
  /** Size limit of a tmpfs. */
  readonly bytes?: number;
  /** An empty tmpfs into which nothing can be written: takes a directory away from the workload. */
  readonly readOnly?: boolean;
}

/** What a workload asks of the engine. Everything not named here is the same for every workload (limits, no network). */
export interface ContainerRequest {
  readonly command: readonly string[];
  readonly mounts?: readonly MountRequest[];
  /** Memory limit in bytes; a default applies when absent. */
  readonly memoryBytes?: number;
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
  /** Id of the image recipe under workloads/images. */
  readonly image: string;
  readonly title: string;
  /** What runs, what it tells, known caveats per runtime. Markdown. */
  readonly description: string;
  /** Which parameter sets each preset measures. An empty list leaves the workload out of the preset. */
  readonly presets: Readonly<Record<Preset, readonly Params[]>>;
  /** Meaning of each parameter key. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The metrics its parser returns (or the harness derives for it); the first is the headline. */
  readonly metrics: readonly MetricDefinition[];
  /** Target half-width of the headline ratio's CI as a fraction. */
  readonly precision: number;
  readonly observe: Observation;
  container(params: Params): ContainerRequest;
  /**
   * The tool's output → values. Throws {@link ParseError} where the output is not what the tool prints or a
   * value is impossible: such a trial is a failed trial, not a data point.
   */
  parse(output: ToolOutput, params: Params): readonly ParsedValue[];
  /** A reason why this runtime cannot run it, known without trying; null where it can. */
  unsupported?(runtime: RuntimeFacts, params: Params): string | null;
}

/** Output that cannot be believed; its message quotes at most a line of it. */
export class ParseError extends Error {
  override readonly name = 'ParseError';
}
