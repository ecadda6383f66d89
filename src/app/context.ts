import type { ProcessTimes } from '../core/collect/busy-processes.ts';
import type { HostSnapshot } from '../core/collect/noise.ts';
import type { BusyHost, HostLock } from '../core/host/host-lock.ts';
import type { HostCpus } from '../core/host/usable-cpus.ts';
import type { Message } from '../core/messages/message.ts';
import type { LeftoverSearch, Leftovers } from './leftovers/found-leftovers.ts';
import type { Engines } from './measure/engines.ts';
import type { Clock, Environment, Interrupt, Progress, ProgressScope, Reporter } from './reporter.ts';
import type { Pictures, Store } from './store.ts';

/** State of this host that all measurements share. */
interface Host {
  /** Locks the host for a measurement, or returns who holds the lock. */
  lock(wanted: { readonly command: string; readonly runId: string }): Promise<HostLock | BusyHost>;
  /**
   * Removes leftovers of runs whose process has ended, and partly written files below `out`. `settle`: given by an explicit
   * clean-up, which waits until it is clear which trials are over, and also searches where only labels lead.
   */
  removeLeftovers(out: string, settle?: LeftoverSearch['settle']): Promise<Leftovers>;
  /** Counters of the host's CPUs at this instant. */
  counters(): Promise<HostSnapshot>;
  /** CPU time of the processes that are not of this program. */
  processTimes(): Promise<ProcessTimes>;
  /** The CPUs that trials can be given. */
  cpus(): Promise<HostCpus>;
}

/** Everything that a use case needs of its environment. The command line provides the real one, tests provide fakes. */
export interface AppContext {
  readonly reporter: Reporter;
  readonly progress: (scope: ProgressScope) => Progress | Promise<Progress>;
  /** Listens for the user's request to stop until disposed of; logs `said` when it comes. */
  readonly interrupts: (said: Message) => Interrupt;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly engines: Engines;
  readonly host: Host;
  readonly store: Store;
  readonly pictures: Pictures;
}
