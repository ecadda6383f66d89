import { cgroupDirs } from '../collect/cgroup/make.ts';
import { runCgroup } from '../collect/cgroup/names.ts';
import type { LayerEngine } from '../engine/layer.ts';
import { layerAdapter } from '../engine/layers.ts';
import type { HostPlace } from '../execute/host-observer.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { defaultLayer, type Layer } from '../model/cell.ts';
import { engineTraits } from '../model/engine-kind.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import type { PlannedLayer } from '../plan/subjects.ts';
import type { OpenEngine } from './engines.ts';
import { runtimesOfDaemon } from './registered.ts';

const text = notices('layer', {
  notHere:
    'without an engine runtimes are started on this host, as root, and the engine of this run is elsewhere',
  needsRoot: 'without an engine runtimes are started as root: sudo ocibench run',
});

/** The layers of a run, and the engines of those beside its own. */
export interface OpenLayers {
  readonly planned: readonly PlannedLayer[];
  /** Layer at which runtimes are tried. */
  readonly first: Layer;
  /** By layer; layers that cannot be used here are missing. */
  readonly engines: ReadonlyMap<Layer, LayerEngine>;
}

/** `obstacle`: why no layer but the engine's own can be used here; null where they can. */
export function plannedLayers(
  layers: readonly Layer[],
  obstacle: Message | null = null,
): readonly PlannedLayer[] {
  return layers.map((layer) => ({
    layer,
    unsupported: (subject, runtime) => {
      const adapter = layerAdapter(layer);
      return adapter === null ? null : (obstacle ?? adapter.unsupported(subject, runtime));
    },
  }));
}

/**
 * The same with the engines' own layer once for each of several engines. `lacks`: why a runtime cannot run in one of them;
 * null where it can.
 */
export function atEveryEngine(
  layers: readonly PlannedLayer[],
  engines: readonly string[],
  lacks: (engine: string, runtime: string) => Message | null = () => null,
): readonly PlannedLayer[] {
  if (engines.length === 0) return layers;
  return layers.flatMap((place) => {
    if (place.layer !== defaultLayer) return place;
    return engines.map((engine) => ({
      ...place,
      engine,
      unsupported: (...[subject, runtime]: Parameters<PlannedLayer['unsupported']>) =>
        lacks(engine, runtime.entry.name) ?? place.unsupported(subject, runtime),
    }));
  });
}

/** Opens what the layers of a run need. Rejects with EngineError where one that could be used cannot be opened. */
export async function openLayers(
  layers: readonly Layer[],
  { engine, scratch }: Pick<OpenEngine, 'engine' | 'scratch'>,
  entries: readonly RuntimeEntry[],
  hostPlace: HostPlace | null,
  isRoot: boolean,
): Promise<OpenLayers> {
  const engines = new Map<Layer, LayerEngine>();
  const without = layers.filter((layer) => layer !== defaultLayer);
  const here = scratch === null || hostPlace === null ? null : { scratch, hostPlace };
  const obstacle = here === null ? text.notHere : isRoot ? null : text.needsRoot;
  if (here !== null && obstacle === null && without.length > 0) {
    const { layout, runId } = here.hostPlace;
    const place = {
      runId,
      facts: engine.facts,
      scratch: here.scratch,
      runtimes: engineTraits(engine.facts).takesRuntimes
        ? entries
        : await runtimesOfDaemon(engine, { entries, file: null }),
      cgroupDirs: (path: string) => cgroupDirs(layout, path),
      runCgroup: runCgroup('cgroupfs', runId),
    };
    for (const layer of without) {
      const opened = await layerAdapter(layer)?.open(place);
      if (opened !== undefined) engines.set(layer, opened);
    }
  }
  return {
    planned: plannedLayers(layers, obstacle),
    first: layers.find((layer) => layer === defaultLayer || engines.has(layer)) ?? defaultLayer,
    engines,
  };
}
