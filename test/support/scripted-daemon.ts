import { randomBytes } from 'node:crypto';
import type { Session } from '../../src/app/measure/engine-session.ts';
import { EngineError } from '../../src/app/measure/engines.ts';
import type { Container, ContainerSpec, OutputSink } from '../../src/core/engine/engine.ts';
import type { EngineFacts } from '../../src/core/model/machine/host.ts';
import { fakeEngine } from '../core/measure/execute/support.ts';

type ScriptedEngine = Session['engine'];

/** What happens while a container runs, before it prints its line; what it throws is the engine's answer to the start. */
export type DaemonEvent = () => void | Promise<void>;

const cutOff = () => new EngineError('socket hang up', null, undefined, true);

/** A connection that ends with the daemon's process. */
interface Connection {
  readonly gone: AbortController;
  readonly facts: EngineFacts;
}

/**
 * A Docker daemon in this process, without containers: each one prints a line and ends. Tests say what happens to it, and when:
 * by the id of the trial whose container is started (`preflight0`, `b001p000`), or by the runtime.
 */
export class ScriptedDaemon {
  /** Does it answer? {@link ScriptedDaemon.restart} ends what is connected. */
  isUp = true;
  version = '26.1.5';
  /** Of each runtime: what a start of its containers fails with. */
  readonly startErrors = new Map<string, string>();
  /** Of each runtime, or `runtime@profile`: how much longer a start of its containers takes, ms. */
  readonly startDelays = new Map<string, number>();
  /** Names of the runtimes that it has registered. */
  readonly runtimes: string[];
  /** What it was asked to do with containers, in order: `create runc b001p000`. */
  readonly calls: string[] = [];
  /** The CPUs that the container of each trial was given. */
  readonly cpusets = new Map<string, string | undefined>();
  readonly containers = new Map<string, { readonly name: string; readonly runId: string }>();
  readonly #dataRoot: string;
  readonly #pass: (ms: number) => Promise<void>;
  readonly #events = new Map<string, DaemonEvent[]>();
  #connection: Connection | null = null;

  /** `pass`: lets time go by on the clock of the trials, ms. */
  constructor(runtimes: readonly string[], dataRoot: string, pass: (ms: number) => Promise<void>) {
    this.runtimes = [...runtimes];
    this.#dataRoot = dataRoot;
    this.#pass = pass;
  }

  /** At the next start of a container of this trial that nothing else is said of. */
  during(trialId: string, event: DaemonEvent): void {
    this.#events.set(trialId, [...(this.#events.get(trialId) ?? []), event]);
  }

  /** Ends every connection. Its containers stay, as with `live-restore`. */
  restart(): void {
    this.#connection?.gone.abort();
  }

  /** Ends, and does not come back by itself. */
  goDown(): void {
    this.isUp = false;
    this.restart();
  }

  connect(kind: EngineFacts['kind']): ScriptedEngine {
    if (!this.isUp) throw cutOff();
    const facts = { ...fakeEngine({}, []).facts, kind, version: this.version };
    const connection = { gone: new AbortController(), facts };
    this.#connection = connection;
    return this.#engine(connection);
  }

  #engine({ gone, facts }: Connection): ScriptedEngine {
    const answering = async () => {
      if (!this.isUp || gone.signal.aborted) throw cutOff();
    };
    const unused = (): never => {
      throw new Error('the scripted daemon does not do this');
    };
    return {
      facts,
      dataRoot: this.#dataRoot,
      create: async (spec) => {
        await answering();
        return this.#create(spec, gone.signal);
      },
      forceRemove: async (nameOrId) => {
        await answering();
        this.calls.push(`force-remove ${this.containers.get(nameOrId)?.name ?? nameOrId}`);
        for (const [id, { name }] of this.containers)
          if ([id, name].includes(nameOrId)) this.containers.delete(id);
      },
      versionNow: async () => {
        await answering();
        return this.version;
      },
      watch: async () => {
        await answering();
        return { gone: gone.signal, close: () => undefined };
      },
      runtimes: async () => {
        await answering();
        return this.runtimes.map((name) => ({ name }));
      },
      ourContainers: async () => {
        await answering();
        return [...this.containers].map(([id, { runId }]) => ({ id, runId, host: '', owner: null }));
      },
      otherContainers: async () => 0,
      conditions: async () => ({}),
      unreachable: async () => null,
      findImage: unused,
      importImage: unused,
      createNetwork: unused,
      ourNetworks: async () => [],
      removeNetwork: unused,
      removeOurImages: unused,
      containersOf: unused,
      machine: unused,
    };
  }

  #create({ name, runtime, labels, cpuset, profile }: ContainerSpec, gone: AbortSignal): Container {
    const trialId = labels['io.ocibench.trial'] ?? '';
    const id = randomBytes(32).toString('hex');
    this.containers.set(id, { name, runId: labels['io.ocibench.run'] ?? '' });
    this.calls.push(`create ${runtime} ${trialId}`);
    this.cpusets.set(trialId, cpuset);
    let sink: OutputSink | null = null;
    const end = Promise.withResolvers<number>();
    end.promise.catch(() => undefined);
    gone.addEventListener('abort', () => end.reject(cutOff()), { once: true });
    const answering = async () => {
      if (gone.aborted) throw cutOff();
    };
    const remove = async () => {
      await answering();
      this.containers.delete(id);
    };
    return {
      id,
      attach: async (given) => {
        await answering();
        sink = given;
        const closed = end.promise.then(() => undefined);
        closed.catch(() => undefined);
        return { closed };
      },
      waitForExit: async () => ({ exited: end.promise }),
      start: async () => {
        const error = this.startErrors.get(runtime);
        if (error !== undefined) throw new EngineError(error, 500);
        await this.#events.get(trialId)?.shift()?.();
        const delay = this.startDelays.get(`${runtime}@${profile?.name}`) ?? this.startDelays.get(runtime);
        if (delay !== undefined) await this.#pass(delay);
        await answering();
        sink?.onFirstByte();
        sink?.onData('stdout', Buffer.from('ocibench\n'));
        end.resolve(0);
      },
      kill: async () => end.resolve(137),
      stop: async () => end.resolve(143),
      pause: async () => undefined,
      unpause: async () => undefined,
      exec: async () => 0,
      inspect: async () => ({ oomKilled: false, address: null }),
      remove,
      stats: async () => ({ cpuNs: null, memoryPeakBytes: null, memoryBytes: null, pids: null }),
    };
  }
}
