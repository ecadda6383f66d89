import { expect, test } from 'vitest';
import { argumentsShown } from '../../../../src/features/move/refused/call-names.ts';
import { type FailureOf, isBlamable, refusalIn } from '../../../../src/features/move/refused/refusal.ts';
import { messageIn, Trace } from '../../../../src/features/move/refused/trace.ts';

/** A log of runsc as its messages, `--debug-log-format=json`; times are left out. */
const traceOf = (messages: readonly string[]) => {
  const trace = new Trace(isBlamable);
  for (const msg of messages) {
    const message = messageIn(JSON.stringify({ msg, level: 'info', time: '2026-11-30T12:33:23.7Z' }));
    if (message !== null) trace.add(message);
  }
  return trace;
};
const found = (messages: readonly string[], of: FailureOf = 'service') => refusalIn(traceOf(messages), of);
const shown = (messages: readonly string[], of: FailureOf = 'service') => {
  const refused = found(messages, of);
  return refused === null
    ? null
    : `${refused.call}(${refused.arguments}): ${refused.errno}${refused.named ? ', named' : ''}`;
};

/** lighttpd under runsc 20240729, its last calls. */
const lighttpd = (pid = '   1:   1') => [
  `strace.go:605] [${pid}] lighttpd X rseq(0x7ed71b635000, 0x20, 0x0, 0x53053053) = 0 (0x0) errno=38 (function not implemented) (903ns)`,
  `strace.go:567] [${pid}] lighttpd E write(0x2 host:[3], 0x556f2a475c60 "2026-11-30 12:33:23: (configfile.c.2761) server.upload-dirs /var/tmp: No such file or directory\\n", 0x60)`,
  `strace.go:573] [${pid}] lighttpd E prctl(0x2f, 0x4, 0x0, 0x0, 0x0)`,
  `strace.go:611] [${pid}] lighttpd X prctl(0x2f, 0x4, 0x0, 0x0, 0x0) = 0 (0x0) errno=22 (invalid argument) (1.842µs)`,
  `strace.go:567] [${pid}] lighttpd E write(0x2 host:[3], 0x556f2a475c60 "2026-11-30 12:33:23: (server.c.1910) prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL): Invalid argument\\n", 0x67)`,
  `strace.go:605] [${pid}] lighttpd X write(0x2 host:[3], ..., 0x67) = 103 (0x67) (183.442µs)`,
  `strace.go:561] [${pid}] lighttpd E exit_group(0xffffffff)`,
  `strace.go:599] [${pid}] lighttpd X exit_group(0xffffffff) = 0 (0x0) (1.781µs)`,
];
const ambient = 'prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, …): EINVAL, named';

test('the call whose error the program names', () => {
  expect(found(lighttpd())).toEqual({
    call: 'prctl',
    arguments: 'PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, …',
    errno: 'EINVAL',
    named: true,
    unsupported: false,
  });
  // As newer releases print process ids.
  expect(shown(lighttpd('   1(   1):   1(   1)'))).toBe(ambient);
});

/** A shell whose second child is lighttpd, and which then exits with 3. */
const wrapped = (middle: readonly string[]) => [
  'strace.go:611] [   1:   1] busybox X clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|0x11, 0x0, 0x0, 0x5f76d0, 0x0) = 2 (0x2) (298.937µs)',
  'strace.go:561] [   2:   2] busybox E exit_group(0x0)',
  'strace.go:611] [   1:   1] busybox X clone(CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|0x11, 0x0, 0x0, 0x5f76d0, 0x0) = 3 (0x3) (1.164729ms)',
  'strace.go:608] [   1:   1] busybox X wait4(0xffffffffffffffff, 0x7ed2f15433fc, 0x1, 0x0) = 0 (0x0) errno=10 (no child processes) (542ns)',
  ...middle,
  'strace.go:561] [   1:   1] busybox E exit_group(0x3)',
];

test('a child that ended before its parent did is looked at, too', () => {
  expect(shown(wrapped(lighttpd('   3:   3')))).toBe(ambient);
  // Long before the end it was another matter.
  const work = Array.from({ length: 300 }, () => 'strace.go:559] [   1:   1] busybox E getppid()');
  expect(shown(wrapped([...lighttpd('   3:   3'), ...work]))).toBeNull();
});

test('a file of the kernel that is missing; others are the program’s own matter', () => {
  const python = (path: string) => [
    `strace.go:608] [   1:   1] python3 X openat(AT_FDCWD /, 0x7ee4a9de16d0 ${path}, O_RDONLY|O_CLOEXEC, 0o0) = 0 (0x0) errno=2 (no such file or directory) (6.1µs)`,
    ...Array.from({ length: 600 }, () => 'strace.go:564] [   1:   1] python3 E fstat(0x3, 0x7f00)'),
    'strace.go:608] [   1:   1] python3 X openat(AT_FDCWD /, 0x7ee4a9de16d0 /usr/lib/python3.13/x.py, O_RDONLY|O_CLOEXEC, 0o0) = 0 (0x0) errno=2 (no such file or directory) (6.1µs)',
    `strace.go:567] [   1:   1] python3 E write(0x2 host:[3], 0x7ee4a9d2f350 "FileNotFoundError: [Errno 2] No such file or directory: '${path}'\\n", 0x5f)`,
    'strace.go:567] [   1:   1] python3 E write(0x2 host:[3], , 0x0)',
    'strace.go:561] [   1:   1] python3 E exit_group(0x1)',
  ];
  const path = '/proc/sys/kernel/sched_rt_runtime_us';
  expect(shown(python(path))).toBe(`openat(AT_FDCWD, ${path}, O_RDONLY|O_CLOEXEC, 0o0): ENOENT, named`);
  expect(shown(python('/conf/app.ini'))).toBeNull();
});

/** The calls of `busybox ping` in a health check. */
const ping = (pid: number) => [
  `strace.go:605] [  ${pid}:  ${pid}] busybox X socket(AF_INET, SOCK_RAW|0x0, IPPROTO_ICMP) = 0 (0x0) errno=1 (operation not permitted) (4.174µs)`,
  `strace.go:567] [  ${pid}:  ${pid}] busybox E write(0x1 host:[143], 0x5f89c0 "PING 127.0.0.1 (127.0.0.1): 56 data bytes\\n", 0x2a)`,
  `strace.go:567] [  ${pid}:  ${pid}] busybox E write(0x2 host:[144], 0x7ebe9b607918 "ping: permission denied (are you root?)\\n", 0x28)`,
  `strace.go:561] [  ${pid}:  ${pid}] busybox E exit_group(0x1)`,
];

test('a health check that failed: of what came from outside, the last', () => {
  const server = ['strace.go:559] [   1:   1] busybox E pause()'];
  const raw = 'socket(AF_INET, SOCK_RAW, IPPROTO_ICMP): EPERM, named';
  expect(shown([...server, ...ping(47), ...ping(48)], 'check')).toBe(raw);
  // The server has not ended, and no check has.
  expect(shown([...server, ...ping(48)])).toBeNull();
  expect(shown(server, 'check')).toBeNull();
});

const end = (code: number) => `strace.go:561] [   1:   1] app E exit_group(${`0x${code.toString(16)}`})`;
const failing = (call: string, errno: number) =>
  `strace.go:605] [   1:   1] app X ${call} = 0 (0x0) errno=${errno} (an error) (1µs)`;
const says = (text: string) =>
  `strace.go:567] [   1:   1] app E write(0x2 host:[3], 0x55 "${text}\\n", 0x10)`;

test('without a named error, only what this kernel does not have, shortly before the end', () => {
  expect(shown([failing('setsockopt(0x3 socket:[2], 0x1, 0x3c, 0x7ffd00000000, 0x4)', 92), end(1)])).toBe(
    'setsockopt(0x3 socket:[2], SOL_SOCKET, SO_ZEROCOPY, …): ENOPROTOOPT',
  );
  const unsupported = [
    'compat.go:120] Unsupported syscall prctl(0x3e,0x1,0x0,0x0,0x0,0x0). It is likely that you can safely ignore this message.',
    failing('prctl(0x3e, 0x1, 0x0, 0x0, 0x0)', 22),
    says('cannot start'),
    end(1),
  ];
  expect(found(unsupported)).toMatchObject({ arguments: 'PR_SCHED_CORE, 0x1, …', unsupported: true });
  // A signal is an end as well.
  const signal = 'task_signals.go:200] [   1(   1):   1(   1)] Signal 6, PID: 1: terminating thread group';
  expect(shown([failing('keyctl(0x0, 0x1)', 38), failing('memfd_secret(0x0)', 38), signal])).toBe(
    'memfd_secret(0x0): ENOSYS',
  );
});

test.each([
  // What is refused natively as well, or done in another way.
  ['rseq(0x7e, 0x20, 0x0, 0x53053053)', 38],
  ['bpf(0x0, 0x7ffd, 0x48)', 1],
  ['prctl(0x17, 0x29, 0x0, 0x0, 0x0)', 22],
  ['readlink(0x55 /etc/mtab, 0x7f, 0xfff)', 22],
  ['arch_prctl(0x3001, 0x7ffd)', 22],
  ['fallocate(0x3 /data/x, 0x0, 0x0, 0x1000)', 95],
  ['socket(AF_VSOCK, SOCK_STREAM|SOCK_CLOEXEC, 0x0)', 97],
  // No refusals.
  ['read(0x0, 0x7f, 0x1)', 11],
  ['connect(0x3, 0x7f {Family: AF_INET}, 0x10)', 111],
  ['openat(AT_FDCWD /, 0x7f /conf/x, O_RDONLY, 0o0)', 13],
] as const)('%s is not blamed', (call, errno) => {
  expect(shown([failing(call, errno), end(1)])).toBeNull();
});

test('who names another error, or ended long after, was not ended by a refusal', () => {
  const refused = failing('setsockopt(0x3 socket:[2], 0x1, 0x3c, 0x7ffd00000000, 0x4)', 92);
  expect(shown([refused, says('bind: Address already in use'), end(1)])).toBeNull();
  const work = Array.from({ length: 300 }, () => 'strace.go:559] [   1:   1] app E getppid()');
  expect(shown([refused, ...work, end(1)])).toBeNull();
  expect(shown([failing('memfd_secret(0x0)', 38)])).toBeNull();
});

test('another program in the same process begins anew', () => {
  const execve =
    'strace.go:605] [   1:   1] app X execve(0x55 /bin/app, 0x5f ["app"], 0x5f []) = 0 (0x0) (1ms)';
  expect(shown([failing('memfd_secret(0x0)', 38), execve, end(1)])).toBeNull();
});

test('what a program prints cannot pass for calls, and what is no log is skipped', () => {
  const forged = '[   1:   1] app X prctl(0x2f, 0x4) = 0 (0x0) errno=22 (invalid argument) (1µs)';
  expect(
    shown([`strace.go:567] [   1:   1] app E open(0x55 /tmp/x\n${forged}, O_RDONLY, 0o0)`, end(1)]),
  ).toBeNull();
  for (const line of ['', '{', 'null', '{"msg":1}', forged]) expect(messageIn(line)).toBeNull();
  const trace = new Trace(isBlamable);
  for (let pid = 1; pid < 10_000; pid++) trace.add(`[${pid}:${pid}] sh E getpid()`);
  expect(trace.processes.length).toBeLessThan(5_000);
  expect(refusalIn(new Trace(isBlamable), 'service')).toBeNull();
});

test('numbers that matter have names, and addresses are left out', () => {
  const of = (call: string, ...all: string[]) => argumentsShown(call, all);
  expect(of('prctl', '0x16', '0x2', '0x7ffd12345678')).toBe('PR_SET_SECCOMP, 0x2, …');
  expect(of('getsockopt', '0x5 socket:[1]', '0x6', '0x1a', '0x7f')).toBe(
    '0x5 socket:[1], SOL_TCP, TCP_CC_INFO, …',
  );
  expect(of('setsockopt', '0x5 socket:[1]', 'SOL_SOCKET', 'SO_MARK', '0x7f')).toBe(
    '0x5 socket:[1], SOL_SOCKET, SO_MARK, …',
  );
  expect(of('ioctl', '0x3 /dev/net/tun', '0x400454ca', '0x7ffd')).toBe('0x3 /dev/net/tun, TUNSETIFF, …');
  expect(of('fcntl', '0x3 /memfd:x', '0x409', '0xf')).toBe('0x3 /memfd:x, F_ADD_SEALS, …');
  expect(of('arch_prctl', '0x1023', '0x12')).toBe('ARCH_REQ_XCOMP_PERM, …');
  expect(of('mount', '0x7ffd12345678 none', '0x7ffd12345678 /x', 'null', '0x5')).toBe('none, /x, null, 0x5');
  expect(of('write', 'x'.repeat(999))).toHaveLength(200);
});

test('texts, arguments and environments of calls are not shown: they can be secret', () => {
  const environment = '0x7ffd00 ["POSTGRES_PASSWORD=s3cret", "PATH=/bin"]';
  expect(
    argumentsShown('execve', ['0x55aa00 /srv/app', '0x7f0000 ["app", "--key=s3cret"]', environment]),
  ).toBe('/srv/app, …');
  expect(argumentsShown('sendto', ['0x3', '0x7f000000 "AUTH s3cret"', '0xb', '0x4000'])).toBe(
    '0x3, …, 0xb, 0x4000',
  );
  expect(argumentsShown('getxattr', ['0x7f000000 /srv/a', environment])).not.toContain('s3cret');
});
