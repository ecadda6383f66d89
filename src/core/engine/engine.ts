import type { ReadStream } from 'node:fs';
import type { ProcessIdentity } from '../host/process-identity.ts';
import { external } from '../messages/compose.ts';
import type { Message } from '../messages/message.ts';
import type { EngineConditions, EngineFacts, HostFacts } from '../model/machine/host.ts';
import type { ContainerProfile, SeccompChoice } from '../model/runtime/container-profile.ts';
import type { ContainerRequest } from '../model/workload/workload.ts';

/** Input of a create call: the workload's request and what the harness adds to every container. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly runtime: string;
  readonly request: ContainerRequest;
  /** Options that replace the harness's own; absent: the harness's. Only Docker's API supports them. */
  readonly profile?: ContainerProfile;
  /** Filter of system calls in the place of the daemon's, where the profile names none. Only Docker's API supports it. */
  readonly seccomp?: SeccompChoice;
  /** `HostConfig.CgroupParent`; null: the engine's default. */
  readonly cgroupParent: string | null;
  /** Host directories for the request's bind mounts, by mount target. */
  readonly bindSources: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The CPUs that it may run on, in the kernel's list format (`0-3,8`); absent: all. */
  readonly cpuset?: string;
  /** Replaces the default bridge where the request asks for `bridge`; absent: the default bridge. */
  readonly network?: string;
}

/** The failed call to the engine, and the engine's error, verbatim. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** HTTP status of the answer; null without a readable answer. */
  readonly statusCode: number | null;
  /** Did the connection fail rather than the call? Then the error is not about the runtime. */
  readonly connectionLost: boolean;
  /** The text as a message; external where it is the engine's own text. */
  readonly said: Message;

  constructor(message: Message | string, statusCode: number | null, cause?: unknown, connectionLost = false) {
    const said = typeof message === 'string' ? external(message) : message;
    super(said.text, { cause });
    this.said = said;
    this.statusCode = statusCode;
    this.connectionLost = connectionLost;
  }
}

/** Receives the container's output. `onFirstByte` is called once, before the first byte is processed. */
export interface OutputSink {
  onFirstByte(): void;
  onData(stream: 'stdout' | 'stderr', chunk: Buffer): void;
}

/** CPU and memory from the stats API, the only source of a remote engine. null where the field is missing. */
export interface ApiStats {
  readonly cpuNs: number | null;
  readonly memoryPeakBytes: number | null;
  readonly memoryBytes: number | null;
  readonly pids: number | null;
}

/** State of a container as reported by the engine. null where unknown. */
export interface Inspection {
  /** Did the kernel's OOM killer end it? */
  readonly oomKilled: boolean | null;
  /** Its IPv4 address on the bridge; null without a network. */
  readonly address: string | null;
}

/** The stored state of a container, which it has ended. The container's `remove` removes it, too. */
export interface Checkpoint {
  /** Size of its files, bytes; null where they cannot be read. Asked outside the measured time. */
  bytes(): Promise<number | null>;
  /** Prepares what is not part of a restore, before its time is measured. */
  prepare?(): Promise<void>;
  /** The same container once more: its `start` lets it go on where it was stored. Rejects with {@link EngineError}. */
  create(signal: AbortSignal): Promise<Container>;
}

/** A created container. Every call rejects with {@link EngineError}, also when `signal` is aborted. */
export interface Container {
  readonly id: string;
  /**
   * Resolves once the output stream is open. `closed` resolves when the engine ends it, and rejects when it is
   * truncated.
   */
  attach(sink: OutputSink, signal: AbortSignal): Promise<{ readonly closed: Promise<void> }>;
  /** Resolves once the engine has registered the waiter; `exited` resolves with the exit code. */
  waitForExit(signal: AbortSignal): Promise<{ readonly exited: Promise<number> }>;
  start(signal: AbortSignal): Promise<void>;
  kill(signal: AbortSignal): Promise<void>;
  /** Sends SIGTERM, and SIGKILL after `graceSeconds`; resolves when the container has ended. */
  stop(graceSeconds: number, signal: AbortSignal): Promise<void>;
  pause(signal: AbortSignal): Promise<void>;
  unpause(signal: AbortSignal): Promise<void>;
  /** Runs a further program in the running container to its end; resolves with its exit code. */
  exec(command: readonly string[], sink: OutputSink, signal: AbortSignal): Promise<number>;
  inspect(signal: AbortSignal): Promise<Inspection>;
  remove(signal: AbortSignal): Promise<void>;
  stats(signal: AbortSignal): Promise<ApiStats>;
  /** Writes to its standard input. Absent unless its request has `checkpoint` and the engine can do it. */
  write?(text: string): void;
  /** Stores its state and ends it. Absent likewise. */
  checkpoint?(signal: AbortSignal): Promise<Checkpoint>;
}

/** The part of an engine that trials use; tests replace it with a scripted one. */
export interface Engine {
  readonly facts: EngineFacts;
  /**
   * Prepares what is not part of a start, before its time is measured; `create` with the same spec uses it. Absent where all
   * the work is the engine's own and is measured.
   */
  prepare?(spec: ContainerSpec): Promise<void>;
  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container>;
  /** Removes a container by name or id, running or not; resolves also where there is none. */
  forceRemove(nameOrId: string, signal: AbortSignal): Promise<void>;
}

/** Repository namespace of the images that ocibench imports. */
export const imageNamespace = 'ocibench';

/** A runtime as the engine lists it. */
export interface ListedRuntime {
  readonly name: string;
  readonly path?: string;
  readonly runtimeArgs?: readonly string[];
}

/** A container or network with ocibench's label. */
export interface LabelledObject {
  readonly id: string;
  readonly runId: string;
  /** Host that measures it; empty where its label is missing. */
  readonly host: string;
  /** Process that measures it; null where the label is missing (ocibench 0.1). */
  readonly owner: ProcessIdentity | null;
}

/** A connection that exists as long as the engine. */
interface EngineWatch {
  /** Aborted when the engine has ended or is no longer reachable. */
  readonly gone: AbortSignal;
  close(): void;
}

/** Images of an engine. Every call has a timeout, and rejects with EngineError. */
export interface EngineImages {
  /** Its id (a digest of its content) and size; null where there is no such image. */
  findImage(reference: string): Promise<{ readonly id: string; readonly bytes: number } | null>;
  /** Imports a root file system's tar under `repo:tag`. */
  importImage(tar: ReadStream, repo: string, tag: string): Promise<void>;
  /** Removes imported images that no container uses; returns their names. */
  removeOurImages(): Promise<readonly string[]>;
}

/** The networks of runs. Every call has a timeout, and rejects with EngineError. */
export interface EngineNetworks {
  /** Makes a network on which a run's containers reach each other. Resolves with its name. */
  createNetwork(runId: string): Promise<string>;
  /** Networks with ocibench's label, of any run. */
  ourNetworks(): Promise<readonly LabelledObject[]>;
  /** Removes an empty network; resolves also where there is none. */
  removeNetwork(nameOrId: string): Promise<void>;
}

/** Containers of an engine beyond the current trial. Every call has a timeout, and rejects with EngineError. */
export interface EngineCensus {
  /** Containers with ocibench's label, of any run. */
  ourContainers(): Promise<readonly LabelledObject[]>;
  /**
   * Number of running containers that no run of this host made: without ocibench's label, or measured by another host.
   */
  otherContainers(): Promise<number>;
  /** Names of containers, running or not, that were created with a runtime: they cannot start again without it. */
  containersOf(runtime: string): Promise<readonly string[]>;
}

/** A container engine. Each kind has an adapter in a folder beside this file. */
export interface ContainerEngine extends Engine, EngineImages, EngineNetworks, EngineCensus {
  /** Directory of images and layers on its host; null where unknown. */
  readonly dataRoot: string | null;
  /** Host id of its dockerd, where the connection shows it; null or absent: look for it. */
  readonly dockerd?: number | null;
  /** Its current version; rejects where it does not answer within `limitMs`. */
  versionNow(limitMs: number): Promise<string>;
  watch(): Promise<EngineWatch>;
  runtimes(): Promise<readonly ListedRuntime[]>;
  /** Why it does not answer within `limitMs`; null where it does. */
  unreachable(limitMs: number): Promise<Message | null>;
  /** Settings that it applies to all containers, as far as known. */
  conditions(): Promise<EngineConditions>;
  /** The engine's machine by its own description. */
  machine(): Promise<HostFacts>;
}

/** Returns the promise with a handler attached, so that a rejection before anybody awaits it does not end the process. */
export function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
