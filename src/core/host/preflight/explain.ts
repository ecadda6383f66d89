import { type Reason, reasons } from '../../messages/define.ts';
import { recorded } from '../../messages/record.ts';
import { daemonSettings } from '../../model/runtime/engine-kind.ts';
import { shimType } from '../../runtimes/entry.ts';
import { failureRules, namelessLimit } from '../../runtimes/failure-row.ts';
import {
  commandByHand,
  type FailureRule,
  type KnownFailure,
  type PreflightContext,
  type RuleContext,
  registerShim,
} from '../../runtimes/failure-rule.ts';
import { familyOf, familyOfEntry, recognised } from '../../runtimes/registry.ts';
import { runtimeFailures } from './runtime-failures.ts';

/** Resource limits by number, those commonly set by `default-ulimits`. */
const limitNames: Readonly<Record<string, string>> = {
  3: 'stack',
  4: 'core',
  6: 'nproc',
  7: 'nofile',
  8: 'memlock',
};

/** Part of a daemon.json key for a limit: `.nofile`; empty for an unknown limit. */
function limitName(number: string, name: string): string {
  const known = name === '' ? limitNames[number] : name.toLowerCase();
  return known === undefined ? '' : `.${known}`;
}

/** Failures of the host's cgroups and of the daemon's settings. Order matters: the first match counts. */
const hostFailures = failureRules(
  [
    [
      /controller `(?<controller>\w+)` is not available|mandatory cgroup controller "(?<controller>\w+)" is missing|NanoCPUs can not be set/,
      'cgroup-controller-missing',
      'the cgroup controller {controller} is not available to containers',
      'enable it:  echo +{controller} > /sys/fs/cgroup/cgroup.subtree_control ; if /sys/fs/cgroup/cgroup.controllers does not list it, v1 holds it: boot with systemd.unified_cgroup_hierarchy=1 and without cgroup_disable=',
    ],
    [
      /cannot open sd-bus|system_bus_socket|\/run\/systemd\/private: (?:connect|no such)/,
      'systemd-bus-missing',
      'the systemd cgroup driver needs D-Bus and a running systemd, but neither answers',
      'apt-get install dbus && systemctl start dbus; or set "exec-opts": ["native.cgroupdriver=cgroupfs"] in {file}; {restart}',
    ],
    [/wrong rlimit value: RLIMIT_(?::|$)|invalid rlimit `?RLIMIT_(?![A-Z])/, ...namelessLimit],
    [
      // runc names the limit by number (asm-generic/resource.h), crun by name.
      /error setting rlimit type (?<number>\d+)|setrlimit `?RLIMIT_(?<word>\w+)/,
      'rlimit',
      'the daemon gives containers a limit (default-ulimits{limit}) above its own hard limit, and may not raise it',
      'lower "default-ulimits"{limit} in {file} to the daemon\'s own limit (prlimit --pid "$(pidof dockerd)"), or raise that one (LimitNOFILE= and the like in docker.service); {restart}',
    ],
  ],
  { controller: () => 'cpu', limit: (_, { number = '', word = '' }) => limitName(number, word) },
);

/**
 * The image lacks the command, so the runtime is not to blame. Precedes all other rules, because the text resembles
 * that of a missing runtime.
 */
const commandFailure = failureRules([
  [
    /unable to start container process: exec: "(?<program>[^"]+)"|executable file `(?<program>[^`]+)` not found/,
    'command-missing',
    'the image has no program {program}; the runtime itself got as far as starting it',
    'remove the image; ocibench then builds it again',
  ],
]);

export type { PreflightContext } from '../../runtimes/failure-rule.ts';

const text = reasons('preflight', {
  shimByPath: {
    message: '{path} is a containerd shim, but dockerd calls the program under "path" as an OCI runtime',
  },
  startFailed: {
    message: 'the engine could not start a container with this runtime, for an unknown reason',
    fix: "read the engine's error message, and try by hand:  {command}",
  },
});

/** Why a runtime cannot run here, and how to fix it, in the form of records. `code` is stable. */
export type FailureExplanation = { readonly code: string } & ReturnType<typeof explained>;

const explained = ({ message, fix }: Pick<Reason, 'message' | 'fix'>) => recorded({ reason: message, fix });

/** A family's rules precede those for any runtime. */
const rules: readonly FailureRule[] = [
  ...commandFailure,
  ...recognised.flatMap(({ failures }) => failures),
  ...familyOf(undefined).failures,
  ...hostFailures,
  ...runtimeFailures,
];

/**
 * Why an entry whose `path` leads to a containerd shim, or to a program of this version that is no OCI runtime, cannot start
 * any container; null where it may. Known without a start. `version`: null where it is unknown.
 */
export function entryFailure(
  context: Pick<PreflightContext, 'entry' | 'engine' | 'daemonJson'>,
  version: string | null,
): KnownFailure | null {
  const { entry, engine } = context;
  const file = context.daemonJson ?? daemonSettings(engine ?? { kind: 'docker' }).file;
  // Podman takes no type in the place of a program.
  const isPodman = engine?.kind === 'podman' || engine?.product === 'Podman';
  if (entry.path === undefined || isPodman) return null;
  const place = { entry, file, ...(engine === undefined ? {} : { engine }) };
  const type = shimType(entry.path);
  if (type !== null) {
    const reason = text.shimByPath({ path: entry.path, fix: registerShim(type, place) });
    return { ...reason, code: 'shim-by-path' };
  }
  return version === null ? null : (familyOfEntry(entry).failureByPath?.(version, place) ?? null);
}

/**
 * Explains the engine's error about a runtime that could not start a container. The text may have any of Docker's
 * prefixes. An unknown failure gets the code `start-failed` and how to investigate. For a start that never answered,
 * pass a text such as `no answer within 30 s`.
 */
export function explainPreflight(error: string, context: PreflightContext): FailureExplanation {
  const known: RuleContext = {
    ...context,
    family: familyOfEntry(context.entry).id,
    file: context.daemonJson ?? daemonSettings(context.engine ?? { kind: 'docker' }).file,
  };
  const failure = entryFailure(context, null);
  if (failure !== null) return { code: failure.code, ...explained(failure) };
  for (const rule of rules) {
    if (rule.families !== undefined && !rule.families.includes(known.family)) continue;
    const found = rule.match.exec(error);
    if (found === null) continue;
    const groups = found.groups ?? {};
    if (rule.when !== undefined && !rule.when(known, groups)) continue;
    return { code: rule.code, ...explained(rule.explain(known, groups)) };
  }
  return { code: 'start-failed', ...explained(text.startFailed({ command: commandByHand(known) })) };
}
