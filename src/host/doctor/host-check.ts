import type { CheckDefinition } from '../../model/check.ts';
import type { HostFacts } from '../../model/host.ts';

/** What a check needs beside the machine's facts; what is absent or null could not be found out. */
export interface Circumstances {
  /** Do we run as root? */
  readonly root?: boolean | null;
  /** Running containers that are not ours. */
  readonly otherContainers?: number | null;
  /** Free space where images and scratch files go, bytes. */
  readonly freeBytes?: number | null;
  /** Free space where Docker keeps its data; absent where that is not on this host. */
  readonly dockerDisk?: { readonly path: string; readonly freeBytes: number } | null;
  /** Shims, sandboxes and virtual machines of other engines' containers. */
  readonly foreignSandboxes?: number | null;
  /** The smallest step of the clock, ns. */
  readonly clockStepNs?: number | null;
}

/** The machine that a check looks at. */
export interface HostState {
  readonly host: HostFacts;
  readonly around: Circumstances;
}

/** A check of the machine: a file of `host/` that exports one by default. */
export interface HostCheck extends CheckDefinition<HostState> {
  /** Place in the list, lowest first. */
  readonly order: number;
  /**
   * Circumstances that the check may have met, where records hold them in its sentence only: what was recorded before there
   * were messages is said again from the one that gives the same sentence. Beside these, none at all.
   */
  readonly candidates?: () => readonly Circumstances[];
}

/** 1 … n. */
export const counted = (n: number): readonly number[] => Array.from({ length: n }, (_, at) => at + 1);
