import type Docker from 'dockerode';
import { messages } from '../../messages/define.ts';
import type { EngineCensus } from '../engine.ts';
import { isOfThisHost, labelled, runLabel } from '../labels.ts';
import { answerLimitMs, guarded, within } from './calls.ts';
import { toEngineError } from './errors.ts';

const words = messages('engine', { listingContainers: 'listing its containers' });

/** The containers of a daemon. See {@link EngineCensus}. */
export function dockerCensus(docker: Docker): EngineCensus {
  return {
    ourContainers: () =>
      within(words.listingContainers, answerLimitMs, async () => {
        const found = await docker.listContainers({ all: true, filters: { label: [runLabel] } });
        return found.map(({ Id: id, Labels: labels = {} }) => labelled(id, labels));
      }),

    otherContainers: () => within(words.listingContainers, answerLimitMs, () => otherContainers(docker)),

    containersOf: (runtime) =>
      guarded(async () => {
        const names: string[] = [];
        for (const { Id: id } of await docker.listContainers({ all: true })) {
          // A container that was removed since it was listed no longer uses a runtime.
          const found = await docker
            .getContainer(id)
            .inspect()
            .catch((error: unknown) => {
              if (toEngineError(error).statusCode === 404) return null;
              throw error;
            });
          if (found?.HostConfig.Runtime === runtime) names.push(found.Name.replace(/^\//, ''));
        }
        return names;
      }),
  };
}

/** Number of running containers that no run of this host made. */
export async function otherContainers(docker: Docker): Promise<number> {
  const running = await docker.listContainers();
  return running.filter(({ Labels: labels = {} }) => !isOfThisHost(labels)).length;
}
