import { join } from 'node:path';
import { openEngine } from '../../../app/measure/engines.ts';
import { cgroupsForLayers } from '../../../app/measure/layers.ts';
import type { CgroupLayout } from '../../../core/collect/cgroup/layout.ts';
import { engineTree } from '../../../core/collect/cgroup/names.ts';
import { openEngineCgroup } from '../../../core/collect/engine-cgroup.ts';
import { engineScratchName, removeFiles, scratchPath } from '../../../core/engine/scratch.ts';
import { freeBytesAt } from '../../../core/measure/execute/disk-room.ts';
import { external } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import type { DockerProgram } from '../trying/docker-program.ts';

const text = notices('move.traced', {
  tooLarge: 'its images are {size} GiB, and at most {most} are copied',
  noRoom: '{directory} has no space for a copy of its images',
  notCopied: 'its image {image} could not be copied: {said}',
});

const gibibyte = 1024 ** 3;
/** Images of one look, bytes. */
const largestImages = 4 * gibibyte;
/** A copy is written once as an archive and once unpacked; the rest is for containers and logs. */
const roomPerByte = 3;
const otherRoom = gibibyte;
/** Longest copy of an image, ms. */
const copyMs = 300_000;

/** The number of this engine among those of a run: the first one runs the trials. */
const engineNumber = 2;

/** An engine of our own whose sandboxes log every call. */
export interface TracedEngine extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly endpoint: string;
  readonly scratch: string;
  /** The directory that runsc makes and writes the logs to. */
  readonly logs: string;
}

/** The flags with which runsc logs what a container asks and is refused. */
const logFlags = (logs: string): readonly string[] => [
  '--debug',
  `--debug-log=${logs}/`,
  '--debug-log-format=json',
  '--strace',
  '--strace-log-size=512',
];

/** Can the entry be started with other flags? One that is registered by its shim has them in a file. */
export const isTraceable = ({ path, runtimeType }: RuntimeEntry): boolean =>
  path !== undefined && runtimeType === undefined;

/**
 * Starts an engine like the embedded one of a run, in which the runtimes `logging` log: Docker starts only what is registered, and the
 * daemon.json of others is not changed. Whatever ends this process ends the engine and all that it started. OcibenchError (exit
 * 3) where it cannot start.
 */
export async function openTracedEngine(
  entries: readonly RuntimeEntry[],
  of: { readonly runId: string; readonly layout: CgroupLayout; readonly logging: ReadonlySet<string> },
): Promise<TracedEngine> {
  const { runId, layout, logging } = of;
  const scratch = scratchPath(engineScratchName(runId, engineNumber));
  const logs = join(scratch, 'calls');
  const place = {
    runId,
    asLayer: {
      ...cgroupsForLayers(layout, runId),
      cgroupVersion: layout.kind === 'v2' ? ('2' as const) : ('1' as const),
      compared: null,
    },
    async prepareCgroup() {
      openEngineCgroup(layout, runId, engineNumber).prepare();
      return engineTree(runId, engineNumber);
    },
    asked: {
      number: engineNumber,
      engine: { name: 'traced', path: [], containerd: [], env: {}, daemonJson: {} },
    },
  };
  const traced = entries.map((entry) =>
    logging.has(entry.name) && isTraceable(entry)
      ? { ...entry, runtimeArgs: [...(entry.runtimeArgs ?? []), ...logFlags(logs)] }
      : entry,
  );
  const opened = await openEngine('embedded', place, traced);
  return {
    endpoint: opened.engine.facts.endpoint,
    scratch,
    logs,
    [Symbol.asyncDispose]: opened.close,
  };
}

/** Where images are copied from and to. */
export interface ImageCopies {
  readonly from: DockerProgram;
  readonly to: DockerProgram;
  /** A directory of ours: a copy is a file in it meanwhile. */
  readonly scratch: string;
  /** Image → its name in the other engine, of those that were copied. */
  readonly copied: Map<string, string>;
  /** Of all that were copied. */
  bytes: number;
}

/** Copies the images that were not copied yet. Resolves with the reason why one could not be; null: none. */
export async function copyImages(
  images: readonly string[],
  copies: ImageCopies,
  signal: AbortSignal,
): Promise<Message | null> {
  const { from, to, scratch, copied } = copies;
  const wanted = new Map<string, string>();
  let bytes = 0;
  for (const image of new Set(images)) {
    if (copied.has(image)) continue;
    const format = '{{.Id}} {{.Size}}';
    const { stdout } = await from.run(['image', 'inspect', '--format', format, image], { signal });
    const [id = '', size] = stdout.trim().split(' ');
    // By its id: of a name without a tag, every tag would be saved.
    wanted.set(image, id);
    bytes += Number(size) || 0;
  }
  const all = copies.bytes + bytes;
  if (all > largestImages)
    return text.tooLarge({ size: (all / gibibyte).toFixed(1), most: largestImages / gibibyte });
  if ((await freeBytesAt(scratch)) < roomPerByte * bytes + otherRoom)
    return text.noRoom({ directory: scratch });
  const archive = join(scratch, 'image.tar');
  for (const [image, id] of wanted) {
    const saved = await from.run(['save', '--output', archive, id], { limitMs: copyMs, signal });
    const loaded =
      saved.exitCode === 0
        ? await to.run(['load', '--quiet', '--input', archive], { limitMs: copyMs, signal })
        : saved;
    await removeFiles(archive);
    const name = /^Loaded image(?: ID)?: (\S+)\s*$/m.exec(loaded.stdout)?.[1];
    if (loaded.exitCode !== 0 || name === undefined)
      return text.notCopied({ image, said: external(loaded.stderr.trim().split('\n').at(-1) ?? '') });
    copied.set(image, name);
  }
  copies.bytes = all;
  return null;
}
