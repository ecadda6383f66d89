import type { Message } from '../messages/message.ts';
import type { ProcessRole } from '../model/trial.ts';

/** What a process can be to its container: of the engine's processes (`common-roles.ts`) or of a family's. */
export interface Role {
  /** In records, and in the name of its memory, `pss.<id>`. */
  readonly id: ProcessRole;
  /** Message `role.<id>`. */
  readonly name: Message;
  /** Place in lists and in stacked bars, lowest first. */
  readonly order: number;
  /** Of its part in stacked bars, and of no other role's. */
  readonly color: string;
  /** An engine or a runtime starts such a process for one container, and it should end with it. */
  readonly endsWithContainer?: true;
  /** It does the container's work, although it may be outside its cgroup. */
  readonly doesWork?: true;
  /** Processes of this role may have one address space together, which counts once. */
  readonly mayShareMemory?: true;
  /** The role of the processes that it starts, whatever they are called; absent: that of their own names. */
  readonly ofChildren?: ProcessRole;
}
