import type { EngineFacts, HostFacts } from '../model/host.ts';
import type { RuntimeEntry, RuntimeFamily } from '../model/runtime.ts';

/** What is known beside the engine's words when a preflight failed. */
export interface PreflightContext {
  readonly entry: RuntimeEntry;
  readonly host: HostFacts;
  readonly engine?: EngineFacts;
  /** The file that registers the runtime; /etc/docker/daemon.json when absent. */
  readonly daemonJson?: string;
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
  readonly reason: (groups: readonly string[], context: RuleContext) => string;
  readonly fix: (groups: readonly string[], context: RuleContext) => string;
}

/** How the changed registration takes effect. */
export function restartHint({ engine }: PreflightContext): string {
  return engine?.kind === 'embedded' ? 'then start ocibench again' : 'then: systemctl restart docker';
}
