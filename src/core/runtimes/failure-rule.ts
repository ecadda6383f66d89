import { shellWord } from '../messages/command.ts';
import { messages, type Reason } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { EngineFacts, HostFacts } from '../model/machine/host.ts';
import { daemonSettings } from '../model/runtime/engine-kind.ts';
import type { RuntimeEntry, RuntimeFamily } from '../model/runtime/runtime.ts';
import { shimBinary } from './entry.ts';
import type { GuestSettings, HostDevices } from './guest/facts.ts';

/** Facts about a failed preflight in addition to the engine's error. */
export interface PreflightContext {
  readonly entry: RuntimeEntry;
  readonly host: HostFacts;
  readonly engine?: EngineFacts;
  /** The file that registers the runtime; default: the engine's own. */
  readonly daemonJson?: string;
  /** Absent if the host's devices were not checked. */
  readonly devices?: HostDevices;
  /** The configuration of its virtual machines and the file that it is in; absent where there is none, or unknown. */
  readonly guest?: GuestSettings & { readonly file: string };
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

/** Where a runtime is registered. */
export type EntryPlace = Pick<RuleContext, 'entry' | 'file' | 'engine'>;

/** A reason, with the stable code of its failure. */
export type KnownFailure = { readonly code: string } & Pick<Reason, 'message' | 'fix'>;

/** The named groups of a pattern. */
export type PatternGroups = Readonly<Record<string, string | undefined>>;

/** One known failure. `match` runs on the engine's text; its groups reach `explain`. */
export interface FailureRule {
  /** Stable id, for programs. */
  readonly code: string;
  readonly match: RegExp;
  /** Only for these families; absent: for all, because the text is specific enough. */
  readonly families?: readonly RuntimeFamily[];
  /** Further condition. */
  readonly when?: (context: RuleContext, groups: PatternGroups) => boolean;
  readonly explain: (context: RuleContext, groups: PatternGroups) => Reason;
}

const words = messages('preflight', {
  registerShim:
    'write {written} under "runtimes" in {file} (if dockerd does not find {shim} on its PATH, use its absolute path as the type); {restart}',
});

/** How to register a containerd shim. */
export function registerShim(type: string, place: EntryPlace): Message {
  const { entry, file } = place;
  const written = `${JSON.stringify(entry.name)}: {"runtimeType": ${JSON.stringify(type)}}`;
  return words.registerShim({ written, file, shim: shimBinary(type) ?? type, restart: restartHint(place) });
}

/** Hint on how to apply a changed registration. */
export function restartHint({ engine }: Pick<PreflightContext, 'engine'>): Message {
  return daemonSettings(engine ?? { kind: 'docker' }).restart;
}

/** A command that starts a container with the runtime as the engine does, without ocibench. */
export function commandByHand({ entry, engine }: PreflightContext): string {
  const { name, path = name, runtimeType } = entry;
  if (engine?.kind === 'containerd') {
    const runtime = runtimeType === undefined ? ['--runc-binary', path] : ['--runtime', runtimeType];
    return `ctr run --rm ${runtime.map(shellWord).join(' ')} IMAGE try true`;
  }
  if (engine?.kind === 'podman' || engine?.product === 'Podman')
    return `podman --runtime ${shellWord(path)} run --rm --network none IMAGE true`;
  return `docker run --rm --runtime ${shellWord(name)} --network none IMAGE true`;
}

/** Matches errors of the engine, or of ocibench itself, about a start that took too long. */
export const timeoutWords = /timed? ?out|no answer|due to timeout|deadline exceeded/i;
