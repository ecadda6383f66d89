import type { Reason } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { engineTraits } from '../model/engine-kind.ts';
import type { EngineFacts, HostFacts } from '../model/host.ts';
import type { RuntimeEntry, RuntimeFamily } from '../model/runtime.ts';

/**
 * State of /dev/kvm on the engine's host: `missing`, `denied` (cannot be opened), `unusable` (QEMU cannot make a guest
 * with it), `usable`; `untested` where there is no QEMU to test it with.
 */
export type KvmState = 'missing' | 'denied' | 'unusable' | 'usable' | 'untested';

/** Facts about a failed preflight in addition to the engine's error. */
export interface PreflightContext {
  readonly entry: RuntimeEntry;
  readonly host: HostFacts;
  readonly engine?: EngineFacts;
  /** The file that registers the runtime; default: /etc/docker/daemon.json. */
  readonly daemonJson?: string;
  /** Absent if /dev/kvm was not checked. */
  readonly kvm?: KvmState;
  /** Actual path of the program, if the path of its entry is wrong. */
  readonly elsewhere?: string;
  /** Has the runtime started another container of this run? */
  readonly started?: boolean;
}

/** Context of a rule. */
export interface RuleContext extends PreflightContext {
  readonly family: RuntimeFamily;
  readonly file: string;
}

/** One known failure. `match` runs on the engine's text; its groups reach `explain`. */
export interface FailureRule {
  /** Stable id, for programs. */
  readonly code: string;
  readonly match: RegExp;
  /** Only for these families; absent: for all, because the text is specific enough. */
  readonly families?: readonly RuntimeFamily[];
  /** Further condition. */
  readonly when?: (context: RuleContext) => boolean;
  readonly explain: (groups: readonly string[], context: RuleContext) => Reason;
}

/** Hint on how to apply a changed registration. */
export function restartHint({ engine }: PreflightContext): Message {
  return engineTraits(engine ?? { kind: 'docker' }).restart;
}

/** Matches errors of the engine, or of ocibench itself, about a start that took too long. */
export const timeoutWords = /timed? ?out|no answer|due to timeout|deadline exceeded/i;
