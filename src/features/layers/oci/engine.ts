import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Container, type ContainerSpec, EngineError } from '../../../core/engine/engine.ts';
import type { LayerEngine, LayerResources } from '../../../core/engine/layer.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import { familyOfEntry, runtimeCommand } from '../../../core/runtimes/registry.ts';
import { mountOverlayRoot } from '../overlay-root.ts';
import { OwnContainers, preparedEngine } from '../own-containers.ts';
import { bundleConfig, kernelLimitsSwap } from './bundle.ts';
import { ociContainer, startKeeper } from './container.ts';
import { restorableContainer } from './restorable.ts';

const text = notices('layer.oci', {
  noRuntime: 'no program is registered for the runtime {name}, or it is not installed',
  noImage: 'there is no image {reference}',
});

/** Starts the process that holds the mounts. Rejects with EngineError where that fails. */
export async function openOciEngine(place: LayerResources): Promise<LayerEngine> {
  const top = join(place.scratch, 'oci');
  for (const name of ['bundles', 'state']) await mkdir(join(top, name), { recursive: true, mode: 0o700 });
  const keeper = await startKeeper(top, place.cgroupDirs(place.runCgroup));
  const limitsSwap = kernelLimitsSwap();
  const containers = new OwnContainers();

  /** The runtime's command, with its own state directory. */
  const commandOf = async (name: string): Promise<readonly string[]> => {
    const entry = place.runtimes.find((each) => each.name === name);
    const [program = '', ...args] = entry === undefined ? [] : runtimeCommand(entry);
    const path = program === '' ? null : await findProgram(program);
    if (path === null) throw new EngineError(text.noRuntime({ name }), null);
    return [path, '--root', join(top, 'state', basename(name)), ...args];
  };

  /** A runtime with a kernel of its own stores that. */
  const usesCriu = (name: string): boolean => {
    const entry = place.runtimes.find((each) => each.name === name);
    return entry !== undefined && familyOfEntry(entry).kernel === 'host';
  };

  async function ready(spec: ContainerSpec): Promise<Container> {
    const image = place.images.pathOf(spec.image);
    if (image === null) throw new EngineError(text.noImage({ reference: spec.image }), null);
    const runtime = await commandOf(spec.runtime);
    const id = randomBytes(32).toString('hex');
    const bundle = join(top, 'bundles', id.slice(0, 12));
    const root = await mountOverlayRoot(keeper.prefix, image, bundle);
    const parent = spec.cgroupParent;
    const cgroupsPath = parent === null ? null : `${parent}/${splitCgroup.container}/${id}`;
    const config = bundleConfig(spec, cgroupsPath, { id, rootfs: root.path, limitsSwap });
    await writeFile(join(bundle, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    const parts = {
      id,
      bundle,
      runtime,
      prefix: keeper.prefix,
      runtimeCgroups: parent === null ? [] : place.cgroupDirs(`${parent.slice(1)}/${splitCgroup.runtime}`),
      async dispose() {
        containers.forget(spec.name);
        await root.dispose();
      },
    };
    const container = spec.request.checkpoint
      ? await restorableContainer(parts, usesCriu(spec.runtime))
      : await ociContainer(parts);
    containers.add(spec.name, container);
    return container;
  }

  return preparedEngine(place, keeper, containers, ready);
}
