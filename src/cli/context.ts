import { setTimeout as sleep } from 'node:timers/promises';
import type { AppContext } from '../app/context.ts';
import type { Clock, Environment, Interrupt, Reporter } from '../app/reporter.ts';
import { diskStore, vegaPictures } from '../app/store.ts';
import { notices } from '../core/messages/define.ts';
import type { Message } from '../core/messages/message.ts';
import { isSet } from './environment.ts';
import type { PrintFlags } from './print-run.ts';
import type { Terminal } from './terminal.ts';

const text = notices('interrupt', {
  endsAtOnce: 'stopping now; the next start removes what is left, or remove it yourself:  @(clean)',
});

/**
 * npm forwards Ctrl-C to a child that already got it from the terminal. A signal within this time counts as the same one, ms.
 */
const sameSignalMs = 300;

/** Receives signals: this process, or a fake in tests. */
interface SignalSource {
  readonly pid: number;
  on(name: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
  off(name: NodeJS.Signals, listener: NodeJS.SignalsListener): unknown;
  kill(pid: number, name: NodeJS.Signals): unknown;
}

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an abort signal until disposed of; logs `said` once. A second signal ends the process
 * at once; the engine's supervisor and the next start remove its leftovers.
 */
export function interruptSignal(
  reporter: Pick<Reporter, 'log'>,
  said: Message,
  { source = process, now = () => performance.now() }: { source?: SignalSource; now?: () => number } = {},
): Interrupt {
  const controller = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  let first = 0;
  const listener = (name: NodeJS.Signals) => {
    if (!controller.signal.aborted) {
      first = now();
      reporter.log(said);
      controller.abort();
    } else if (now() - first > sameSignalMs) {
      reporter.log(text.endsAtOnce);
      dispose();
      source.kill(source.pid, name);
    }
  };
  const dispose = () => {
    for (const name of signals) source.off(name, listener);
  };
  for (const name of signals) source.on(name, listener);
  return { signal: controller.signal, [Symbol.dispose]: dispose };
}

/** The clock of this host. */
export const wallClock: Clock = {
  now: () => performance.now(),
  // biome-ignore lint/plugin: for the names of runs and backups, and for when a run ended.
  date: () => new Date(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

const leftovers = () => import('../app/leftovers/leftovers.ts');
const engines = () => import('../app/measure/engines.ts');

/** The real environment: this terminal, this host, its engines and its disk. What measures is loaded when it is used. */
export function liveContext(terminal: Terminal, environment: Environment, flags: PrintFlags): AppContext {
  const live = flags.quiet !== true && !isSet(flags, 'progress', false) && terminal.canBeLive();
  return {
    reporter: terminal,
    progress: async (scope) => (await import('./progress.ts')).startProgress(terminal, scope, { live }),
    interrupts: (said) => interruptSignal(terminal, said),
    clock: wallClock,
    environment,
    engines: {
      openSession: async (...given) => (await import('../app/measure/session.ts')).openSession(...given),
      connectIfThere: async (flags) => (await engines()).connections.connectIfThere(flags),
      reachDocker: async () => (await engines()).connections.reachDocker(),
    },
    host: {
      lock: async (wanted) => (await import('../core/host/host-lock.ts')).lockHost(wanted),
      removeLeftovers: async (out, settle) =>
        (await leftovers()).removeLeftovers(out, environment.cacheDirectory, {
          now: wallClock.date(),
          settle,
        }),
      counters: async () => (await import('../core/collect/host-snapshot.ts')).takeHostSnapshot(),
      processTimes: async () => (await import('../core/collect/busy-processes.ts')).readProcessTimes(),
      cpus: async () => (await import('../core/host/usable-cpus.ts')).readHostCpus(),
    },
    store: diskStore,
    pictures: vegaPictures,
  };
}
