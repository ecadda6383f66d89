import type { Container, ContainerSpec } from '../../core/engine/engine.ts';
import type { LayerEngine, LayerResources } from '../../core/engine/layer.ts';
import { splitCgroup } from '../../core/model/trial/split-cgroup.ts';

/** Timeout of a removal at the end, ms. */
const removeMs = 30_000;

/** The containers that a layer has created and not yet removed, by name. */
export class OwnContainers {
  readonly #byName = new Map<string, Container>();

  add(name: string, container: Container): void {
    this.#byName.set(name, container);
  }

  forget(name: string): void {
    this.#byName.delete(name);
  }

  /** The container of this name; null where there is none. */
  named(name: string): Container | null {
    return this.#byName.get(name) ?? null;
  }

  /** Removes a container by name or id; resolves also where there is none. */
  async remove(nameOrId: string, signal: AbortSignal): Promise<void> {
    const found = [...this.#byName].find(([name, { id }]) => name === nameOrId || id === nameOrId);
    await found?.[1].remove(signal);
  }

  /** Tries to remove all remaining containers. */
  async removeAll(): Promise<void> {
    for (const container of this.#byName.values())
      await container.remove(AbortSignal.timeout(removeMs)).catch(() => undefined);
  }
}

/** An engine whose containers are made ready beforehand: mounts and waiting processes are work of the harness, and not timed. */
export function preparedEngine(
  { facts, images: { findImage, importImage } }: LayerResources,
  keeper: { close(): Promise<void> },
  containers: OwnContainers,
  ready: (spec: ContainerSpec) => Promise<Container>,
): LayerEngine {
  return {
    facts,
    accounting: { kind: 'split', ...splitCgroup },
    prepare: async (spec) => void (await ready(spec)),
    create: async (spec) => containers.named(spec.name) ?? (await ready(spec)),
    forceRemove: (nameOrId, signal) => containers.remove(nameOrId, signal),
    findImage,
    importImage,
    async close() {
      await containers.removeAll();
      await keeper.close();
    },
  };
}
