/** How a server is asked whether it serves: a TCP connect, an HTTP request that is answered, or Redis' PING. */
export type ServiceProtocol = 'tcp' | 'http' | 'redis';

/**
 * One thing that the harness does to a running container. Steps happen one after the other; each that takes time sets
 * marks of its own, from which a workload's parser takes durations (`between` of evidence.ts).
 */
export type ScenarioStep =
  /** Waits until the container has printed anything (mark `first-output`, which every trial has). */
  | { readonly do: 'await-first-output' }
  /** Waits until stdout or stderr holds `text`, then sets `mark`. */
  | { readonly do: 'await-output'; readonly text: string; readonly mark: string }
  /** Lets the container be. */
  | { readonly do: 'settle'; readonly ms: number }
  /** One look at processes and cgroup, as for an idle container. */
  | { readonly do: 'snapshot' }
  /**
   * Reads back what the kernel really limits the container to, and how often it held it back, from the container's own
   * cgroup while it exists: figures `limits.cpus`, `limits.memory`, `limits.pids`, `throttle.periods`,
   * `throttle.throttled_periods`, `throttle.time`.
   */
  | { readonly do: 'limits' }
  /**
   * Asks a server in the container, from the harness's side of its network, until it answers; then sets `mark`. The
   * instant is when the answer was there, in a process that was started before the trial began.
   */
  | {
      readonly do: 'await-service';
      readonly port: number;
      readonly protocol: ServiceProtocol;
      readonly mark: string;
    }
  /**
   * Runs a program in the container to its end. Marks `<name>-begin`, `<name>-output` (its first byte) and `<name>-end`;
   * what it prints is kept under `name`. An exit code other than 0 fails the trial. CPU of the container's cgroup is read around
   * it (`window` of the record), unless the container stamps its own work.
   */
  | { readonly do: 'exec'; readonly name: string; readonly command: readonly string[] }
  /** The same in the peer. `{address}` in an argument becomes the container's address. */
  | { readonly do: 'peer-exec'; readonly name: string; readonly command: readonly string[] }
  /** Freezes and thaws; marks `pause-begin`, `pause-end`, `unpause-begin`, `unpause-end`. */
  | { readonly do: 'pause' }
  | { readonly do: 'unpause' }
  /** SIGTERM, and SIGKILL after `graceSeconds`; marks `stop-begin`, `stop-end`. */
  | { readonly do: 'stop'; readonly graceSeconds: number }
  /** SIGKILL; marks `kill-begin`, `kill-end`. */
  | { readonly do: 'kill' };

/** Steps after which the container's exit code is the harness's doing and says nothing of the program. */
export function endsContainer(step: ScenarioStep): boolean {
  return step.do === 'stop' || step.do === 'kill';
}

/**
 * Several containers of one cell in one trial, all below the trial's cgroup.
 * - `burst`: all are created and started at once, each lives its short life; `copies` of the record holds their marks.
 * - `density`: they are started a few at a time and stay idle; memory from three sides and idle CPU are read.
 */
export type Group =
  | { readonly kind: 'burst'; readonly count: number }
  | {
      readonly kind: 'density';
      readonly count: number;
      /** No further sandbox is started once the host has lost this much memory, bytes. */
      readonly budgetBytes: number;
      /** How long the idle sandboxes are watched, ms; memory.stat catches up meanwhile. */
      readonly idleMs: number;
    };

/** Another container on the container's network, always under runc, so that only one side changes between runtimes. */
export interface PeerRequest {
  readonly image: string;
  readonly command: readonly string[];
}
