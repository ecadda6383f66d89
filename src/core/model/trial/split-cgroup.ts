/**
 * Names of the cgroups below that of a trial whose runtime is started by the harness itself. Container and runtime
 * process are in separate cgroups, so that each has totals of its own.
 */
export const splitCgroup = { container: 'ct', runtime: 'rt' } as const;

/**
 * How the usage of container and engine is separated at a layer beside the run's engine:
 * - `split`: for each trial by itself, in cgroups of these names below the trial's; `daemon` is the cgroup of a daemon
 *   that also works for the trial (relative to the hierarchies' roots)
 * - `engine`: the container is alone in the trial's cgroup, and the engine works in `cgroups` (relative to the
 *   hierarchies' roots) for all trials
 */
export type LayerAccounting =
  | {
      readonly kind: 'split';
      readonly container: string;
      readonly runtime: string;
      readonly daemon?: string;
    }
  | { readonly kind: 'engine'; readonly cgroups: readonly string[] };
