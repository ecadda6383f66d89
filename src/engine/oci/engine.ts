import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { findProgram, runProgram } from '../../host/programs.ts';
import { notices } from '../../messages/define.ts';
import { splitCgroup } from '../../model/split-cgroup.ts';
import { type Container, type ContainerSpec, EngineError } from '../engine.ts';
import type { LayerEngine, LayerPlace } from '../layer.ts';
import { removeTree } from '../scratch.ts';
import { bundleConfig } from './bundle.ts';
import { runtimeCommand } from './command.ts';
import { ociContainer } from './container.ts';
import { startKeeper } from './keeper.ts';
import { kernelLimitsSwap } from './swap.ts';

const text = notices('layer.oci', {
  noRuntime: 'no program is registered for the runtime {name}, or it is not installed',
  noImage: 'there is no image {reference}',
  noUnpack: 'the image {reference} could not be unpacked: {said}',
  noMount: 'the root file system could not be mounted: {said}',
});

/** Starts the process that holds the mounts. Rejects with EngineError where that fails. */
export async function openOciEngine(place: LayerPlace): Promise<LayerEngine> {
  const top = join(place.scratch, 'oci');
  for (const name of ['images', 'bundles', 'state'])
    await mkdir(join(top, name), { recursive: true, mode: 0o700 });
  const keeper = await startKeeper(top, place.cgroupDirs(place.runCgroup));
  const limitsSwap = kernelLimitsSwap();
  const images = new Map<string, { readonly id: string; readonly bytes: number; readonly path: string }>();
  const containers = new Map<string, Container>();

  /** The runtime's command, with its own state directory. */
  const commandOf = async (name: string): Promise<readonly string[]> => {
    const entry = place.runtimes.find((each) => each.name === name);
    const [program = '', ...args] = entry === undefined ? [] : runtimeCommand(entry);
    const path = program === '' ? null : await findProgram(program);
    if (path === null) throw new EngineError(text.noRuntime({ name }), null);
    return [path, '--root', join(top, 'state', basename(name)), ...args];
  };

  const inNamespace = async (...words: string[]): Promise<void> => {
    const [file = '', ...args] = [...keeper.prefix, ...words];
    const { exitCode, stderr } = await runProgram(file, args);
    if (exitCode !== 0) throw new EngineError(text.noMount({ said: stderr.trim() }), null);
  };

  async function create(spec: ContainerSpec): Promise<Container> {
    const image = images.get(spec.image);
    if (image === undefined) throw new EngineError(text.noImage({ reference: spec.image }), null);
    const runtime = await commandOf(spec.runtime);
    const id = randomBytes(32).toString('hex');
    const bundle = join(top, 'bundles', id.slice(0, 12));
    const [rootfs, upper, work] = ['rootfs', 'upper', 'work'].map((name) => join(bundle, name));
    for (const path of [rootfs, upper, work]) await mkdir(path ?? '', { recursive: true, mode: 0o755 });
    const parent = spec.cgroupParent;
    const cgroupsPath = parent === null ? null : `${parent}/${splitCgroup.container}/${id}`;
    const config = bundleConfig(spec, cgroupsPath, { id, rootfs: rootfs ?? '', limitsSwap });
    await writeFile(join(bundle, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    const layers = `lowerdir=${image.path},upperdir=${upper},workdir=${work}`;
    await inNamespace('mount', '-t', 'overlay', 'overlay', '-o', layers, rootfs ?? '');
    const container = ociContainer({
      id,
      bundle,
      runtime,
      prefix: keeper.prefix,
      runtimeCgroups: parent === null ? [] : place.cgroupDirs(`${parent.slice(1)}/${splitCgroup.runtime}`),
      async dispose() {
        containers.delete(spec.name);
        await inNamespace('umount', rootfs ?? '');
        await removeTree(bundle);
      },
    });
    containers.set(spec.name, container);
    return container;
  }

  return {
    facts: place.facts,
    accounting: { kind: 'split', ...splitCgroup },
    create,

    async forceRemove(nameOrId, signal) {
      const found = [...containers].find(([name, { id }]) => name === nameOrId || id === nameOrId);
      await found?.[1].remove(signal);
    },

    findImage: async (reference) => images.get(reference) ?? null,

    async importImage(tar, repo, tag) {
      const reference = `${repo}:${tag}`;
      const path = join(top, 'images', reference.replaceAll(/[^\w.-]/g, '_'));
      await mkdir(path, { recursive: true, mode: 0o755 });
      const args = ['-x', '--numeric-owner', '-p', '-C', path];
      const { failed, stderr } = await execa('tar', args, { input: tar, reject: false });
      if (failed) throw new EngineError(text.noUnpack({ reference, said: String(stderr ?? '') }), null);
      images.set(reference, { id: reference, bytes: tar.bytesRead, path });
    },

    async close() {
      for (const container of containers.values())
        await container.remove(AbortSignal.timeout(30_000)).catch(() => undefined);
      await keeper.close();
    },
  };
}
