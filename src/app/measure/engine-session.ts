import type { DaemonFlags } from '../../core/engine/docker/context.ts';
import type { LayerEngine } from '../../core/engine/layer.ts';
import type { OpenEngine } from '../../core/engine/open-engine.ts';
import type { EngineGuard } from '../../core/measure/execute/engine-guard.ts';
import type { HostContext } from '../../core/measure/execute/host-context.ts';
import type { Prober } from '../../core/measure/execute/prober.ts';
import type { RunnerOptions, TrialRunner } from '../../core/measure/execute/runner.ts';
import type { ScheduledLayer } from '../../core/measure/schedule/subjects.ts';
import type { Message } from '../../core/messages/message.ts';
import type { ImageFacts } from '../../core/model/run/run.ts';
import type { EngineRequest } from '../../core/model/runtime/engine-kind.ts';
import type { Layer } from '../../core/model/trial/cell.ts';
import type { ImageSource } from '../../core/model/workload/image.ts';
import type { Environment, Reporter } from '../reporter.ts';

/** How to open a session. */
export interface SessionOptions {
  readonly daemon: DaemonFlags;
  readonly reporter: Reporter;
  readonly environment: Pick<Environment, 'cacheDirectory' | 'isRoot'>;
  /** The layers of the run; default: only the engine's own. */
  readonly layers?: readonly Layer[];
  /** Names of the runtimes to start at layers other than the engine's own; default: all. */
  readonly compared?: readonly string[] | null;
  /** The engines that the run names; the first is the session's own. Default: one from this host's PATH, or a daemon. */
  readonly engines?: readonly EngineRequest[];
}

/** One open engine, as trials use it. */
export interface EngineSession extends Omit<OpenEngine, 'close'> {
  readonly runId: string;
  /** null where the engine is on another host. */
  readonly hostPlace: HostContext | null;
  /** Host pid of the engine's dockerd; null where unknown. */
  readonly dockerd: number | null;
  /** Sends requests to servers in containers; started on first use. */
  readonly prober: Prober;
  /** Distinguishes failures of the engine from those of runtimes. */
  readonly guard: EngineGuard;
  /**
   * Builds or finds the images and imports them into the engine, each once. `sourcesOf`: those that each of the other engines
   * of the run needs, by its name; default: all.
   */
  provideImages(
    sources: readonly ImageSource[],
    sourcesOf?: (engine: string) => readonly ImageSource[],
  ): Promise<readonly ImageFacts[]>;
  /** Makes the runner of trials in this session. */
  trials(options: SessionTrials): TrialRunner;
}

/** The open engine of a run (the first of several) with its images. Disposing of it removes everything. */
export interface Session extends EngineSession, AsyncDisposable {
  /** The layers of the run; default: only the engine's own. */
  readonly layers?: OpenLayers;
  /** Every engine that the run names, this one included, by name; absent where it names none. */
  readonly named?: ReadonlyMap<string, EngineSession>;
  /** Engines of the run that did not start: name → reason. */
  readonly notStarted: ReadonlyMap<string, Message>;
}

/** Inputs of trials in addition to those of the session. */
interface SessionTrials
  extends Pick<
    RunnerOptions,
    | 'subjects'
    | 'explain'
    | 'interrupt'
    | 'baseline'
    | 'network'
    | 'runsModulesOnly'
    | 'profiles'
    | 'seccomp'
    | 'limits'
    | 'patience'
    | 'samplePeriodMs'
  > {
  readonly images: readonly ImageFacts[];
}

/** The layers of a run, and the engines of the layers beside the run's own engine. */
export interface OpenLayers {
  readonly scheduled: readonly ScheduledLayer[];
  /** Layer at which runtimes are tried. */
  readonly first: Layer;
  /** By layer; layers that cannot be used here are missing. */
  readonly engines: ReadonlyMap<Layer, LayerEngine>;
}
