import type { RunEvent } from '../core/measure/execute/run-loop.ts';
import type { RunLimits } from '../core/measure/schedule/eta.ts';
import type { Lang, Message } from '../core/messages/message.ts';
import type { ResolvedConfig } from '../core/model/run/run.ts';
import type { Estimate } from '../report/progress/lines.ts';

/** Receives the messages of a use case. */
export interface Reporter {
  /** Language of the output. */
  readonly lang: Lang;
  /** Changes the language of further output. */
  setLang(lang: Lang): void;
  /** Information for the user. */
  log(message: Message): void;
  /** A warning that `--quiet` keeps: why something fails, or what the user has to do next. */
  warn(message: Message): void;
}

/** Shows the progress of a run. */
export interface Progress {
  onEvent(event: RunEvent): void;
  /** Replaces the current ratio estimates. */
  onEstimates(estimates: readonly Estimate[]): void;
  /** `reason`: why sampling ended; null after an error. */
  done(reason: string | null): void;
}

/** The run whose progress is shown. */
export interface ProgressScope {
  readonly config: RunLimits & Pick<ResolvedConfig, 'lang'>;
  readonly subjects: number;
  readonly runtimes: readonly string[];
}

/** A request of the user to stop. */
export interface Interrupt extends Disposable {
  readonly signal: AbortSignal;
}

/** Time source, replaceable in tests. */
export interface Clock {
  /** Monotonic ms. */
  now(): number;
  /** Wall clock, for records only. */
  date(): Date;
  /** Resolves after `ms`; rejects with the AbortError of `signal`. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** How and by whom ocibench was started. */
export interface Environment {
  readonly version: string;
  /** How this program is called, for suggested commands. */
  readonly program: string;
  readonly workingDirectory: string;
  /** Directory of files that outlive runs (images, the lab's disk). */
  readonly cacheDirectory: string;
  readonly isRoot: boolean;
  /** Names of the user, which reports without names withhold. */
  readonly userNames: readonly string[];
  /** Language of the user's locale. */
  readonly lang: Lang;
}
