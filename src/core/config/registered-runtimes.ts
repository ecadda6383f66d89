import { dropUndefined } from '../model/objects.ts';
import type { RuntimeEntry, RuntimeFamily } from '../model/runtime/runtime.ts';
import { families } from '../runtimes/registry.ts';
import type { DaemonConfig } from './daemon-keys.ts';

/** Facts of the host that `runtimesOf` needs. */
export interface InstalledRuntimes {
  /** Names of the programs found on PATH; only runtimes matter. */
  readonly present: readonly string[];
  /** Families whose program cannot set up its own network stack on the host's kernel. */
  readonly withoutNetwork: readonly RuntimeFamily[];
}

/** As on a host that has every program of every family. */
export const everyRuntime: InstalledRuntimes = {
  present: families.flatMap(({ programs }) => programs.map(({ name }) => name)),
  withoutNetwork: [],
};

/** The runtime that dockerd has built in under the reserved name. */
const builtIn: RuntimeEntry = { name: 'runc', path: 'runc', origin: 'built-in' };

function foundOnPath({ present, withoutNetwork }: InstalledRuntimes): readonly RuntimeEntry[] {
  const origin = 'PATH' as const;
  return families.flatMap(({ id, programs }) =>
    programs
      .filter(({ name }) => present.includes(name))
      .flatMap(({ entry }) => entry({ present, withoutNetwork: withoutNetwork.includes(id) }) ?? [])
      .map((entry) => ({ ...entry, origin })),
  );
}

/**
 * The runtimes to compare: runc first, then the entries of daemon.json in their order. Without a daemon.json, or
 * without `runtimes` in it, those found on PATH.
 */
export function runtimesOf(
  config: DaemonConfig | null,
  installed: InstalledRuntimes,
): readonly RuntimeEntry[] {
  const declared = config?.runtimes;
  if (declared === undefined) return [builtIn, ...foundOnPath(installed)];
  const entries = Object.entries(declared).map(
    ([name, { path, runtimeArgs = [], runtimeType, options = {} }]): RuntimeEntry =>
      dropUndefined({
        name,
        path: path || undefined,
        runtimeArgs: runtimeArgs.length === 0 ? undefined : runtimeArgs,
        runtimeType: runtimeType || undefined,
        options: Object.keys(options).length === 0 ? undefined : options,
        origin: 'daemon.json' as const,
      }),
  );
  return [builtIn, ...entries];
}
