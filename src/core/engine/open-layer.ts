import { join } from 'node:path';
import { messages, notices } from '../messages/define.ts';
import { exitCodes, OcibenchError } from '../model/failure/error.ts';
import type { EngineFacts } from '../model/machine/host.ts';
import type { LayerEngineKind } from '../model/runtime/engine-choice.ts';
import { productOf } from '../model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../model/runtime/runtime.ts';
import { type ContainerEngine, EngineError } from './engine.ts';
import { helpLines } from './help-lines.ts';
import { type EngineOfLayer, type LayerEngine, unpackedImages } from './layer.ts';
import { layerAdapter } from './layers.ts';
import type { EngineResources, LayerEngineResources, OpenEngine } from './open-engine.ts';
import { makeScratch, removeScratch, removeScratchRemains } from './scratch.ts';

const layerAsEngineText = notices('layerEngine', {
  noNetwork: '{product} does not create networks as Docker does',
  onThisHost: '{product} runs on this host',
});

/**
 * A layer as the only engine of a run: the engine's functions besides trials, which the layer runs itself. It has no networks
 * and no leftovers of runs: containers of others in it are never this harness's.
 */
function layerAsEngine(
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
    // Never aborted: a session asks the layer's own `lost`.
    watch: async () => ({ gone: new AbortController().signal, close: () => undefined }),
    runtimes: async () => runtimes.map(({ name }) => ({ name })),
    conditions: async () => ({ otherContainers: await otherContainers() }),
    machine: async () => {
      throw new EngineError(layerAsEngineText.onThisHost({ product }), null);
    },

    createNetwork: async () => {
      throw new EngineError(layerAsEngineText.noNetwork({ product }), null);
    },
    ourNetworks: async () => [],
    removeNetwork: async () => undefined,

    ourContainers: async () => [],
    otherContainers,
    containersOf: async () => [],
  };
}

const text = notices('layerEngine', {
  cannot: '{engine} cannot be the engine of a run here; what would help:\n  {lines}',
  notOpened: '{engine} could not be opened: {said}',
});
const words = messages('layerEngine', {
  needsRoot: '@(sudo run)   (namespaces and cgroups need root)',
  otherEngine: 'or another engine:  @(run --engine auto)',
});

/** Facts of the engine that are known before it is opened. */
function unopened(kind: LayerEngineKind, { cgroupVersion }: LayerEngineResources): EngineFacts {
  return {
    kind,
    endpoint: '',
    local: true,
    version: '',
    apiVersion: '',
    cgroupVersion,
    cgroupDriver: 'cgroupfs',
    storageDriver: '',
    defaultRuntime: 'runc',
    containerdVersion: null,
    transport: 'unix',
  };
}

/** The adapter of the engine. OcibenchError (exit 3) with the remedy where it cannot be opened here. */
async function usable(kind: LayerEngineKind): Promise<EngineOfLayer> {
  const engine = layerAdapter(kind)?.asEngine;
  if (engine === undefined) throw new Error(`the layer ${kind} is no engine`);
  const obstacle = process.getuid?.() === 0 ? await engine.missing() : words.needsRoot;
  if (obstacle === null) return engine;
  throw new OcibenchError(text.cannot({ engine: kind, lines: helpLines([obstacle, words.otherEngine]) }), {
    exitCode: exitCodes.noEngine,
  });
}

/** Opens the layer as an engine. OcibenchError (exit 3) with the remedy where it cannot be opened here. */
export async function openLayerEngine(
  kind: LayerEngineKind,
  { runId, asLayer }: Pick<EngineResources, 'runId' | 'asLayer'>,
  entries: readonly RuntimeEntry[],
): Promise<OpenEngine> {
  const adapter = await usable(kind);
  await removeScratchRemains(runId);
  const scratch = await makeScratch(runId);
  const { compared, cgroupVersion: _, ...cgroups } = asLayer;
  const facts = unopened(kind, asLayer);
  try {
    const { layer, about } = await adapter.open({
      runId,
      scratch,
      facts,
      ...cgroups,
      images: unpackedImages(join(scratch, 'unpacked')),
      runtimes: entries.filter(({ name }) => compared?.includes(name) ?? true),
    });
    return {
      engine: layerAsEngine(layer, { ...facts, ...about }, entries),
      scratch,
      networkNamespace: null,
      layer: { layer: kind, engine: layer },
      lost: async () => (await layer.lost?.()) ?? null,
      async close() {
        await layer.close();
        await removeScratch(scratch);
      },
    };
  } catch (error) {
    await removeScratch(scratch);
    if (!(error instanceof EngineError)) throw error;
    throw new OcibenchError(text.notOpened({ engine: kind, said: error.said }), {
      exitCode: exitCodes.noEngine,
      cause: error,
    });
  }
}
