import { builtInProfiles } from '../config/built-in-profiles.ts';
import { loadDaemonJson } from '../config/load-config.ts';
import { runtimesOf } from '../config/registered-runtimes.ts';
import { loadWorkloadIds } from '../config/workloads.ts';
import { presentPrograms } from '../host/runtimes.ts';
import { categorySchema } from '../model/metric.ts';
import type { AppContext } from './context.ts';
import { resultsOf } from './past-runs.ts';

/** What names a shell can complete. */
export type Completable = 'workloads' | 'runtimes' | 'profiles' | 'runs';

/** The names of a kind that are known here, without asking a daemon, loading a configuration or starting a program. */
export async function completableNames(
  app: Pick<AppContext, 'environment' | 'store'>,
  kind: Completable,
): Promise<readonly string[]> {
  switch (kind) {
    case 'workloads':
      return [...categorySchema.options, ...loadWorkloadIds()];
    case 'runtimes':
      return runtimesOf((await loadDaemonJson(null))?.config ?? null, {
        present: [...(await presentPrograms()).keys()],
        withoutNetwork: [],
      }).map(({ name }) => name);
    case 'profiles':
      return builtInProfiles.map(({ name }) => name);
    case 'runs':
      return ['latest', ...(await app.store.runIds(resultsOf(app, undefined)))];
  }
}
