import type { Message } from '../messages/message.ts';
import type { EngineFacts } from '../model/machine/host.ts';
import type { EngineProgram, EngineRequest } from '../model/runtime/engine-kind.ts';
import type { Layer } from '../model/trial/cell.ts';
import type { ContainerEngine } from './engine.ts';
import type { LayerEngine, LayerResources } from './layer.ts';

/** An open engine. `close` ends what was started for it and removes its scratch directory. */
export interface OpenEngine {
  readonly engine: ContainerEngine;
  /** Host directory for the trials' bind mounts; null where the engine is on another host. */
  readonly scratch: string | null;
  /** File of the network namespace with its bridges; null where they are reachable from this process. */
  readonly networkNamespace: string | null;
  /** Environment in which it looks for runtimes; absent where it is this process's, as far as known. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The programs that it executes now; absent where its processes are not the run's own. */
  programs?(): Promise<readonly EngineProgram[]>;
  /** The layer that runs its trials; absent where it runs them itself. */
  readonly layer?: { readonly layer: Layer; readonly engine: LayerEngine };
  /** A daemon that could have been meant instead, and how to name it; absent where there is none. */
  readonly note?: Message;
  /** Why this engine is no longer the one that was opened; null while it is. */
  lost(): Promise<Message | null>;
  close(): Promise<void>;
}

/** Resources for an engine that is started for the run, in addition to the runtimes. */
export interface EngineResources {
  readonly runId: string;
  /** Makes its cgroup with the child `engine`; resolves with its path. */
  prepareCgroup(): Promise<string>;
  /** Resources for an engine that is a layer. */
  readonly asLayer: LayerEngineResources;
  /** Its number among the engines of the run, from 1, and its requested settings; absent: the only engine, from PATH. */
  readonly asked?: { readonly number: number; readonly engine: EngineRequest } | undefined;
}

/** Resources of the run for a layer that is its only engine. */
export interface LayerEngineResources
  extends Pick<
      LayerResources,
      'cgroupDirs' | 'prepareCgroup' | 'runCgroup' | 'containerdCgroup' | 'endContainers'
    >,
    Pick<EngineFacts, 'cgroupVersion'> {
  /** Names of the runtimes to start; null: all. */
  readonly compared: readonly string[] | null;
}
