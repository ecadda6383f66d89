import type { Stamp } from './stamps.ts';

/** Somebody who looks on while one trial runs. */
export interface TrialWatcher {
  /** The trial's cgroup is there and empty. Its containers are created once this resolves; a rejection fails the trial. */
  prepared(): Promise<void>;
  /** A stamp of its container has arrived. */
  onStamp(stamp: Stamp): void;
  /** Its containers are gone, however it ended; its cgroup is removed once this resolves. Never rejects. */
  ended(): Promise<void>;
}
