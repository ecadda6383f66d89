import type { Container, ContainerSpec, Engine } from '../../engine/engine.ts';
import type { Params } from '../../model/cell.ts';
import type { ErrorRecord } from '../../model/error-record.ts';
import type { Copy, Figure } from '../../model/trial.ts';
import type { Workload } from '../../model/workload.ts';
import type { StepLimits } from './deadline.ts';
import type { Marks } from './marks.ts';
import type { TrialObserver } from './observer.ts';
import type { OutputBuffer } from './output-buffer.ts';
import type { Peer, PeerSetup } from './peer.ts';
import type { Prober } from './prober.ts';
import type { TrialWatcher } from './trial-watcher.ts';
import type { WorkWindowRecorder } from './work-window.ts';

/** Input of one trial. */
export interface TrialContext {
  readonly engine: Engine;
  readonly workload: Workload;
  readonly observer: TrialObserver;
  readonly prober: Prober;
  readonly container: Omit<ContainerSpec, 'cgroupParent' | 'request'>;
  readonly request: ContainerSpec['request'];
  readonly params: Params;
  /** null where the workload has none. */
  readonly peer: PeerSetup | null;
  /** Absent where nobody looks on. */
  readonly watcher?: TrialWatcher;
  /** Awaited when all is prepared, where another trial runs at once: they begin together. */
  readonly begin?: () => Promise<void>;
  readonly limits: StepLimits;
  readonly interrupt: AbortSignal;
  /** Maps the engine's error to a reason and a fix. */
  readonly explain: (engineMessage: string) => ErrorRecord;
  /** Host CLOCK_MONOTONIC in ns. */
  readonly now: () => bigint;
}

/** State of a trial while it runs; read at its end, however it ended. */
export interface TrialState {
  readonly marks: Marks;
  readonly output: OutputBuffer;
  /** By step name. */
  readonly outputs: Map<string, OutputBuffer>;
  readonly work: WorkWindowRecorder;
  readonly figures: Record<string, Figure>;
  readonly containers: Container[];
  /** Has the trial itself removed all of them? */
  removed: boolean;
  copies: readonly Copy[];
  peer: Peer | null;
  exitCode: number | null;
  oomKilled: boolean | null;
}
