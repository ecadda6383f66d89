/**
 * The cgroups below that of a trial whose runtime is started by the harness itself: each counts what is in it for as long as it
 * exists, so that the container and the process of the runtime that starts it have totals of their own.
 */
export const splitCgroup = { container: 'ct', runtime: 'rt' } as const;

/**
 * How container and engine are told apart at a layer beside the run's engine:
 * - `split`: for each trial by itself, in cgroups of these names below the trial's; `daemon` is the cgroup of a daemon that works
 *   for the trial, too (relative to the hierarchies' roots)
 * - `engine`: the container is alone in the trial's cgroup, and the engine works in `cgroups` (relative to the hierarchies'
 *   roots) for all trials
 */
export type LayerAccounting =
  | {
      readonly kind: 'split';
      readonly container: string;
      readonly runtime: string;
      readonly daemon?: string;
    }
  | { readonly kind: 'engine'; readonly cgroups: readonly string[] };
