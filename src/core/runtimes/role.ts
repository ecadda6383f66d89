import type { Message } from '../messages/message.ts';
import type { ProcessRole } from '../model/trial/trial.ts';

/** The role of a process for its container: one of the engine's (`common-roles.ts`) or of a family's. */
export interface Role {
  /** Used in records, and in the name of its memory metric, `pss.<id>`. */
  readonly id: ProcessRole;
  /** Message `role.<id>`. */
  readonly name: Message;
  /** Position in lists and in stacked bars, lowest first. */
  readonly order: number;
  /** Colour in stacked bars, unique among roles. */
  readonly color: string;
  /** Is it started by an engine or a runtime for one container, so that it should end with it? */
  readonly endsWithContainer?: true;
  /** Does it do the container's work, although it may be outside the container's cgroup? */
  readonly doesWork?: true;
  /** May processes of this role share one address space? It then counts once. */
  readonly mayShareMemory?: true;
  /** Role of the processes that it starts, whatever their names; absent: by their own names. */
  readonly ofChildren?: ProcessRole;
}
