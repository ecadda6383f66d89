import type { Message, ValueList } from '../messages/message.ts';
import type { CheckDefinition } from '../model/machine/check.ts';
import type { EngineFacts, HostFacts } from '../model/machine/host.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime/runtime.ts';
import type { ProcessRole } from '../model/trial/trial.ts';
import type { EntryPlace, FailureRule, KnownFailure } from './failure-rule.ts';
import type { GuestSettings, HostDevices } from './guest/facts.ts';
import type { Role } from './role.ts';

/** Recognises an entry by the program that it executes, or else by its name. */
interface Recognition {
  readonly pattern: RegExp;
  /** Order in which families are tried, lowest first: a name that is part of other names (`runc` of `kata-runc`) comes late. */
  readonly priority: number;
}

/**
 * What handles a container's system calls. `wasi`: functions of a WebAssembly runtime, so that no native program can run.
 * `unknown`: perhaps a virtual machine's kernel.
 */
type Kernel = 'host' | 'sandbox' | 'guest' | 'wasi' | 'unknown';

/** A program that shows that the family is installed. */
export interface InstalledProgram {
  readonly name: string;
  /** A shared library without which it starts no container; the program then counts as absent. */
  readonly library?: string;
  /** The entry to compare where no daemon.json registers any; null: none. `present`: all programs that were found. */
  readonly entry: (found: {
    readonly present: readonly string[];
    readonly withoutNetwork: boolean;
  }) => Omit<RuntimeEntry, 'origin'> | null;
}

/** Settings of a family that affect results. */
export interface RuntimeSettings {
  readonly platform: string;
  readonly network: string;
}

/** Functions that read the settings of an entry. */
interface SettingsSource {
  readonly fromArguments: (runtimeArgs: readonly string[]) => RuntimeSettings;
  /** Reads them from the shim's configuration, the file that `options.ConfigPath` names; an empty text without it. */
  readonly fromFile: (text: string) => RuntimeSettings;
}

/** A network stack of the runtime that fails with some kernels. */
interface OwnNetwork {
  /** The program whose version decides. */
  readonly program: string;
  /** A file that breaks the stack where it exists in a fresh network namespace. */
  readonly probe: string;
  /** `visible`: does the file exist in a fresh namespace? null where that could not be tested. */
  readonly fails: (version: string, visible: boolean | null, kernel: string) => boolean;
}

/**
 * The role of a process, by the name it was started under: a common one or one of `roles`; null: not of this family.
 */
type RoleOf = (name: string, argv: readonly string[], comm: string) => ProcessRole | null;

/**
 * Cgroups in which the runtime accounts a sandbox's overhead beside its container. Paths are relative to a hierarchy's
 * root.
 */
interface OverheadCgroups {
  /** Cgroups that all sandboxes share. */
  readonly shared: readonly string[];
  /** Cgroups of one sandbox. Throws RangeError unless `containerId` is a full id, because the result gets removed. */
  readonly of: (containerId: string) => readonly string[];
  /** The container of one of the runtime's cgroups, by the cgroup's name; null for any other name. */
  readonly containerOf: (name: string) => string | null;
}

/** Facts for checks of a family on this host. */
export interface FamilyFacts {
  /** The family's runtimes that were tried; empty where none could be. */
  readonly runtimes: readonly Pick<
    RuntimeFacts,
    'entry' | 'family' | 'version' | 'network' | 'preflight' | 'sidecars' | 'vm'
  >[];
  readonly engine: EngineFacts;
  readonly host: HostFacts;
  /** null where the devices cannot be inspected. */
  readonly devices: HostDevices | null;
}

/** Helper programs of a runtime, in a directory beside its own program. */
export interface Sidecars {
  readonly directory: string;
  /** The helpers of a start. */
  readonly programs: readonly string[];
  /** Does this version use the helpers? Without them it is then slower or does not start. */
  readonly expectedBy: (version: string) => boolean;
}

/** A shared library that executes containers; the runtime loads it for each one. */
interface ExecutingLibrary {
  /** Name by which the runtime loads it. */
  readonly file: string;
  readonly product: string;
}

/** The configuration of a runtime's virtual machines. */
interface GuestConfiguration {
  /** Files in which an entry's configuration may be; the first that exists is read. */
  readonly files: (entry: RuntimeEntry) => readonly string[];
  /** Reads the settings of such a file; of an empty text, the defaults. Never throws. */
  readonly parse: (text: string) => GuestSettings;
}

/** Where the programs that a runtime starts say why they ended. */
interface OwnLog {
  /** Identifier of its lines in the journal of systemd. */
  readonly identifier: string;
  /** The words in such lines of a virtual machine monitor that ended; null without any. */
  readonly monitorSaid: (lines: string) => string | null;
}

/** A sandbox's own accounting of its processes. Calibration compares it with the host's. */
interface SandboxAccounting {
  /**
   * Maximum error of the CPU time that a program reads about itself: ns, and as a fraction. The host also counts the
   * sandbox's work for it.
   */
  readonly cpuError: { readonly ns: number; readonly share: number };
  /** Does each process of the container have one or more on the host, so that the host may count more? */
  readonly extraProcesses: boolean;
}

/** A Debian package with a runtime to compare. */
export interface FamilyPackage {
  readonly program: string;
  readonly package: string;
  readonly why: Message;
  /** Source on distributions without the package. */
  readonly elsewhere: string;
}

/**
 * Everything that ocibench knows about one implementation of a container runtime. Each file of this folder that exports a
 * family by default is found by `registry.ts`.
 */
export interface Family {
  /** Id in records and messages, and the name under which it is usually registered. */
  readonly id: string;
  /** Product name, where that differs; null where none is shown. */
  readonly product: string | null;
  /** Position in lists of families, lowest first. */
  readonly order: number;
  /** null: every entry that no other family recognises. */
  readonly recognition: Recognition | null;
  readonly kernel: Kernel;
  /** Shades of one hue for charts; the first is for the runtime named like its family. */
  readonly colors: readonly [string, ...string[]];
  readonly programs: readonly InstalledProgram[];
  /** Extracts the version number from the first line of `--version`; absent: the version is that line. */
  readonly version?: (printed: string) => string;
  /** Day of a version's release, YYYY-MM-DD; null where unknown. */
  readonly released?: (version: string) => string | null;
  /** Source of the current release; absent where unknown. */
  readonly current?: Message;
  /** Global arguments that it needs, in addition to its entry's, when called without an engine. */
  readonly argumentsAlone?: readonly string[];
  readonly settings?: SettingsSource;
  readonly ownNetwork?: OwnNetwork;
  /** Absent where the runtime is a single program. */
  readonly sidecars?: Sidecars;
  /** Absent where the runtime's own program executes containers, or starts them. */
  readonly library?: ExecutingLibrary;
  /** Name of the network stack that its containers use; null where unknown. */
  readonly networkStack: (network: string | null) => Message | null;
  /** Warning about network figures of these runtimes, which are configured to use the host's stack; absent: none. */
  readonly hostNetworkDoubt?: (runtimes: ValueList) => Message;
  readonly role?: RoleOf;
  /** Roles of its processes in addition to the common ones; absent: none. */
  readonly roles?: readonly Role[];
  /** Can the virtual machine run inside the shim, so that it has no process of its own? */
  readonly guestInShim?: boolean;
  readonly overheadCgroups?: OverheadCgroups;
  /** Absent where programs in a container read the host kernel's accounting, or that of a whole guest. */
  readonly accounting?: SandboxAccounting;
  /**
   * Is the upper layer of a container's root file system in the sandbox's memory, so that writes never reach a device?
   */
  readonly rootfsInMemory?: true;
  /** Absent where it has no virtual machines; otherwise its `startLimitMs` replaces the usual timeout of a start. */
  readonly guestConfiguration?: GuestConfiguration;
  readonly ownLog?: OwnLog;
  /**
   * The failure of every start under a program of this version that is registered by `path`; null where it can work. Absent:
   * it always can.
   */
  readonly failureByPath?: (version: string, place: EntryPlace) => KnownFailure | null;
  /** Known failures with their fixes; the first match counts. */
  readonly failures: readonly FailureRule[];
  /** Flags whose values affect the figures and are recorded; other values stay out of results. */
  readonly recordedFlags: readonly string[];
  /** Options of its shim whose values affect the figures and are recorded. */
  readonly recordedOptions: readonly string[];
  readonly packages: readonly FamilyPackage[];
  /**
   * Its entries in the daemon.json of the lab's guest, which has Debian 13's programs and a kernel of this version;
   * absent: none.
   */
  readonly guestEntries?: (
    kernel: string,
  ) => Readonly<Record<string, Pick<RuntimeEntry, 'path' | 'runtimeArgs' | 'runtimeType'>>>;
  /** Checks of doctor for this family. */
  readonly checks: readonly CheckDefinition<FamilyFacts>[];
  /** Note of doctor where the engine uses systemd's cgroup driver. */
  readonly systemdDriverNote?: Message;
  /** Gap in Docker's statistics for its containers; null: none known. */
  readonly missingInStatistics?: (entry: RuntimeEntry) => Message | null;
}
