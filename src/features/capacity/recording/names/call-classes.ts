import type { CallClass } from '../recording.ts';

/** Class → names of its calls; unlisted calls are `other`. */
const members: Readonly<Record<Exclude<CallClass, 'other'>, string>> = {
  // Calls that a kernel answers from its own memory: they cost only the trap.
  trap: `getpid getppid gettid getuid geteuid getgid getegid getresuid getresgid getpgid getpgrp getsid getcpu
    clock_gettime clock_getres gettimeofday time times uname sysinfo getrusage getrlimit prlimit64 umask sched_yield
    sched_getaffinity getpriority rt_sigprocmask rt_sigaction rt_sigreturn sigaltstack rt_sigpending set_tid_address
    set_robust_list get_robust_list rseq arch_prctl getrandom membarrier lseek fcntl dup dup2 dup3 close`,
  read: 'read readv pread64 preadv preadv2 getdents getdents64 readahead',
  write: `write writev pwrite64 pwritev pwritev2 fsync fdatasync sync_file_range fallocate ftruncate
    sendfile splice tee vmsplice copy_file_range`,
  // Calls that resolve a path, or query a file by descriptor: under gVisor they go through the gofer.
  open: `open openat openat2 creat stat lstat fstat newfstatat statx access faccessat faccessat2 readlink readlinkat
    unlink unlinkat rename renameat renameat2 mkdir mkdirat rmdir link linkat symlink symlinkat chmod fchmod fchmodat
    fchmodat2 chown fchown lchown fchownat truncate utime utimes utimensat futimesat chdir fchdir getcwd statfs fstatfs
    mknod mknodat chroot getxattr lgetxattr fgetxattr setxattr lsetxattr fsetxattr listxattr llistxattr flistxattr
    removexattr lremovexattr fremovexattr inotify_add_watch inotify_rm_watch flock`,
  socket: `socket socketpair bind listen accept accept4 connect shutdown sendto recvfrom sendmsg recvmsg sendmmsg
    recvmmsg getsockname getpeername setsockopt getsockopt`,
  wait: `poll ppoll select pselect6 epoll_wait epoll_pwait epoll_pwait2 nanosleep clock_nanosleep pause
    rt_sigsuspend rt_sigtimedwait wait4 waitid io_getevents io_pgetevents io_uring_enter epoll_create epoll_create1
    epoll_ctl eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime signalfd signalfd4 inotify_init
    inotify_init1 pipe pipe2`,
  futex: 'futex futex_wait futex_wake futex_waitv futex_requeue',
  memory: `mmap munmap mprotect mremap madvise brk msync mincore mlock mlock2 munlock mlockall munlockall memfd_create
    shmget shmat shmdt shmctl mbind set_mempolicy get_mempolicy move_pages process_madvise pkey_mprotect`,
  process: `clone clone3 fork vfork execve execveat exit exit_group kill tkill tgkill setpgid setsid prctl
    setuid setgid setresuid setresgid setreuid setregid setgroups capset capget pidfd_open pidfd_send_signal
    pidfd_getfd unshare setns ptrace seccomp sched_setaffinity setpriority setrlimit`,
};

const classes = new Map<string, CallClass>(
  Object.entries(members).flatMap(([each, names]) =>
    names.split(/\s+/).map((name) => [name, each as CallClass] as const),
  ),
);

/** The class of a system call. */
export function classOf(name: string): CallClass {
  return classes.get(name) ?? 'other';
}

/** Calls whose result is a number of bytes. */
export const byteCalls: readonly string[] =
  `read readv pread64 preadv preadv2 getdents getdents64 write writev pwrite64 pwritev pwritev2 sendfile splice tee
  vmsplice copy_file_range sendto recvfrom sendmsg recvmsg`.split(/\s+/);

/** Calls that do not return to their caller, and so have no duration. */
export const endlessCalls: readonly string[] = ['exit', 'exit_group', 'rt_sigreturn'];
