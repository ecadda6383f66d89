import type { RuntimeEntry } from '../model/runtime.ts';
import type { DaemonConfig } from './daemon-keys.ts';

/** What `runtimesOf` has to know of the host. */
export interface InstalledRuntimes {
  /** Names of the programs found on PATH; others than runtimes do not matter. */
  readonly present: readonly string[];
  /** The host's runsc cannot set up its network stack on the host's kernel (google/gvisor#10704). */
  readonly runscWithoutNetwork: boolean;
}

/** The runtime that dockerd brings under the reserved name. */
const builtIn: RuntimeEntry = { name: 'runc', path: 'runc', origin: 'built-in' };

/** systrap is named so that the row says what was measured even where a release changes its default. */
function foundOnPath({ present, runscWithoutNetwork }: InstalledRuntimes): readonly RuntimeEntry[] {
  const origin = 'PATH' as const;
  const candidates: readonly (RuntimeEntry & { readonly program: string })[] = [
    { program: 'crun', name: 'crun', path: 'crun', origin },
    {
      program: 'runsc',
      name: 'runsc',
      path: 'runsc',
      runtimeArgs: ['--platform=systrap', ...(runscWithoutNetwork ? ['--network=none'] : [])],
      origin,
    },
    { program: 'containerd-shim-kata-v2', name: 'kata', runtimeType: 'io.containerd.kata.v2', origin },
    { program: 'kata-runtime', name: 'kata-runtime', path: 'kata-runtime', origin },
    { program: 'youki', name: 'youki', path: 'youki', origin },
  ];
  // Kata 2 and later still bring a `kata-runtime`, but as a tool of their own and not as an OCI runtime.
  const hasShim = present.includes('containerd-shim-kata-v2');
  return candidates
    .filter(({ program }) => present.includes(program) && !(program === 'kata-runtime' && hasShim))
    .map(({ program: _, ...entry }) => entry);
}

/**
 * The runtimes to compare: runc first, then the entries of daemon.json in their order. Where there is no
 * daemon.json, or it does not speak of runtimes at all, those found on PATH.
 */
export function runtimesOf(
  config: DaemonConfig | null,
  installed: InstalledRuntimes,
): readonly RuntimeEntry[] {
  const declared = config?.runtimes;
  if (declared === undefined) return [builtIn, ...foundOnPath(installed)];
  const entries = Object.entries(declared).map(
    ([name, { path, runtimeArgs, runtimeType, options }]): RuntimeEntry => ({
      name,
      ...(path ? { path } : {}),
      ...(runtimeArgs === undefined || runtimeArgs.length === 0 ? {} : { runtimeArgs }),
      ...(runtimeType ? { runtimeType } : {}),
      ...(options === undefined || Object.keys(options).length === 0 ? {} : { options }),
      origin: 'daemon.json',
    }),
  );
  return [builtIn, ...entries];
}
