import { join } from 'node:path';
import type { CgroupLayout } from '../../core/collect/cgroup/layout.ts';
import { cgroupDirs, makeCgroups } from '../../core/collect/cgroup/make.ts';
import { runCgroup } from '../../core/collect/cgroup/names.ts';
import { systemEngineCgroups } from '../../core/collect/engine-cgroup.ts';
import { findContainerd } from '../../core/collect/engine-daemons.ts';
import { type LayerEngine, type LayerResources, unpackedImages } from '../../core/engine/layer.ts';
import { layerAdapter } from '../../core/engine/layers.ts';
import type { HostContext } from '../../core/measure/execute/host-context.ts';
import type { ScheduledLayer, WorkloadSubject } from '../../core/measure/schedule/subjects.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { ResolvedConfig, RunSubject } from '../../core/model/run/run.ts';
import { engineTraits } from '../../core/model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../core/model/runtime/runtime.ts';
import { defaultLayer, type Layer } from '../../core/model/trial/cell.ts';
import { endContainersOf } from '../leftovers/dead-run-processes.ts';
import type { OpenLayers } from './engine-session.ts';
import type { OpenEngine } from './engines.ts';
import { runtimesOfDaemon } from './registered.ts';

const text = notices('layer', {
  notHere:
    'without an engine, ocibench starts runtimes on this host as root, but the engine of this run is elsewhere',
  needsRoot: 'without an engine, only root can start runtimes:  @(sudo run)',
});

/** `obstacles`: why a layer beside the engine's own cannot be used here; without an entry it can. */
export function scheduledLayers(
  layers: readonly Layer[],
  obstacles: ReadonlyMap<Layer, Message> = new Map(),
): readonly ScheduledLayer[] {
  return layers.map((layer) => {
    const adapter = layerAdapter(layer);
    const runners = adapter?.runners;
    return {
      layer,
      unsupported: (subject, runtime) =>
        adapter === null ? null : (obstacles.get(layer) ?? adapter.unsupported(subject, runtime)),
      ...(runners === undefined
        ? {}
        : {
            runners: (subject) =>
              runners(subject).map(({ name, missing }) => ({
                name,
                missing: obstacles.get(layer) ?? missing,
              })),
          }),
    };
  });
}

/**
 * Repeats the engines' own layer for each of several engines. `lacks`: why a runtime cannot run in an engine; null where it
 * can.
 */
export function atEveryEngine(
  layers: readonly ScheduledLayer[],
  engines: readonly string[],
  lacks: (engine: string, runtime: string) => Message | null = () => null,
): readonly ScheduledLayer[] {
  if (engines.length === 0) return layers;
  return layers.flatMap((place) => {
    if (place.layer !== defaultLayer) return place;
    return engines.map((engine) => ({
      ...place,
      engine,
      unsupported: (...[subject, runtime]: Parameters<ScheduledLayer['unsupported']>) =>
        lacks(engine, runtime.entry.name) ?? place.unsupported(subject, runtime),
    }));
  });
}

/** Those of the subjects that their engines measure, each all or the categories that it was given. */
export function measuredInEngines<T extends Pick<RunSubject, 'category' | 'engine'>>(
  subjects: readonly T[],
  { engines = [] }: Pick<ResolvedConfig, 'engines'>,
): T[] {
  const chosen = new Map(
    engines.map(({ name, categories }) => [name, categories as readonly string[] | undefined]),
  );
  return subjects.filter(({ category, engine = '' }) => chosen.get(engine)?.includes(category) ?? true);
}

/** Those of the workloads that this engine of the run measures. */
export function workIn(
  engine: string,
  subjects: readonly WorkloadSubject[],
  config: Pick<ResolvedConfig, 'engines'>,
): readonly WorkloadSubject[] {
  const placed = subjects.map((subject) => ({ subject, category: subject.workload.category, engine }));
  return measuredInEngines(placed, config).map(({ subject }) => subject);
}

/** The host's cgroups as layers use them. */
export function cgroupsForLayers(
  layout: CgroupLayout,
  runId: string,
): Pick<LayerResources, 'cgroupDirs' | 'prepareCgroup' | 'runCgroup' | 'containerdCgroup' | 'endContainers'> {
  return {
    cgroupDirs: (path) => cgroupDirs(layout, path),
    prepareCgroup: (path) => makeCgroups(layout, path, false),
    endContainers: (socket, ids) => endContainersOf(layout, runId, { socket, ids }),
    runCgroup: runCgroup('cgroupfs', runId),
    containerdCgroup(socket) {
      const found = systemEngineCgroups(layout, findContainerd(socket));
      return 'paths' in found ? (found.paths[0] ?? null) : null;
    },
  };
}

/** Opens the engines of a run's layers. Rejects with EngineError where a usable layer cannot be opened. */
export async function openLayers(
  layers: readonly Layer[],
  { engine, scratch, layer: own }: Pick<OpenEngine, 'engine' | 'scratch' | 'layer'>,
  entries: readonly RuntimeEntry[],
  hostPlace: HostContext | null,
  {
    isRoot,
    compared = null,
  }: {
    readonly isRoot: boolean;
    /** Names of the runtimes to start; null: all. */
    readonly compared?: readonly string[] | null | undefined;
  },
): Promise<OpenLayers> {
  const opened = own === undefined ? [] : [[own.layer, own.engine] as const];
  const engines = new Map<Layer, LayerEngine>(opened);
  const beside = layers.filter((layer) => layer !== defaultLayer && layer !== own?.layer);
  const here = scratch === null || hostPlace === null ? null : { scratch, hostPlace };
  const obstacles = new Map<Layer, Message>();
  for (const layer of beside) {
    const obstacle =
      here === null
        ? text.notHere
        : isRoot
          ? ((await layerAdapter(layer)?.missing?.()) ?? null)
          : text.needsRoot;
    if (obstacle !== null) obstacles.set(layer, obstacle);
  }
  const usable = beside.filter((layer) => !obstacles.has(layer));
  if (here !== null && usable.length > 0) {
    const { layout, runId } = here.hostPlace;
    const all = engineTraits(engine.facts).takesRuntimes
      ? entries
      : await runtimesOfDaemon(engine, { entries, file: null });
    const place = {
      runId,
      facts: engine.facts,
      scratch: here.scratch,
      images: unpackedImages(join(here.scratch, 'unpacked')),
      runtimes: all.filter(({ name }) => compared?.includes(name) ?? true),
      ...cgroupsForLayers(layout, runId),
    };
    try {
      for (const layer of usable) {
        const found = await layerAdapter(layer)?.open(place);
        if (found !== undefined) engines.set(layer, found);
      }
    } catch (error) {
      for (const each of engines.values()) if (each !== own?.engine) await each.close();
      throw error;
    }
  }
  return {
    scheduled: scheduledLayers(layers, obstacles),
    first: layers.find((layer) => layer === defaultLayer || startsRuntimes(layer, engines)) ?? defaultLayer,
    engines,
  };
}

/** Is the layer open, and does it start the run's runtimes? */
function startsRuntimes(layer: Layer, engines: ReadonlyMap<Layer, LayerEngine>): boolean {
  return engines.has(layer) && layerAdapter(layer)?.runners === undefined;
}

/** How a layer's engine was lost; null while all work. A new session opens them again. */
export async function lostLayer({ engines }: Pick<OpenLayers, 'engines'>): Promise<Message | null> {
  for (const each of engines.values()) {
    const lost = (await each.lost?.()) ?? null;
    if (lost !== null) return lost;
  }
  return null;
}
