import type { RunEvent } from '../execute/run-loop.ts';
import type { HostBusy, HostLock } from '../host/host-lock.ts';
import type { Lang, Message } from '../messages/message.ts';
import type { ResolvedConfig } from '../model/run.ts';
import type { Estimate } from '../report/progress/state.ts';
import type { Engines } from './engines.ts';
import type { Leftovers } from './leftovers.ts';
import type { Pictures } from './pictures.ts';
import type { Store } from './store.ts';

/** Where a use case says what goes on. */
export interface Reporter {
  /** The language that it speaks. */
  readonly lang: Lang;
  /** From now on it speaks this one. */
  speak(lang: Lang): void;
  /** What is good to know while it goes on. */
  log(message: Message): void;
  /** What must be said even to those who asked for quiet: why something fails, or what the user has to do next. */
  warn(message: Message): void;
  /** Is {@link Reporter.trace} written? */
  readonly isVerbose: boolean;
  /** A step or a call to the engine, for those who asked for all of them. */
  trace(message: Message): void;
}

/** Shows a run while it goes on. */
export interface Progress {
  onEvent(event: RunEvent): void;
  /** Replaces what is known of the ratios. */
  onEstimates(estimates: readonly Estimate[]): void;
  /** `reason`: why sampling ended; null where it was an error. */
  done(reason: string | null): void;
}

/** What is shown of a run. */
export interface ProgressScope {
  readonly config: Pick<ResolvedConfig, 'baseline' | 'minBlocks' | 'maxBlocks' | 'maxTimeMs' | 'lang'>;
  readonly subjects: number;
  readonly runtimes: readonly string[];
}

/** The user's wish for an end. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

/** Time, which tests may choose. */
export interface Clock {
  /** Monotonic ms. */
  now(): number;
  /** Wall clock, only to be written down. */
  date(): Date;
  /** Resolves after that time; rejects with the AbortError of `signal`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Where and as whom ocibench was started. */
export interface Environment {
  readonly version: string;
  /** How this program is called, for commands that are suggested. */
  readonly program: string;
  readonly workingDirectory: string;
  /** Files that survive runs (images, the lab's disk). */
  readonly cacheDirectory: string;
  readonly isRoot: boolean;
  /** Names of the user; reports without names withhold them. */
  readonly userNames: readonly string[];
  /** The language of the user's locale. */
  readonly lang: Lang;
}

/** What measurements on this host share. */
interface Host {
  /** Takes the host for a measurement, or says who has it. */
  lock(wanted: { readonly command: string; readonly runId: string }): Promise<HostLock | HostBusy>;
  /** Removes what runs left here whose process is gone, and half written files below `out`. */
  removeLeftovers(out: string): Promise<Leftovers>;
  /** Removes the scratch directories that runs were told to keep; resolves with their paths. */
  removeKept(): Promise<readonly string[]>;
}

/** All that a use case needs of the world around it. The command line makes one; tests make another. */
export interface AppContext {
  readonly reporter: Reporter;
  readonly progress: (scope: ProgressScope) => Progress;
  /** Listens to the user's wish for an end, until disposed of; `said` is logged when it comes. */
  readonly interrupts: (said: Message) => Interrupt;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly engines: Engines;
  readonly host: Host;
  readonly store: Store;
  readonly pictures: Pictures;
}
