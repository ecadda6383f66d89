import { notices } from '../messages/define.ts';
import { productOf } from '../model/engine-kind.ts';
import type { EngineFacts } from '../model/host.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { type ContainerEngine, EngineError } from './engine.ts';
import type { LayerEngine } from './layer.ts';

const text = notices('layerEngine', {
  noNetwork: '{product} makes no network of Docker’s kind',
  onThisHost: '{product} runs on this host',
});

/**
 * A layer as the only engine of a run: what a run asks of its engine beside trials, which the layer runs itself. It has
 * no networks, and keeps nothing of a run: what others have in it is none of this harness's.
 */
export function layerAsEngine(
  layer: LayerEngine,
  facts: EngineFacts,
  runtimes: readonly Pick<RuntimeEntry, 'name'>[],
): ContainerEngine {
  const product = productOf(facts);
  const lost = async () => (await layer.lost?.()) ?? null;
  const otherContainers = async () => (await layer.otherContainers?.()) ?? 0;
  return {
    facts,
    dataRoot: null,
    create: layer.create,
    forceRemove: layer.forceRemove,
    findImage: layer.findImage,
    importImage: layer.importImage,
    removeOurImages: async () => [],

    async versionNow() {
      const how = await lost();
      if (how !== null) throw new EngineError(how, null, undefined, true);
      return facts.version;
    },
    unreachable: lost,
    // A session asks `lost` of the layer itself.
    watch: async () => ({ gone: new AbortController().signal, close: () => undefined }),
    runtimes: async () => runtimes.map(({ name }) => ({ name })),
    conditions: async () => ({ otherContainers: await otherContainers() }),
    machine: async () => {
      throw new EngineError(text.onThisHost({ product }), null);
    },

    createNetwork: async () => {
      throw new EngineError(text.noNetwork({ product }), null);
    },
    ourNetworks: async () => [],
    removeNetwork: async () => undefined,

    ourContainers: async () => [],
    otherContainers,
    containersOf: async () => [],
  };
}
