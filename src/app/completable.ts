import { join, resolve } from 'node:path';
import type { Environment } from './reporter.ts';

/** The kinds of names that a shell can complete. */
export type CompletionKind = 'workloads' | 'runtimes' | 'profiles' | 'runs' | 'keys';

/**
 * The names of a kind that are known without asking a daemon, loading a configuration or starting a program. A user waits at a
 * prompt, so each kind loads only what it needs.
 */
export async function completableNames(
  { workingDirectory }: Pick<Environment, 'workingDirectory'>,
  kind: CompletionKind,
): Promise<readonly string[]> {
  switch (kind) {
    case 'workloads': {
      const { loadWorkloadIds } = await import('../core/config/workload-ids.ts');
      const ids = loadWorkloadIds();
      return [...new Set(ids.map((id) => id.replace(/\/.*/, ''))), ...ids];
    }
    case 'runtimes': {
      const { loadDaemonJson } = await import('../core/config/load-config.ts');
      const { runtimesOf } = await import('../core/config/registered-runtimes.ts');
      const { presentPrograms } = await import('../core/host/runtimes.ts');
      return runtimesOf((await loadDaemonJson(null))?.config ?? null, {
        present: [...(await presentPrograms()).keys()],
        withoutNetwork: [],
      }).map(({ name }) => name);
    }
    case 'profiles': {
      const { builtInProfiles } = await import('../core/config/built-in-profiles.ts');
      return builtInProfiles.map(({ name }) => name);
    }
    case 'keys': {
      const { setKeys } = await import('../core/config/set.ts');
      return setKeys.map((key) => `${key}=`);
    }
    case 'runs': {
      const { runIds } = await import('../core/store/run-ids.ts');
      return ['latest', ...(await runIds(join(resolve(workingDirectory), 'results')))];
    }
  }
}
