import { randomBytes } from 'node:crypto';
import { mkdir, rmdir, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Container, type ContainerSpec, EngineError } from '../../../core/engine/engine.ts';
import type { LayerEngine, LayerPlace } from '../../../core/engine/layer.ts';
import { mountOverlayRoot } from '../../../core/engine/overlay-root.ts';
import { OwnContainers } from '../../../core/engine/own-containers.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import { splitCgroup } from '../../../core/model/split-cgroup.ts';
import { startKeeper } from '../oci/keeper.ts';
import { floorContainer } from './container.ts';
import { type FloorKind, floorKinds } from './kinds.ts';
import { programInRoot } from './program.ts';

const text = notices('layer.floor', {
  noKind: 'no tool {name} starts programs here, or it is not installed',
  noImage: 'there is no image {reference}',
  noProgram: 'the image {reference} has no program {path}',
});

/** Starts the process that holds the mounts. Rejects with EngineError where that fails. */
export async function openFloorEngine(place: LayerPlace): Promise<LayerEngine> {
  const top = join(place.scratch, 'floor');
  await mkdir(join(top, 'roots'), { recursive: true, mode: 0o700 });
  // systemd-nspawn writes below /run, and wants a tmpfs there.
  const keeper = await startKeeper(top, place.cgroupDirs(place.runCgroup), ['/run']);
  const containers = new OwnContainers();

  async function toolOf(name: string): Promise<{ readonly kind: FloorKind; readonly tool: string[] }> {
    const kind = floorKinds.find((each) => each.name === name);
    const tool = kind?.tool == null ? null : await findProgram(kind.tool.program);
    if (kind === undefined || (kind.tool !== null && tool === null))
      throw new EngineError(text.noKind({ name }), null);
    return { kind, tool: tool === null ? [] : [tool] };
  }

  /**
   * The image's program outside of its root. A link of its name leads to it: programs such as busybox do what they are
   * called.
   */
  async function outside(spec: ContainerSpec, image: string, root: string): Promise<readonly string[]> {
    const [path = '', ...args] = spec.request.command;
    const found = await programInRoot(image, path).catch((cause: unknown) => {
      throw new EngineError(text.noProgram({ reference: spec.image, path }), null, cause);
    });
    const link = join(root, '..', basename(path));
    await symlink(join(root, found.slice(image.length)), link);
    return [link, ...args];
  }

  async function ready(spec: ContainerSpec): Promise<Container> {
    const image = place.images.pathOf(spec.image);
    if (image === null) throw new EngineError(text.noImage({ reference: spec.image }), null);
    const { kind, tool } = await toolOf(spec.runtime);
    const id = randomBytes(32).toString('hex');
    const root = await mountOverlayRoot(keeper.prefix, image, join(top, 'roots', id.slice(0, 12)));
    const parent = spec.cgroupParent;
    const cgroups =
      parent === null ? [] : place.cgroupDirs(`${parent.slice(1)}/${splitCgroup.container}/${id}`);
    for (const cgroup of cgroups) await mkdir(cgroup);
    const command = kind.tool === null ? await outside(spec, image, root.path) : [...spec.request.command];
    const container = await floorContainer({
      id,
      prefix: keeper.prefix,
      cgroups,
      command: [...tool, ...kind.words(root.path, command)],
      async dispose() {
        containers.forget(spec.name);
        await root.dispose();
        // What is left in one goes with the trial's cgroup.
        for (const cgroup of cgroups) await rmdir(cgroup).catch(() => undefined);
      },
    });
    containers.add(spec.name, container);
    return container;
  }

  return {
    facts: place.facts,
    accounting: { kind: 'split', ...splitCgroup },
    // Mounts, and a process that waits, are the harness's work: none of them is the runtime's or the tool's.
    prepare: async (spec) => void (await ready(spec)),
    create: async (spec) => containers.named(spec.name) ?? (await ready(spec)),
    forceRemove: (nameOrId, signal) => containers.remove(nameOrId, signal),
    findImage: place.images.findImage,
    importImage: place.images.importImage,

    async close() {
      await containers.removeAll();
      await keeper.close();
    },
  };
}
