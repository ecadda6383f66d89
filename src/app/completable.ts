import { loadWorkloadIds } from '../config/workloads.ts';
import { categorySchema } from '../model/metric.ts';
import type { AppContext } from './context.ts';
import { resultsOf } from './past-runs.ts';
import { registeredRuntimes } from './registered.ts';

/** What names a shell can complete. */
export type Completable = 'workloads' | 'runtimes' | 'runs';

/** The names of a kind that are known here, without asking a daemon or loading a configuration. */
export async function completableNames(
  app: Pick<AppContext, 'environment' | 'store'>,
  kind: Completable,
): Promise<readonly string[]> {
  switch (kind) {
    case 'workloads':
      return [...categorySchema.options, ...loadWorkloadIds()];
    case 'runtimes':
      return (await registeredRuntimes(null, [])).entries.map(({ name }) => name);
    case 'runs':
      return ['latest', ...(await app.store.runIds(resultsOf(app, undefined)))];
  }
}
