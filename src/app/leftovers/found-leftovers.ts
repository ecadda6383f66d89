import type { Message } from '../../core/messages/message.ts';

/** The leftovers of earlier runs. */
export interface Leftovers {
  readonly removed: readonly Message[];
  /** Things that were kept because they may be in use, each with how to find out. */
  readonly leftAlone: readonly Message[];
}

/** Options of the search for leftovers. */
export interface LeftoverSearch {
  readonly now: Date;
  /**
   * Waits long enough for running trials to change the state of their cgroups; false where the user does not want to wait.
   * Absent: cgroups younger than the longest trial are kept.
   */
  readonly settle?: ((runs: number, ms: number) => Promise<boolean>) | undefined;
}
