import type { Message, ValueList } from '../messages/message.ts';
import type { TaughtId } from '../model/analysis.ts';
import type { CheckDefinition } from '../model/check.ts';
import type { EngineFacts, HostFacts } from '../model/host.ts';
import type { RuntimeEntry, RuntimeFacts } from '../model/runtime.ts';
import type { ProcessRole } from '../model/trial.ts';
import type { FailureRule, KvmState } from './failure-rule.ts';
import type { Role } from './role.ts';

/** How an entry is recognised by the program that it executes, or else by its name. */
interface Recognition {
  readonly pattern: RegExp;
  /** Families are asked in this order, lowest first: a name that is part of others' (`runc` of `kata-runc`) comes late. */
  readonly priority: number;
}

/** Whose kernel the processes of a container call. `unknown`: it may also be a virtual machine's. */
type Kernel = 'host' | 'sandbox' | 'guest' | 'unknown';

/** A program by which the family shows that it is installed. */
export interface InstalledProgram {
  readonly name: string;
  /** The entry that is compared where no daemon.json registers any; null: none. `present`: all programs that were found. */
  readonly entry: (found: {
    readonly present: readonly string[];
    readonly withoutNetwork: boolean;
  }) => Omit<RuntimeEntry, 'origin'> | null;
}

/** What a family is set to do, as far as it moves results. */
export interface Settings {
  readonly platform: string;
  readonly network: string;
}

/** How the settings of an entry are found. */
interface SettingsSource {
  readonly fromArguments: (runtimeArgs: readonly string[]) => Settings;
  /** Where the shim looks for its configuration unless `options.ConfigPath` names a file. */
  readonly file: string;
  readonly fromFile: (text: string) => Settings;
}

/** A network stack of its own that does not work with every kernel. */
interface OwnNetwork {
  /** The program whose version decides. */
  readonly program: string;
  /** A file whose presence in a fresh network namespace breaks it. */
  readonly probe: string;
  /** `visible`: was the file seen in a fresh namespace? Null where that could not be tried. */
  readonly fails: (version: string, visible: boolean | null, kernel: string) => boolean;
}

/** The role of a process, by the name it was started under: a common one or one of `roles`; null: none of this family's. */
type RoleOf = (name: string, argv: readonly string[], comm: string) => ProcessRole | null;

/** Cgroups into which the runtime puts what a sandbox costs beside its container. Paths are relative to a hierarchy's root. */
interface OverheadCgroups {
  /** Those of all sandboxes. */
  readonly shared: readonly string[];
  /** Those of one sandbox. Throws RangeError unless `containerId` is a full id: what is named here gets removed. */
  readonly of: (containerId: string) => readonly string[];
  /** The container that a cgroup of the runtime's belongs to, by the cgroup's name; null for any other name. */
  readonly containerOf: (name: string) => string | null;
}

/** What is known when a family is checked on this host. */
export interface FamilyFacts {
  /** The family's runtimes, tried; empty where none could be. */
  readonly runtimes: readonly Pick<RuntimeFacts, 'entry' | 'family' | 'version' | 'network' | 'preflight'>[];
  readonly engine: EngineFacts;
  readonly host: HostFacts;
  /** Null where they cannot be looked at. */
  readonly devices: HostDevices | null;
}

/** What virtual machines need of their host and cannot bring along. */
export interface HostDevices {
  readonly kvm: KvmState;
  /** Is there a /dev/vhost-vsock? */
  readonly vsock: boolean;
  /** /dev/log: a socket, nothing, or a link that leads nowhere. */
  readonly syslog: 'socket' | 'missing' | 'dangling';
}

/** Accounts that a sandbox keeps of its own processes, beside the host's: calibration compares the two. */
interface SandboxAccounting {
  /** Largest error of the CPU time that a program reads of itself: ns, and as a share. The host counts what the sandbox does for it besides. */
  readonly cpuError: { readonly ns: number; readonly share: number };
  /** Has each process of the container one or more on the host, so that the host counts no fewer? */
  readonly extraProcesses: boolean;
}

/** What courses teach about a family: `analyze/taught-claims.ts` compares it with a run. */
export interface Taught {
  readonly id: TaughtId;
  /** What it says, message `section.taught.claim.<id>`. */
  readonly statement: Message;
  /** Place among all statements, lowest first. */
  readonly order: number;
  /** The families of the baselines that it compares to: one, or all whose containers call the host's kernel. */
  readonly against: 'host-kernel' | string;
  readonly about: 'speed' | 'start' | 'memory';
  /** What the statement says of the cost. */
  readonly claim: 'cheaper' | 'costlier' | { readonly atLeast: number; readonly atMost: number };
}

/** A Debian package that brings a runtime to compare. */
export interface FamilyPackage {
  readonly program: string;
  readonly package: string;
  readonly why: Message;
  /** Where else to get it, for distributions without the package. */
  readonly elsewhere: string;
}

/**
 * One implementation of a container runtime: everything that is known of it. A family is a file of this folder that exports
 * one of these by default; `registry.ts` finds it.
 */
export interface Family {
  /** In records and messages, and the name under which it is usually registered. */
  readonly id: string;
  /** What people call it, where that is another name; null where it has none to show. */
  readonly product: string | null;
  /** Place in lists of families, lowest first. */
  readonly order: number;
  /** Null: what no other family recognises. */
  readonly recognition: Recognition | null;
  readonly kernel: Kernel;
  /** Shades of one hue for charts; the first is that of the runtime called as its family. */
  readonly colors: readonly [string, ...string[]];
  readonly programs: readonly InstalledProgram[];
  /** The version as a plain number, from what `--version` prints first; absent: what is printed. */
  readonly version?: (printed: string) => string;
  /** Global arguments that it needs beside those of its entry where it is called without an engine. */
  readonly argumentsAlone?: readonly string[];
  readonly settings?: SettingsSource;
  readonly ownNetwork?: OwnNetwork;
  /** Whose network stack its containers use; null where that cannot be known. */
  readonly networkStack: (network: string | null) => Message | null;
  /** What is doubted of network figures of these runtimes, which were told to use the host's stack; absent: nothing. */
  readonly hostNetworkDoubt?: (runtimes: ValueList) => Message;
  readonly role?: RoleOf;
  /** What its processes can be to a container beside the common roles; absent: nothing else. */
  readonly roles?: readonly Role[];
  /** Can the virtual machine be inside the shim, so that no process of its own shows it? */
  readonly guestInShim?: boolean;
  readonly overheadCgroups?: OverheadCgroups;
  /** Absent: programs read the accounts of the kernel that the host reads too, or that of a whole guest. */
  readonly accounting?: SandboxAccounting;
  /** Is the upper layer of a container's root file system memory of the sandbox, so that nothing written there reaches a device? */
  readonly rootfsInMemory?: true;
  /** How long a start may take before it is given up, ms; absent: as for most runtimes. */
  readonly startLimitMs?: number;
  /** Known failures with what helps; the first that matches counts. */
  readonly failures: readonly FailureRule[];
  /** Flags whose values decide the figures and are recorded; any other value stays out of results. */
  readonly recordedFlags: readonly string[];
  /** The same for `options` of a shim. */
  readonly recordedOptions: readonly string[];
  readonly packages: readonly FamilyPackage[];
  /** Its entries in the daemon.json of the lab's guest, whose programs are Debian's; absent: none. */
  readonly guestEntries?: Readonly<
    Record<string, Pick<RuntimeEntry, 'path' | 'runtimeArgs' | 'runtimeType'>>
  >;
  /** What doctor looks at where such a runtime is to be measured. */
  readonly checks: readonly CheckDefinition<FamilyFacts>[];
  /** What doctor adds where the engine places containers through systemd. */
  readonly systemdDriverNote?: Message;
  /** What Docker's statistics leave out of its containers; null: nothing that is known. */
  readonly missingInStatistics?: (entry: RuntimeEntry) => Message | null;
  readonly taught: readonly Taught[];
}
