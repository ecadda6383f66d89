import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readlink, rmdir, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { type Container, type ContainerSpec, EngineError } from '../../../core/engine/engine.ts';
import type { LayerEngine, LayerResources, LayerRunner, LayerSubject } from '../../../core/engine/layer.ts';
import { findProgram, findProgramNow } from '../../../core/files/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import { floorBaseline } from '../../../core/model/trial/cell.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import { startKeeper } from '../oci/container.ts';
import { mountOverlayRoot } from '../overlay-root.ts';
import { OwnContainers, preparedEngine } from '../own-containers.ts';
import { foreground, type LaunchSpec, launchWaiting } from '../started-program.ts';

const kindsText = notices('layer.floor', {
  missing: '{program} is not installed here; fix: apt-get install {from}',
});

/** A tool of the system that starts a program with some isolation, or none. */
interface FloorKind {
  /** Name in the column of the runtime. */
  readonly name: string;
  /** Its program and Debian package; null where the image's program is started directly. */
  readonly tool: { readonly program: string; readonly from: string } | null;
  /** Arguments of the tool: `root` is a root file system, `command` the program to run in it. */
  readonly words: (root: string, command: readonly string[]) => readonly string[];
}

/** The kinds, from no isolation to most of a container's. */
export const floorKinds: readonly FloorKind[] = [
  { name: floorBaseline, tool: null, words: (_root, command) => command },
  {
    name: 'chroot',
    tool: { program: 'chroot', from: 'coreutils' },
    words: (root, command) => [root, ...command],
  },
  {
    name: 'unshare',
    tool: { program: 'unshare', from: 'util-linux' },
    // The five namespaces of a Docker container.
    words: (root, command) => [
      '--mount',
      '--pid',
      '--net',
      '--ipc',
      '--uts',
      '--fork',
      '--kill-child',
      '--root',
      root,
      ...command,
    ],
  },
  {
    name: 'bwrap',
    tool: { program: 'bwrap', from: 'bubblewrap' },
    words: (root, command) => [
      '--bind',
      root,
      '/',
      '--proc',
      '/proc',
      '--dev',
      '/dev',
      '--unshare-all',
      '--die-with-parent',
      ...command,
    ],
  },
  {
    name: 'nspawn',
    tool: { program: 'systemd-nspawn', from: 'systemd-container' },
    // Neither registered with systemd-machined nor moved to a unit: so it works without systemd and stays in its cgroup.
    words: (root, command) => [
      '--quiet',
      '--register=no',
      '--keep-unit',
      '--as-pid2',
      '--pipe',
      '--directory',
      root,
      ...command,
    ],
  },
];

/** Keys of a request that a floor supports: those for which no engine has to set up anything. */
const understood: ReadonlySet<string> = new Set(['command', 'timeoutMs', 'coldCache']);

/**
 * The runners of a subject without engine and runtime. Empty unless the subject is just the start and end of one program from
 * an image that ocibench builds; other images are refused because `fork` runs the program on the host, as root.
 */
export function floorRunners({ workload, params }: LayerSubject): readonly LayerRunner[] {
  const isPlainStart =
    workload.category === 'startup' &&
    workload.image === 'base' &&
    (workload.steps?.(params) ?? []).length === 0 &&
    workload.group?.(params) === undefined &&
    workload.peer?.(params) === undefined &&
    Object.keys(workload.container(params)).every((key) => understood.has(key));
  if (!isPlainStart) return [];
  return floorKinds.map(({ name, tool }) => {
    const missing = tool !== null && findProgramNow(tool.program) === null;
    return { name, missing: missing ? kindsText.missing(tool) : null };
  });
}

const containerText = notices('layer.floor', {
  onlyStarts: 'without a runtime, a program can only be started and stopped',
});

/** A program that is started without a runtime, and its clean-up. */
interface FloorProgram extends LaunchSpec {
  readonly id: string;
  /** Unmounts and removes its root file system. */
  dispose(): Promise<void>;
}

async function refused(): Promise<never> {
  throw new EngineError(containerText.onlyStarts, null);
}

/**
 * The container of a floor: its output and exit code are those of the command that starts the program. See {@link Container}.
 * Rejects with EngineError where no process can be prepared for it.
 */
async function floorContainer(place: FloorProgram): Promise<Container> {
  const waiting = await launchWaiting(place);
  const { exited, running, isStarted, ...run } = foreground(waiting);

  /** Kills the tool's process group; the isolated processes end with it. */
  async function kill(): Promise<void> {
    const pid = running()?.pid;
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }

  return {
    id: place.id,
    ...run,
    kill,

    async stop() {
      await kill();
      await exited.catch(() => undefined);
    },

    pause: refused,
    unpause: refused,
    exec: refused,
    inspect: async () => ({ oomKilled: null, address: null }),

    async remove() {
      if (isStarted()) {
        await kill();
        await exited.catch(() => undefined);
      } else await waiting.abandon();
      await place.dispose();
    },

    stats: refused,
  };
}

/** Linux follows at most this many links. */
const mostLinks = 40;

/**
 * The path of a program below a root file system, resolved as by a process in that root: absolute links start at the root, and
 * `..` does not leave it. Rejects where there is no such program.
 */
export async function programInRoot(root: string, path: string): Promise<string> {
  let left = resolve('/', path).split('/').filter(Boolean);
  let at = '/';
  for (let links = 0; left.length > 0; ) {
    const [name = '', ...rest] = left;
    const next = resolve(at, name);
    if (!(await lstat(join(root, next))).isSymbolicLink()) {
      at = next;
      left = rest;
      continue;
    }
    links += 1;
    if (links > mostLinks) throw new Error(`${path}: too many links`);
    const target = resolve(dirname(next), await readlink(join(root, next)));
    left = [...target.split('/').filter(Boolean), ...rest];
    at = '/';
  }
  return join(root, relative('/', at));
}

const text = notices('layer.floor', {
  noKind: '{name} is not a tool that starts programs here, or it is not installed',
  noImage: 'there is no image {reference}',
  noProgram: 'the image {reference} has no program {path}',
});

/** Starts the process that holds the mounts. Rejects with EngineError where that fails. */
export async function openFloorEngine(place: LayerResources): Promise<LayerEngine> {
  const top = join(place.scratch, 'floor');
  await mkdir(join(top, 'roots'), { recursive: true, mode: 0o700 });
  // systemd-nspawn writes below /run and needs a tmpfs there.
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
   * The command of the image's program for a start outside its root. It is called through a link of the same name, since
   * programs such as busybox act by their name.
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
        // A cgroup that is not empty is removed with the trial's.
        for (const cgroup of cgroups) await rmdir(cgroup).catch(() => undefined);
      },
    });
    containers.add(spec.name, container);
    return container;
  }

  return preparedEngine(place, keeper, containers, ready);
}
