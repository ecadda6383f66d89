import { EventEmitter } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { vi } from 'vitest';
import type { AppContext } from '../../src/app/context.ts';
import type { Session, SessionOptions } from '../../src/app/measure/engine-session.ts';
import { sessionTrials } from '../../src/app/measure/session.ts';
import { diskStore } from '../../src/app/store.ts';
import { interruptSignal, liveContext } from '../../src/cli/context.ts';
import { main } from '../../src/cli/main.ts';
import { takeHostSnapshot } from '../../src/core/collect/host-snapshot.ts';
import { guardEngine } from '../../src/core/measure/execute/engine-guard.ts';
import { external } from '../../src/core/messages/compose.ts';
import { exitCodes, OcibenchError } from '../../src/core/model/failure/error.ts';
import type { ResolvedConfig } from '../../src/core/model/run/run.ts';
import { imageId } from '../../src/core/model/workload/image.ts';
import type { StoredRun } from '../../src/core/store/run-directory.ts';
import { captured } from '../cli/support.ts';
import { blankPictures } from './app-context.ts';
import { makeDirectory } from './memory-directory.ts';
import { ScriptedClock, TrialClock } from './scripted-clock.ts';
import { ScriptedDaemon } from './scripted-daemon.ts';
import { type Write, watchedStore } from './watched-store.ts';

export { blankPictures };

/** The process of ocibench has ended at once, by SIGKILL or worse. */
class Ended extends Error {}

/** Opens a world that begins as another one ended, at the same place; one at a time. */
export interface KeptWorld extends AsyncDisposable {
  open(): Promise<ScriptedWorld>;
}

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `ocibench` as a user starts it, up to its exit code, with all but the daemon, the time and the signals real. */
export class ScriptedWorld implements AsyncDisposable {
  readonly path: string;
  readonly daemon: ScriptedDaemon;
  readonly clock = new ScriptedClock();
  readonly trialClock = new TrialClock();
  pictures: AppContext['pictures'] = blankPictures;
  /** Called before everything that is written; throws what the disk would. */
  onWrite: (write: Write) => void = () => undefined;
  /** How each session was opened. */
  readonly sessions: SessionOptions[] = [];
  /** Is ocibench started as root? */
  isRoot = true;
  /** Why images cannot be provided. */
  imageError: Error | null = null;
  host: AppContext['host'] = {
    lock: async ({ command, runId }) => ({
      kind: 'held',
      owner: {
        command,
        runId,
        since: this.clock.date().toISOString(),
        pid: 1,
        startTime: '1',
        bootId: 'boot',
        host: 'host',
      },
      tookOver: null,
      [Symbol.asyncDispose]: async () => undefined,
    }),
    removeLeftovers: async () => ({ removed: [], leftAlone: [] }),
    counters: async () => takeHostSnapshot(),
    processTimes: async () => new Map(),
    cpus: async () => ({ cpus: [0, 1, 2, 3], siblings: new Map(), canPin: true }),
  };
  readonly #signals = new EventEmitter();
  #hasEnded = false;

  /** With a daemon that has these runtimes, whose programs print a version and do nothing else. */
  static async open(runtimes: readonly string[] = ['runc', 'crun']): Promise<ScriptedWorld> {
    const path = await makeDirectory('ocibench-scripted-');
    await mkdir(join(path, 'scratch'));
    const registered: Record<string, { path: string }> = {};
    for (const name of runtimes) {
      if (name !== 'runc') registered[name] = { path: join(path, name) };
      await writeFile(join(path, name), `#!/bin/sh\necho ${name} version 1.0\n`, { mode: 0o755 });
    }
    await writeFile(join(path, 'daemon.json'), JSON.stringify({ runtimes: registered }));
    return new ScriptedWorld(path, runtimes);
  }

  private constructor(path: string, runtimes: readonly string[]) {
    this.path = path;
    this.daemon = new ScriptedDaemon(runtimes, join(path, 'docker'), this.trialClock.pass);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.trialClock[Symbol.dispose]();
    await rm(this.path, { recursive: true });
  }

  /** This world ends; others begin with its files, its runtimes and its time. */
  async keep(): Promise<KeptWorld> {
    const { path } = this;
    const kept = await mkdtemp(`${path}-kept-`);
    const copied = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };
    await cp(path, kept, copied);
    await this[Symbol.asyncDispose]();
    return {
      open: async () => {
        await cp(kept, path, copied);
        const world = new ScriptedWorld(path, this.daemon.runtimes);
        world.clock.advance(this.clock.now());
        return world;
      },
      [Symbol.asyncDispose]: () => rm(kept, { recursive: true }),
    };
  }

  /** A command line; `variables`: of its environment. */
  async command(words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<CommandEnd> {
    this.#hasEnded = false;
    const { streams, stdout, stderr } = captured();
    // What this host has installed does not matter.
    vi.stubEnv('PATH', this.path);
    vi.stubEnv('OCIBENCH_STATE', this.path);
    const exitCode = await main({
      words,
      version: '0.0.0',
      streams,
      variables: { HOME: this.path, LC_ALL: 'C.UTF-8', NO_COLOR: '1', ...variables },
      contextOf: (terminal, environment, flags): AppContext => ({
        ...liveContext(terminal, { ...environment, workingDirectory: this.path, isRoot: this.isRoot }, flags),
        interrupts: (said) =>
          interruptSignal(terminal, said, {
            source: Object.assign(this.#signals, { pid: 1, kill: () => this.crash() }),
            now: this.clock.now,
          }),
        clock: this.clock,
        engines: {
          openSession: (...asked) => this.#openSession(...asked),
          connectIfThere: async () => null,
          reachDocker: () => Promise.reject(new Error('no daemon is expected here')),
        },
        host: {
          lock: (wanted) => this.host.lock(wanted),
          removeLeftovers: (out) => this.host.removeLeftovers(out),
          counters: () => this.host.counters(),
          processTimes: () => this.host.processTimes(),
          cpus: () => this.host.cpus(),
        },
        pictures: this.pictures,
        store: watchedStore((write) => {
          if (this.#hasEnded) throw new Ended();
          this.onWrite(write);
        }),
      }),
    }).finally(() => vi.unstubAllEnvs());
    return { exitCode, stdout: stdout(), stderr: stderr() };
  }

  /** A run of one workload under every runtime, with as many measured blocks. */
  run(blocks: number, ...more: readonly string[]): Promise<CommandEnd> {
    return this.runIn({}, blocks, ...more);
  }

  /** The same with variables of the environment. */
  runIn(variables: NodeJS.ProcessEnv, blocks: number, ...more: readonly string[]): Promise<CommandEnd> {
    const { path } = this;
    const words = [
      'run',
      '--engine',
      'docker',
      '--workloads',
      'startup/echo',
      '--set',
      'seed=3',
      '--set',
      'progress=false',
      '--set',
      `daemonJson=${join(path, 'daemon.json')}`,
      '--blocks',
      `${blocks}..${blocks}`,
      ...more,
    ];
    return this.command(words, variables);
  }

  resume(runId: string, ...more: readonly string[]): Promise<CommandEnd> {
    const { path } = this;
    return this.command([
      'run',
      '--resume',
      runId,
      '--set',
      `daemonJson=${join(path, 'daemon.json')}`,
      ...more,
    ]);
  }

  signal(name: 'SIGINT' | 'SIGTERM' | 'SIGHUP'): void {
    this.#signals.emit(name, name);
  }

  /** The process ends here: it writes nothing more, and its connections end with it. */
  crash(): void {
    this.#hasEnded = true;
    this.daemon.restart();
  }

  /** The newest run as it is on the disk. */
  async stored(): Promise<StoredRun> {
    const path = await diskStore.newestRun(join(this.path, 'results'));
    if (path === null) throw new Error('there is no run');
    return diskStore.loadRun(path);
  }

  async #openSession(
    runId: string,
    choice: ResolvedConfig['engine'],
    _entries: unknown,
    options: SessionOptions,
  ): Promise<Session> {
    if (this.#hasEnded) throw new Ended();
    this.sessions.push(options);
    if (!this.daemon.isUp)
      throw new OcibenchError(external('no Docker daemon answers'), { exitCode: exitCodes.noEngine });
    const kind = choice === 'embedded' ? 'embedded' : 'docker';
    const engine = this.daemon.connect(kind);
    const guard = await guardEngine(engine, async () => null);
    const place = { engine, runId, scratch: join(this.path, 'scratch'), hostPlace: null };
    const prober = { ask: async () => 0n, ready: async () => undefined, close: () => undefined };
    return {
      ...place,
      networkNamespace: null,
      notStarted: new Map(),
      dockerd: null,
      prober,
      guard,
      lost: async () => guard.lost(),
      provideImages: async (sources) => {
        if (this.imageError !== null) throw this.imageError;
        return [...new Set(sources.map(imageId))].map((recipe) => {
          const reference = `ocibench/${recipe}:1`;
          return { recipe, recipeHash: '1', contentHash: '1', reference, bytes: 1 };
        });
      },
      trials: sessionTrials({ ...place, prober, guard }),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
}
