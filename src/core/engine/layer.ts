import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { EngineFacts } from '../model/machine/host.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime/runtime.ts';
import type { Layer, Params } from '../model/trial/cell.ts';
import type { LayerAccounting } from '../model/trial/split-cgroup.ts';
import type { Workload } from '../model/workload/workload.ts';
import { execa } from '../programs/execa.ts';
import { type Engine, EngineError, type EngineImages } from './engine.ts';

const text = notices('layer.oci', {
  noUnpack: 'the image {reference} could not be unpacked: {said}',
});

/** The first lines of an error text. tar lists every file that it cannot write; the first ones show the reason. */
function firstLines(said: string, shown = 3): string {
  const lines = said.trim().split('\n');
  return [...lines.slice(0, shown), ...(lines.length > shown ? ['…'] : [])].join('\n');
}

/** Images as directories, for layers that start from a root file system; shared by all layers of a run. */
interface UnpackedImages extends Pick<EngineImages, 'findImage' | 'importImage'> {
  /** Directory of an image's root file system; null where there is no such image. */
  pathOf(reference: string): string | null;
}

/** Keeps images in `directory`, which only root can read. */
export function unpackedImages(directory: string): UnpackedImages {
  const images = new Map<string, { readonly id: string; readonly bytes: number; readonly path: string }>();
  return {
    findImage: async (reference) => images.get(reference) ?? null,
    pathOf: (reference) => images.get(reference)?.path ?? null,

    async importImage(tar, repo, tag) {
      const reference = `${repo}:${tag}`;
      const path = join(directory, reference.replaceAll(/[^\w.-]/g, '_'));
      await mkdir(directory, { recursive: true, mode: 0o700 });
      await mkdir(path, { recursive: true, mode: 0o755 });
      const args = ['-x', '--numeric-owner', '-p', '-C', path];
      const { failed, stderr } = await execa('tar', args, { input: tar, reject: false });
      if (failed)
        throw new EngineError(text.noUnpack({ reference, said: firstLines(String(stderr ?? '')) }), null);
      images.set(reference, { id: reference, bytes: tar.bytesRead, path });
    },
  };
}

/** The run's resources that a layer beside its own engine can use. */
export interface LayerResources {
  readonly runId: string;
  /** Facts of the run's engine; the host is the same. */
  readonly facts: EngineFacts;
  /** The run's scratch directory. */
  readonly scratch: string;
  /** For layers that start from a directory; every image is unpacked once for all layers. */
  readonly images: UnpackedImages;
  /** The runtimes to start, as registered in the run's engine. */
  readonly runtimes: readonly RuntimeEntry[];
  /** Directories of a cgroup in all hierarchies that are accounted, by its path from their roots. */
  readonly cgroupDirs: (path: string) => readonly string[];
  /** Makes a cgroup in all hierarchies that are accounted, by its path from their roots. Returns the errors. */
  readonly prepareCgroup: (path: string) => readonly string[];
  /**
   * The cgroup of the containerd at a socket, relative to the hierarchies' roots; null where the cgroup contains anything else.
   */
  readonly containerdCgroup: (socket: string) => string | null;
  /**
   * Ends all processes of the run's containers after the loss of the host's containerd at a socket, which served them. `ids`:
   * of all containers requested from it.
   */
  readonly endContainers: (socket: string, ids: readonly string[]) => Promise<void>;
  /** The run's cgroup, as a path from the hierarchies' roots. */
  readonly runCgroup: string;
}

/** The part of a layer that runs trials. */
export interface RunningLayer extends Engine {
  readonly accounting: LayerAccounting;
  /**
   * Why it does not answer within `limitMs` (a failure is then not the runtime's); absent where it has no service that could
   * fail.
   */
  unreachable?(runtime: string, limitMs: number): Promise<Message | null>;
}

/** Starts containers at one layer, on this host, as root. */
export interface LayerEngine extends RunningLayer, Pick<EngineImages, 'findImage' | 'importImage'> {
  /** Number of running containers of others in its engine; absent where it cannot have any. */
  otherContainers?(): Promise<number>;
  /** Version that its daemon or services report; absent where it has none. */
  readonly version?: string;
  /**
   * Requested runtime → name of the runtime that the container really has, by inspection; absent where the layer always uses
   * the requested one.
   */
  seenRuntimes?(): Readonly<Record<string, string>>;
  /** How it was lost; null while it works. Absent where it has nothing to lose. */
  lost?(): Promise<Message | null>;
  /** Ends all its processes and removes everything that it created. */
  close(): Promise<void>;
}

/** A workload with one of its parameter sets. */
export interface LayerSubject {
  readonly workload: Workload;
  readonly params: Params;
}

/** A program that runs subjects at a layer instead of the run's runtimes. */
export interface LayerRunner {
  /** Name in the column of the runtime. */
  readonly name: string;
  /** Why it cannot run here, and what would help; null where it can. */
  readonly missing: Message | null;
}

/** A layer that was opened as the only engine of a run. */
export interface OpenedLayerEngine {
  readonly layer: LayerEngine;
  /** Facts that a run records about it. */
  readonly about: Required<
    Pick<
      EngineFacts,
      'product' | 'endpoint' | 'version' | 'apiVersion' | 'storageDriver' | 'containerdVersion'
    >
  >;
}

/** A layer that can be the only engine of a run. */
export interface EngineOfLayer {
  /** Why it cannot be used on this host, and what would help; null where it can. */
  missing(): Promise<Message | null>;
  /** Rejects with EngineError where it cannot be opened. */
  open(place: LayerResources): Promise<OpenedLayerEngine>;
}

/** A layer at which a run can start containers beside its own engine. */
export interface LayerAdapter {
  readonly layer: Layer;
  /** Why it cannot be used on this host, and what would help; null where it can. Absent: it needs the runtimes alone. */
  missing?(): Promise<Message | null>;
  /** Why a workload cannot be measured at this layer; null where it can. */
  unsupported(subject: LayerSubject, runtime: Pick<RuntimeFacts, 'entry'>): Message | null;
  /** Rejects with EngineError where it cannot be opened. */
  open(place: LayerResources): Promise<LayerEngine>;
  /** Absent where it cannot be an engine. */
  readonly asEngine?: EngineOfLayer;
  /** The programs that run a subject instead of the runtimes; empty: the subject is left out at this layer. */
  readonly runners?: (subject: LayerSubject) => readonly LayerRunner[];
}
