import type { EngineFacts } from '../model/host.ts';
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

  constructor(message: string, statusCode: number | null, cause?: unknown, connectionLost = false) {
    super(message, { cause });
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

/** The seam between the trial loop and Docker; tests put a scripted engine here. */
export interface Engine {
  readonly facts: EngineFacts;
  create(spec: ContainerSpec, signal: AbortSignal): Promise<Container>;
  /** Removes a container by name or id, running or not; resolves when there is none. */
  forceRemove(nameOrId: string, signal: AbortSignal): Promise<void>;
}
