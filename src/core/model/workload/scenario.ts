import type { ImageSource } from './image.ts';

/** How readiness of a server is probed: a TCP connect, an HTTP request that is answered, or Redis' PING. */
export type ServiceProtocol = 'tcp' | 'http' | 'redis';

/**
 * One action of the harness on a running container. Steps run one after the other. Each step that takes time sets its
 * own marks, from which a workload's parser takes durations (`between` of evidence.ts).
 */
export type ScenarioStep =
  /** Waits until the container has printed anything (mark `first-output`, which every trial has). */
  | { readonly do: 'await-first-output' }
  /** Waits until stdout or stderr holds `text`, then sets `mark`. */
  | { readonly do: 'await-output'; readonly text: string; readonly mark: string }
  /**
   * Waits until a line of stdout or stderr matches a regular expression, then sets `mark`. A line that is not ended yet
   * counts; of long lines, the end.
   */
  | { readonly do: 'await-match'; readonly pattern: string; readonly mark: string }
  /** Waits. */
  | { readonly do: 'settle'; readonly ms: number }
  /** One snapshot of processes and cgroup, as for an idle container. */
  | { readonly do: 'snapshot' }
  /**
   * Reads back the limits that the kernel really applies and how often it throttled the container. The source is the
   * container's own cgroup while it exists. Figures: `limits.cpus`, `limits.memory`, `limits.pids`, `throttle.periods`,
   * `throttle.throttled_periods`, `throttle.time`.
   */
  | { readonly do: 'limits' }
  /**
   * Probes a server in the container from the harness's side of its network until it answers; then sets `mark`. The
   * probing process starts before the trial begins, and `mark` is the instant of the answer in it.
   */
  | {
      readonly do: 'await-service';
      readonly port: number;
      readonly protocol: ServiceProtocol;
      readonly mark: string;
    }
  /**
   * Runs a program in the container to its end. Sets the marks `<name>-begin`, `<name>-output` (its first byte) and
   * `<name>-end`, and keeps its output under `name`. An exit code other than 0 fails the trial. Unless the container
   * stamps its own work, CPU of the container's cgroup is read around the program (`window` of the record).
   */
  | { readonly do: 'exec'; readonly name: string; readonly command: readonly string[] }
  /** Does the same in the peer. `{address}` in an argument becomes the container's address. */
  | { readonly do: 'peer-exec'; readonly name: string; readonly command: readonly string[] }
  /** Freezes and thaws; marks `pause-begin`, `pause-end`, `unpause-begin`, `unpause-end`. */
  | { readonly do: 'pause' }
  | { readonly do: 'unpause' }
  /** SIGTERM, and SIGKILL after `graceSeconds`; marks `stop-begin`, `stop-end`. */
  | { readonly do: 'stop'; readonly graceSeconds: number }
  /** SIGKILL; marks `kill-begin`, `kill-end`. */
  | { readonly do: 'kill' };

/** True for steps after which the container's exit code is caused by the harness, not by the program. */
export function endsContainer(step: ScenarioStep): boolean {
  return step.do === 'stop' || step.do === 'kill';
}

/**
 * Several containers of one cell in one trial, all below the trial's cgroup.
 * - `burst`: all are created and started at once and end soon; `copies` of the record holds their marks.
 * - `density`: they are started, a few at a time, and stay idle; their memory is read in several ways, and their idle
 *   CPU.
 * - `runner`: a feature's runner of that name starts them and says what it saw (core/measure/execute/group-runners.ts).
 */
export type Group =
  | { readonly kind: 'burst'; readonly count: number }
  | {
      readonly kind: 'density';
      readonly count: number;
      /** Start no further sandbox once the host has lost this much memory, bytes. */
      readonly budgetBytes: number;
      /** Pause before they are observed, ms, in which the work of starting them ends; default 0. */
      readonly settleMs?: number;
      /** Duration of observing the idle sandboxes, ms; memory.stat catches up meanwhile. */
      readonly idleMs: number;
    }
  | {
      readonly kind: 'runner';
      readonly runner: string;
      /** Maximum number of containers at any time: their names end in 0 to `count` - 1. */
      readonly count: number;
      /** Does it read the host of the engine? */
      readonly needsHost?: boolean;
      readonly settings: Readonly<Record<string, string | number | boolean | readonly string[]>>;
    };

/**
 * Another container on the container's network. It always runs under runc, so that only one side changes between
 * runtimes.
 */
export interface PeerRequest {
  readonly image: ImageSource;
  readonly command: readonly string[];
}
