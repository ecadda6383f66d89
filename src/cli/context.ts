import { setTimeout as sleep } from 'node:timers/promises';
import type { AppContext, Clock, Environment } from '../app/context.ts';
import { removeLeftovers } from '../app/leftovers/leftovers.ts';
import { connections, removeKept } from '../app/measure/engines.ts';
import { openSession } from '../app/measure/session.ts';
import { vegaPictures } from '../app/pictures.ts';
import { diskStore } from '../app/store.ts';
import { takeHostSnapshot } from '../core/collect/host-snapshot.ts';
import { lockHost } from '../core/host/host-lock.ts';
import { readHostCpus } from '../core/host/usable-cpus.ts';
import { interruptSignal } from './interrupt.ts';
import type { PrintFlags } from './print-run.ts';
import { startProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** The clock of this host. */
export const wallClock: Clock = {
  now: () => performance.now(),
  // biome-ignore lint/plugin: for the names of runs and backups, and for when a run ended.
  date: () => new Date(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** The real environment: this terminal, this host, its engines and its disk. */
export function liveContext(terminal: Terminal, environment: Environment, flags: PrintFlags): AppContext {
  const live = flags.quiet !== true && flags.progress !== false && terminal.canBeLive();
  return {
    reporter: terminal,
    progress: (scope) => startProgress(terminal, scope, { live }),
    interrupts: (said) => interruptSignal(terminal, said),
    clock: wallClock,
    environment,
    engines: { ...connections, openSession },
    host: {
      lock: lockHost,
      removeLeftovers: (out, settle) =>
        removeLeftovers(out, environment.cacheDirectory, { now: wallClock.date(), settle }),
      removeKept,
      counters: takeHostSnapshot,
      cpus: () => readHostCpus(),
    },
    store: diskStore,
    pictures: vegaPictures,
  };
}
