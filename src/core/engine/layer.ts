import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { Layer, Params } from '../model/cell.ts';
import type { EngineFacts } from '../model/host.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime.ts';
import type { LayerAccounting } from '../model/split-cgroup.ts';
import type { Workload } from '../model/workload.ts';
import { type Engine, EngineError, type EngineImages } from './engine.ts';

const text = notices('layer.oci', {
  noUnpack: 'the image {reference} could not be unpacked: {said}',
});

/** tar names every file that it cannot write; the first ones say why. */
function firstLines(said: string, shown = 3): string {
  const lines = said.trim().split('\n');
  return [...lines.slice(0, shown), ...(lines.length > shown ? ['…'] : [])].join('\n');
}

/** Images as directories, for layers that start from a root file system; one place for all layers of a run. */
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

/** What a layer beside the run's own engine can use. */
export interface LayerPlace {
  readonly runId: string;
  /** Facts of the run's engine; the host is the same. */
  readonly facts: EngineFacts;
  /** The run's scratch directory. */
  readonly scratch: string;
  /** For layers that start from a directory: every image is unpacked once for all of them. */
  readonly images: UnpackedImages;
  /** Those that are started, as registered in the run's engine. */
  readonly runtimes: readonly RuntimeEntry[];
  /** Directories of a cgroup in all hierarchies that are accounted, by its path from their roots. */
  readonly cgroupDirs: (path: string) => readonly string[];
  /** Makes a cgroup in all hierarchies that are accounted, by its path from their roots. Returns the errors. */
  readonly prepareCgroup: (path: string) => readonly string[];
  /** The cgroup of the containerd at a socket, relative to the hierarchies' roots; null where it holds anything else. */
  readonly containerdCgroup: (socket: string) => string | null;
  /**
   * Ends everything that runs for the run's containers, because the containerd of the host at a socket, which served them, is
   * lost. `ids`: of all containers that it was asked for.
   */
  readonly endContainers: (socket: string, ids: readonly string[]) => Promise<void>;
  /** The run's cgroup, as a path from the hierarchies' roots. */
  readonly runCgroup: string;
}

/** The part of a layer that runs trials. */
export interface RunningLayer extends Engine {
  readonly accounting: LayerAccounting;
  /** Why it does not answer within `limitMs`, so that a failure is not the runtime's; absent: there is nothing that could fail. */
  unreachable?(runtime: string, limitMs: number): Promise<Message | null>;
}

/** Starts containers at one layer, on this host, as root. */
export interface LayerEngine extends RunningLayer, Pick<EngineImages, 'findImage' | 'importImage'> {
  /** Number of running containers of others that it knows of; absent: it knows of none. */
  otherContainers?(): Promise<number>;
  /** Version of its daemon or services, as they say themselves; absent where it has none. */
  readonly version?: string;
  /** Runtime → the name of the one that a container made for it has, by its own inspection; absent where it obeys. */
  seenRuntimes?(): Readonly<Record<string, string>>;
  /** How it was lost; null while it works. Absent where nothing of it can be lost. */
  lost?(): Promise<Message | null>;
  /** Ends all that was started for it and removes what it made. */
  close(): Promise<void>;
}

/** What is measured: a workload with one of its parameter sets. */
export interface LayerSubject {
  readonly workload: Workload;
  readonly params: Params;
}

/** What runs subjects at a layer in place of the run's runtimes. */
export interface LayerRunner {
  /** Stands in the column of the runtime. */
  readonly name: string;
  /** Why it cannot run here, with what helps; null where it can. */
  readonly missing: Message | null;
}

/** A layer that was opened as the only engine of a run. */
export interface OpenedEngine {
  readonly layer: LayerEngine;
  /** What a run records of it. */
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
  open(place: LayerPlace): Promise<OpenedEngine>;
}

/** A layer at which a run can start containers beside its own engine. */
export interface LayerAdapter {
  readonly layer: Layer;
  /** Why it cannot be used on this host, and what would help; null where it can. Absent: it needs the runtimes alone. */
  missing?(): Promise<Message | null>;
  /** Why a workload cannot be measured at this layer; null where it can. */
  unsupported(subject: LayerSubject, runtime: Pick<RuntimeFacts, 'entry'>): Message | null;
  /** Rejects with EngineError where it cannot be opened. */
  open(place: LayerPlace): Promise<LayerEngine>;
  /** Absent: it is none. */
  readonly asEngine?: EngineOfLayer;
  /** Who runs a subject here, where that is not the runtimes; nobody: the subject is left out at this layer. */
  readonly runners?: (subject: LayerSubject) => readonly LayerRunner[];
}
