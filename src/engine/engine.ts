import type { ReadStream } from 'node:fs';
import type { ProcessIdentity } from '../host/process-identity.ts';
import { external } from '../messages/compose.ts';
import type { Message } from '../messages/message.ts';
import type { EngineConditions, EngineFacts, HostFacts } from '../model/host.ts';
import type { ContainerRequest } from '../model/workload.ts';

/** What the engine is asked to create: the workload's request and what the harness adds to every container. */
export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly runtime: string;
  readonly request: ContainerRequest;
  /** `HostConfig.CgroupParent`; null leaves the engine's default. */
  readonly cgroupParent: string | null;
  /** Host directories for the request's bind mounts, by mount target. */
  readonly bindSources: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** The network that stands in for the default bridge where the request asks for `bridge`; absent: the default bridge. */
  readonly network?: string;
}

/** Which call to the engine failed and what the engine said, word for word. */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** Of its answer; null where it gave none that could be read. */
  readonly statusCode: number | null;
  /** Did the connection fail, and not the call? Then it says nothing of the runtime. */
  readonly connectionLost: boolean;
  /** Its text as a message; external where it is the engine's own words. */
  readonly said: Message;

  constructor(message: Message | string, statusCode: number | null, cause?: unknown, connectionLost = false) {
    const said = typeof message === 'string' ? external(message) : message;
    super(said.text, { cause });
    this.said = said;
    this.statusCode = statusCode;
    this.connectionLost = connectionLost;
  }
}

/** What the container prints, as it arrives. `onFirstByte` is called once, before anything else is done with it. */
export interface OutputSink {
  onFirstByte(): void;
  onData(stream: 'stdout' | 'stderr', chunk: Buffer): void;
}

/** CPU and memory as the stats API tells them: all that a remote engine gives. Null where the field is missing. */
export interface ApiStats {
  readonly cpuNs: number | null;
  readonly memoryPeakBytes: number | null;
  readonly memoryBytes: number | null;
  readonly pids: number | null;
}

/** What the engine knows of a container beyond its id. Null where it does not say. */
export interface Inspection {
  /** Did the kernel end it for want of memory? */
  readonly oomKilled: boolean | null;
  /** Its IPv4 address on the bridge; null without a network. */
  readonly address: string | null;
}

/** A created container. Every call rejects with {@link EngineError}, also when `signal` is aborted. */
export interface Container {
  readonly id: string;
  /** Resolves once the output stream is open. `closed` resolves when the engine ends it, and rejects when it was cut off. */
  attach(sink: OutputSink, signal: AbortSignal): Promise<{ readonly closed: Promise<void> }>;
  /** Resolves once the engine has registered the waiter; `exited` resolves with the exit code. */
  waitForExit(signal: AbortSignal): Promise<{ readonly exited: Promise<number> }>;
  start(signal: AbortSignal): Promise<void>;
  kill(signal: AbortSignal): Promise<void>;
  /** SIGTERM, and SIGKILL after `graceSeconds`; resolves when the container has ended. */
  stop(graceSeconds: number, signal: AbortSignal): Promise<void>;
  pause(signal: AbortSignal): Promise<void>;
  unpause(signal: AbortSignal): Promise<void>;
  /** Runs another program in the running container to its end; resolves with its exit code. */
  exec(command: readonly string[], sink: OutputSink, signal: AbortSignal): Promise<number>;
  inspect(signal: AbortSignal): Promise<Inspection>;
  remove(signal: AbortSignal): Promise<void>;
  stats(signal: AbortSignal): Promise<ApiStats>;
}

/** What the trials ask of an engine; tests put a scripted one here. */
export interface Engine {
  readonly facts: EngineFacts;
  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container>;
  /** Removes a container by name or id, running or not; resolves when there is none. */
  forceRemove(nameOrId: string, signal: AbortSignal): Promise<void>;
}

/** Repository namespace of the images that we import. */
export const imageNamespace = 'ocibench';

/** A runtime as the engine lists it. */
export interface ListedRuntime {
  readonly name: string;
  readonly path?: string;
  readonly runtimeArgs?: readonly string[];
}

/** A container or network that carries our label. */
export interface OurContainer {
  readonly id: string;
  readonly runId: string;
  /** Where it is measured; empty where its label does not say. */
  readonly host: string;
  /** The process that measures; null where its label does not say, as of ocibench 0.1. */
  readonly owner: ProcessIdentity | null;
}

/** A connection that lasts as long as the engine does. */
interface EngineWatch {
  /** Aborted when the engine has gone, or can no longer be heard of. */
  readonly gone: AbortSignal;
  close(): void;
}

/** The root file systems that an engine keeps. Every call ends in its time, and rejects with EngineError. */
export interface EngineImages {
  /** Its id (a digest of its content) and size; null where the engine has no such image. */
  findImage(reference: string): Promise<{ readonly id: string; readonly bytes: number } | null>;
  /** Imports a root file system's tar under `repo:tag`. */
  importImage(tar: ReadStream, repo: string, tag: string): Promise<void>;
  /** Removes the images that we imported and nobody uses; returns their names. */
  removeOurImages(): Promise<readonly string[]>;
}

/** The networks of runs. Every call ends in its time, and rejects with EngineError. */
export interface EngineNetworks {
  /** Makes a network in which the containers of a run reach each other. Resolves with its name. */
  createNetwork(runId: string): Promise<string>;
  /** Networks that carry our label, of any run. */
  ourNetworks(): Promise<readonly OurContainer[]>;
  /** Removes a network that no container is in; resolves when there is none. */
  removeNetwork(nameOrId: string): Promise<void>;
}

/** What runs in an engine beside the trial at hand. Every call ends in its time, and rejects with EngineError. */
export interface EngineCensus {
  /** Containers that carry our label, of any run. */
  ourContainers(): Promise<readonly OurContainer[]>;
  /** Running containers that are not ours, or of a run that another host measures here. */
  otherContainers(): Promise<number>;
  /** Names of the containers, running or not, that were created with a runtime: without it they cannot start again. */
  containersOf(runtime: string): Promise<readonly string[]>;
}

/** A container engine as a run uses it. An adapter for each kind is in a folder beside this file. */
export interface ContainerEngine extends Engine, EngineImages, EngineNetworks, EngineCensus {
  /** Where it keeps images and layers, as a path on its host; null where it does not say. */
  readonly dataRoot: string | null;
  /** Its version now, as an answer within `limitMs`. */
  versionNow(limitMs: number): Promise<string>;
  watch(): Promise<EngineWatch>;
  runtimes(): Promise<readonly ListedRuntime[]>;
  /** Why it does not answer within this time; null where it does. */
  unreachable(limitMs: number): Promise<Message | null>;
  /** What it does to all of its containers, as far as it tells. */
  conditions(): Promise<EngineConditions>;
  /** The engine's machine in its own words. */
  machine(): Promise<HostFacts>;
}
