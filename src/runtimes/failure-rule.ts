import type { Reason } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { engineTraits } from '../model/engine-kind.ts';
import type { EngineFacts, HostFacts } from '../model/host.ts';
import type { RuntimeEntry, RuntimeFamily } from '../model/runtime.ts';

/**
 * What /dev/kvm of the engine's host is good for: `missing`, `denied` (it may not be opened), `unusable` (QEMU cannot make a
 * guest under it), `usable`; `untested` where no QEMU was found to try it with.
 */
export type KvmState = 'missing' | 'denied' | 'unusable' | 'usable' | 'untested';

/** What is known beside the engine's words when a preflight failed. */
export interface PreflightContext {
  readonly entry: RuntimeEntry;
  readonly host: HostFacts;
  readonly engine?: EngineFacts;
  /** The file that registers the runtime; /etc/docker/daemon.json when absent. */
  readonly daemonJson?: string;
  /** Absent where nobody looked. */
  readonly kvm?: KvmState;
}

/** The context as rules see it. */
export interface RuleContext extends PreflightContext {
  readonly family: RuntimeFamily;
  readonly file: string;
}

/** One known failure. `match` runs on the engine's text; its groups reach `explain`. */
export interface FailureRule {
  /** Stable, for programs. */
  readonly code: string;
  readonly match: RegExp;
  /** Only for these families; absent: the text alone is proof enough. */
  readonly families?: readonly RuntimeFamily[];
  /** Only where this holds as well. */
  readonly when?: (context: RuleContext) => boolean;
  readonly explain: (groups: readonly string[], context: RuleContext) => Reason;
}

/** How the changed registration takes effect. */
export function restartHint({ engine }: PreflightContext): Message {
  return engineTraits(engine ?? { kind: 'docker' }).restart;
}

/** What the engine, or ocibench itself, says of a start that took too long. */
export const timeoutWords = /timed? ?out|no answer|due to timeout|deadline exceeded/i;
