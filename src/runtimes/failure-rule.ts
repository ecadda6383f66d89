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

/** Why a runtime cannot run here, and what would mend it. `code` is stable. */
export interface Explanation {
  readonly code: string;
  readonly reason: string;
  readonly fix: string;
}

/** The context as rules see it. */
export interface RuleContext extends PreflightContext {
  readonly family: RuntimeFamily;
  readonly file: string;
}

/** One known failure. `match` runs on the engine's text; its groups reach `reason` and `fix`. */
export interface Rule {
  readonly code: string;
  readonly match: RegExp;
  /** Only for these families; absent: the text alone is proof enough. */
  readonly families?: readonly RuntimeFamily[];
  /** Only where this holds as well. */
  readonly when?: (context: RuleContext) => boolean;
  readonly reason: (groups: readonly string[], context: RuleContext) => string;
  readonly fix: (groups: readonly string[], context: RuleContext) => string;
}

/** How the changed registration takes effect. */
export function restartHint({ engine }: PreflightContext): string {
  return engine?.kind === 'embedded' ? 'then start ocibench again' : 'then: systemctl restart docker';
}
