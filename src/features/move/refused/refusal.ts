import { plainText } from '../../../report/document/sanitize.ts';
import type { RefusedCall } from '../record.ts';
import { argumentsShown, numberOf } from './call-names.ts';
import { errorName, namesAnyError, namesError } from './errors.ts';
import type { FailedCall, Trace, TracedProcess } from './trace.ts';

/** Errors by which a kernel says that it does not do this at all. */
const refusals: ReadonlySet<string> = new Set([
  'EINVAL',
  'ENOSYS',
  'EOPNOTSUPP',
  'EAFNOSUPPORT',
  'EPROTONOSUPPORT',
  'ESOCKTNOSUPPORT',
  'ENOPROTOOPT',
  'ENODEV',
]);

/** Calls that ask for a feature by their arguments: one that is refused is missing. */
const features: ReadonlySet<string> = new Set(
  [
    'prctl arch_prctl seccomp setsockopt getsockopt socket socketpair bind listen ioctl fcntl mount umount2 unshare',
    'setns clone io_uring_setup io_uring_register io_setup memfd_create memfd_secret userfaultfd fanotify_init',
    'inotify_init1 keyctl add_key bpf ptrace process_vm_readv shmget semget msgget mq_open timer_create splice',
    'sendfile fallocate perf_event_open sched_setattr landlock_create_ruleset pidfd_open quotactl',
  ].flatMap((line) => line.split(' ')),
);

type Ordinary = readonly [calls: RegExp, errors: RegExp, isIt?: (all: readonly string[]) => boolean];

/** The last capability of Linux 6.18 (capabilities(7)): what asks for later ones looks for the last. */
const lastCapability = 40;

/**
 * What is refused in a container of Docker under runc as well: programs ask for it, and go on without. By Docker's seccomp
 * profile or for want of a capability (docs.docker.com/engine/security/seccomp), or by every kernel.
 */
const refusedAnywhere: readonly Ordinary[] = [
  [
    /^(?:bpf|perf_event_open|mount|umount2|unshare|setns|pivot_root|swapon|swapoff|reboot|kexec_\w+|\w+_module)$/,
    /^E(?:PERM|ACCES|NOSYS)$/,
  ],
  [
    /^(?:keyctl|add_key|request_key|userfaultfd|io_uring_\w+|open_by_handle_at|fanotify_init|ptrace|syslog)$/,
    /^E(?:PERM|ACCES|NOSYS)$/,
  ],
  [
    /^(?:settimeofday|clock_settime|clock_adjtime|adjtimex|iopl|ioperm|quotactl|personality|clone3?)$/,
    /^E(?:PERM|NOSYS)$/,
  ],
  [
    /^(?:setpriority|sched_set\w+|ioprio_set|mlock2?|mlockall|setrlimit|prlimit64|mbind|\w+_mempolicy|move_pages)$/,
    /^E(?:PERM|NOSYS|NOMEM)$/,
  ],
  [/^(?:sethostname|setdomainname|capset|setgroups|acct|lookup_dcookie|vhangup|nfsservctl)$/, /^EPERM$/],
  // epoll_ctl(2): of regular files; readlink(2): of what is no link; pipes and terminals have no fsync.
  [/^epoll_ctl$/, /^EPERM$/],
  [/^readlink(?:at)?$|^f(?:data)?sync$|^lseek$|^getsockopt$/, /^E(?:INVAL|SPIPE|OPNOTSUPP)$/],
  [/^[fl]?(?:get|list|set|remove)xattr$/, /^E(?:OPNOTSUPP|NODATA|PERM)$/],
  [/^sched_getaffinity$|^rt_sigaction$|^sigaltstack$|^madvise$|^mincore$|^msync$|^rseq$/, /^EINVAL$/],
  [/^ioctl$/, /^ENOTTY$/],
  [/^arch_prctl$/, /^EINVAL$/, ([code]) => (numberOf(code) ?? 0) > 0x1004],
  [/^prctl$/, /^EINVAL$/, ([option]) => [0x53564d41, 0x59616d61].includes(numberOf(option) ?? 0)],
  // PR_CAPBSET_READ, and PR_CAP_AMBIENT with PR_CAP_AMBIENT_IS_SET.
  [
    /^prctl$/,
    /^EINVAL$/,
    ([option, what, which]) =>
      (numberOf(option) === 23 && (numberOf(what) ?? 0) > lastCapability) ||
      (numberOf(option) === 47 && numberOf(what) === 1 && (numberOf(which) ?? 0) > lastCapability),
  ],
  [/^socket$/, /^E(?:AFNOSUPPORT|PROTONOSUPPORT|PERM)$/, (all) => /NETLINK|AF_ALG|VSOCK/.test(all.join(' '))],
];

/** What C libraries ask for at every start, and do without. */
const ofLibraries: readonly Ordinary[] = [
  [
    /^(?:rseq|set_robust_list|clone3|statx|faccessat2|fchmodat2|mseal|map_shadow_stack)$/,
    /^E(?:NOSYS|INVAL|PERM)$/,
  ],
];

/** What language runtimes and programs do in another way where a kernel does not have it. */
const replaceable: readonly Ordinary[] = [
  [
    /^(?:openat2|close_range|membarrier|copy_file_range|futex_waitv|pidfd_\w+|landlock_\w+|preadv2|pwritev2)$/,
    /^E(?:NOSYS|INVAL|PERM|OPNOTSUPP)$/,
  ],
  [
    /^(?:process_m\w+|cachestat|fallocate|sync_file_range|splice|sendfile)$/,
    /^E(?:NOSYS|INVAL|OPNOTSUPP|PERM)$/,
  ],
  [/^(?:renameat2|memfd_create|io_\w+|ioctl)$/, /^E(?:NOSYS|INVAL|OPNOTSUPP|NODEV)$/],
];

const isAmong = (list: readonly Ordinary[], { name, errno, arguments: all }: FailedCall): boolean =>
  list.some(
    ([calls, errors, isIt]) =>
      calls.test(name) && errors.test(errorName(errno) ?? '') && (isIt === undefined || isIt(all)),
  );

/** Calls of a process between an error and what is written of it, at most: Python first loads what prints it, in 600. */
const mostBetween = 2_000;
/** Calls of a process between the last refusal or a child's end and its own, where nothing names it. */
const mostBeforeEnd = 200;
/** What is written last says why it ends. */
const lastWords = 5;

/** A program that finds no file says so: where that is one of the kernel's, it is a refusal. */
const ofKernel = /^\/(?:proc|sys|dev)\//;

/** Can this call be why its process failed, where the process names the error? */
export function isBlamable(call: FailedCall): boolean {
  const name = errorName(call.errno);
  if (name === null || isAmong(refusedAnywhere, call) || isAmong(ofLibraries, call)) return false;
  if (name !== 'ENOENT' && name !== 'ENOTDIR' && name !== 'EROFS') return true;
  return argumentsShown(call.name, call.arguments)
    .split(', ')
    .some((each) => ofKernel.test(each));
}

/** Raw sockets, which runsc refuses without `--net-raw` and Docker allows. */
const isRawSocket = ({ name, errno, arguments: all }: FailedCall): boolean =>
  name === 'socket' && errorName(errno) === 'EPERM' && /SOCK_RAW|AF_PACKET/.test(all.join(' '));

/** The same where it names none: only what a kernel has or has not. */
function isMissing(call: FailedCall, trace: Trace): boolean {
  const name = errorName(call.errno) ?? '';
  if (isAmong(replaceable, call)) return false;
  if (isRawSocket(call)) return true;
  if (!refusals.has(name)) return false;
  return name === 'ENOSYS' || features.has(call.name) || trace.isUnsupported(call);
}

/** The call whose error a process named in its last words. */
function namedBy({ failed, written }: TracedProcess): FailedCall | null {
  for (const { text, at } of written.slice(-lastWords).toReversed()) {
    const found = failed.findLast(
      (call) => call.at <= at && at - call.at <= mostBetween && namesError(text, call.errno),
    );
    if (found !== undefined) return found;
  }
  return null;
}

/** Did the process end with another code than 0, or by a signal? */
const endedBadly = ({ end }: TracedProcess): boolean => end !== null && end.code !== 0;

/** A process, and below it each time the child whose bad end came shortly before its own. */
function chainOf(process: TracedProcess, trace: Trace): readonly TracedProcess[] {
  const chain = [process];
  for (let last = process; ; ) {
    const [child] = trace.processes
      .filter((each) => endedBadly(each) && trace.parentOf(each) === last && !chain.includes(each))
      .toSorted((a, b) => (b.end?.order ?? 0) - (a.end?.order ?? 0));
    const isNear = last.calls - (child?.end?.parentCalls ?? Number.NEGATIVE_INFINITY) <= mostBeforeEnd;
    if (child === undefined || !isNear) return chain;
    chain.push(child);
    last = child;
  }
}

/** Whose failure is looked at: the service's, which ended, or that of its last health check. */
export type FailureOf = 'service' | 'check';

/** The process that failed; null where it was not seen to. */
function failedProcess(trace: Trace, of: FailureOf): TracedProcess | null {
  const [first, ...others] = trace.processes;
  if (first === undefined) return null;
  if (of === 'service') return first.end === null ? null : first;
  const checks = others
    .filter((each) => endedBadly(each) && trace.parentOf(each) === null)
    .toSorted((a, b) => (b.end?.order ?? 0) - (a.end?.order ?? 0));
  // A signal ends the check that runs when the container is removed.
  return checks.find(({ end }) => end?.code !== null) ?? checks[0] ?? null;
}

/**
 * The last call that was refused before a process ended: the one whose error it named, or, where it named none, one that asks for
 * what this kernel does not have. null where there is none: a call that fails under every kernel is not blamed.
 */
export function refusalIn(trace: Trace, of: FailureOf): RefusedCall | null {
  const process = failedProcess(trace, of);
  if (process === null) return null;
  const chain = chainOf(process, trace);
  for (const each of chain) {
    const call = namedBy(each);
    if (call !== null) return described(call, trace, true);
  }
  // It says of what it died, and that is none of these.
  if (chain.some(({ written }) => written.slice(-lastWords).some(({ text }) => namesAnyError(text))))
    return null;
  const last = chain.at(-1) ?? process;
  const call = last.failed.findLast(
    (each) => last.calls - each.at <= mostBeforeEnd && isMissing(each, trace),
  );
  return call === undefined ? null : described(call, trace, false);
}

function described(call: FailedCall, trace: Trace, isNamed: boolean): RefusedCall {
  return {
    call: call.name,
    arguments: plainText(argumentsShown(call.name, call.arguments)),
    errno: errorName(call.errno) ?? String(call.errno),
    named: isNamed,
    unsupported: trace.isUnsupported(call),
  };
}
