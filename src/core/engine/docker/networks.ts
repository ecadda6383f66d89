import type Docker from 'dockerode';
import { messages } from '../../messages/define.ts';
import type { EngineNetworks } from '../engine.ts';
import { labelled, runLabel, runLabels } from '../labels.ts';
import { answerLimitMs, within } from './calls.ts';
import { toEngineError } from './errors.ts';

const words = messages('engine', {
  makingNetwork: 'making a network',
  listingNetworks: 'listing its networks',
  removingNetwork: 'removing a network',
});

/**
 * Options of a run's own network. Its containers must reach each other, independent of the daemon's `icc` for its
 * default bridge. Everything else is the bridge driver's default, as for the default bridge.
 */
const options = { 'com.docker.network.bridge.enable_icc': 'true' };

/** The networks of runs in a daemon. See {@link EngineNetworks}. */
export function dockerNetworks(docker: Docker): EngineNetworks {
  return {
    createNetwork: (runId) =>
      within(words.makingNetwork, answerLimitMs, async () => {
        const name = `ocibench-${runId}`;
        const labels = { ...runLabels(runId) };
        await docker.createNetwork({ Name: name, Driver: 'bridge', Labels: labels, Options: options });
        return name;
      }),

    ourNetworks: () =>
      within(words.listingNetworks, answerLimitMs, async () => {
        const found = await docker.listNetworks({ filters: { label: [runLabel] } });
        return found.map(({ Id: id, Labels: labels = {} }) => labelled(id, labels));
      }),

    removeNetwork: (nameOrId) =>
      within(words.removingNetwork, answerLimitMs, async () => {
        await docker
          .getNetwork(nameOrId)
          .remove()
          .catch((error: unknown) => {
            if (toEngineError(error).statusCode !== 404) throw error;
          });
      }),
  };
}
