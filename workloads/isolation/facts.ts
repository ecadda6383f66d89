import { messages, notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { lookup } from '../../src/core/model/nearest.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Fact, MetricDefinition, ParsedValue } from '../../src/core/model/workload/metric.ts';
import { droppedCapabilities, type Workload } from '../../src/core/model/workload/workload.ts';
import { capabilityNames, isolationScript, readIsolation } from '../lib/isolation.ts';

const words = messages('workload.isolation', {
  notTold: 'not told',
  none: 'none',
  yes: 'yes',
  no: 'no',
  off: 'off',
  strict: 'strict',
  filter: 'filter',
  ownRoot: 'its own root',
  oneLevel: 'one level, named by the container',
  enginePath: 'the engine’s path, on the host or in a guest',
  logRefused: 'refused',
  logGvisor: 'readable, written by gVisor',
  logLinux: 'readable, of a Linux kernel',
  logEmpty: 'readable, empty',
  logOther: 'readable',
  containerId: 'the container’s id',
  answered: '{n}, refused {refused}, absent {absent}',
  kib: '{n} KiB',
  title: 'What a container can see and ask for',
});

const says = notices('workload.isolation', {
  unknownMachine:
    'the numbers of system calls on {machine} are not known: add them to workloads/lib/isolation-script.ts',
  noAnswer: 'no system call answered, and yet the program ran',
  noMask: 'no mask of capabilities: {output}',
});

const metrics: readonly MetricDefinition[] = [
  count(
    'isolation.syscalls_answered',
    'system calls that the kernel inside carries out or refuses for their arguments',
  ),
  count(
    'isolation.syscalls_refused',
    'system calls that end in EPERM: a filter (Docker’s seccomp profile) or a capability',
  ),
  count('isolation.syscalls_absent', 'system calls that end in ENOSYS'),
  count('isolation.syscalls_ended', 'system calls that ended the process that made them'),
  count('isolation.capabilities', 'effective capabilities (CapEff of /proc/self/status)'),
  count('isolation.devices', 'entries of /dev'),
  count('isolation.mounts', 'mounts (/proc/self/mounts)'),
  count('isolation.mounts_writable', 'mounts among them that are not read-only'),
  count('isolation.cpus', 'processors in /proc/cpuinfo'),
  {
    id: 'isolation.memory',
    unit: 'bytes',
    better: 'neither',
    description: 'MemTotal of /proc/meminfo, as the container sees it',
  },
];

function count(id: string, description: string): MetricDefinition {
  return { id, unit: 'count', better: 'neither', description };
}

/** `none` instead of an empty value, which would look like a fact that was not examined. */
function orNone(text: string): Message | string {
  return text === '' ? words.none : text;
}

function seccompOf(mode: string): Message | string {
  const modes: Readonly<Record<string, Message | string>> = {
    '': words.notTold,
    '0': words.off,
    '1': words.strict,
    '2': words.filter,
  };
  return lookup(modes, mode) ?? mode;
}

/**
 * The visible part of a hierarchy in the paths, without ids, which differ between trials. Kata creates the cgroup that the
 * engine named in the guest's hierarchy, so the path alone does not show whether it is the host's.
 */
function cgroupOf(paths: readonly string[]): Message | string {
  if (paths.length === 0) return words.none;
  const shown = paths.map((entry) => entry.split(':').slice(2).join(':'));
  if (shown.every((path) => path === '/')) return words.ownRoot;
  if (shown.every((path) => /^\/[^/]*$/.test(path))) return words.oneLevel;
  return words.enginePath;
}

const dmesgWords: Readonly<Record<string, Message>> = {
  refused: words.logRefused,
  gvisor: words.logGvisor,
  linux: words.logLinux,
  empty: words.logEmpty,
  other: words.logOther,
};

const facts: Workload = {
  id: 'isolation/facts',
  category: 'isolation',
  image: 'calibration',
  title: words.title,
  description: `What the cost buys: facts, not timings. A Perl program reads what a process in the container can see of the machine
(kernel release, devices, mounts, CPUs, memory, log of the kernel) and what it may do (capabilities, seccomp), and makes every
system call once with arguments that cannot be valid.

A system call *answers* where it succeeds or is refused for its arguments; it is *refused* where it ends in EPERM, as
Docker's seccomp profile and missing capabilities make it; it is *absent* where it ends in ENOSYS. The count is of the kernel
that the container talks to. Under runc and crun that is the host's, which every call that answers reaches. Under gVisor it is
the sentry, a process that Docker's profile does not bind (its count may well be close to runc's) and that itself
may make only a few dozen calls to the host. Under Kata it is a guest's. So neither direction is better, and the number only
says something beside the kernel's release.

Two ways of refusing look alike: EPERM does not tell a filter from a missing capability, and runtimes differ in what
their filters answer for calls newer than they know (runc ENOSYS, crun EPERM), which says nothing about isolation.
A call that *ends* the process that made it exists: \`uretprobe\` (335 on x86-64) is one since Linux 6.11. Newer kernels
let it past every seccomp filter (kernel/seccomp.c), and seccomp is what gVisor's systrap catches calls with: there it was the
host's kernel that ended the process (release 20240729 on Linux 6.18), where under ptrace, and under systrap of release
20260817, the sentry says ENOSYS. gVisor's kernel calls itself 4.4.0, and 4.19.0-gvisor since release-20260427.

Not tried are calls that end or copy the process, wait for ever, stop the machine, or make the host write out its caches.`,
  parameters: {},
  presets: { quick: [{}], standard: [{}], full: [{}], lab: [{}], hardening: [{}] },
  metrics,
  precision: 0.05,
  maxBlocks: 1,
  observe: { kind: 'nothing' },
  container: () => ({
    command: ['/usr/bin/perl', '-e', isolationScript],
    needs: {
      because: "it tells what a container of Docker's may do by default",
      capabilities: droppedCapabilities,
    },
    timeoutMs: 30_000,
  }),
  parse({ stdout }): readonly ParsedValue[] {
    const { text, words, number, calls } = readIsolation(stdout);
    if (calls.answered === 0) throw new ParseError(says.noAnswer);
    const values: Readonly<Record<string, number>> = {
      'isolation.syscalls_answered': calls.answered,
      'isolation.syscalls_refused': calls.refused,
      'isolation.syscalls_absent': calls.absent,
      'isolation.syscalls_ended': words('calls_ended').length,
      'isolation.capabilities': capabilitiesOf(text('capabilities')).length,
      'isolation.devices': words('devices').length,
      'isolation.mounts': number('mounts', 1, 1e5),
      'isolation.mounts_writable': words('mounts_writable').length,
      'isolation.cpus': number('cpus', 1, 1e5),
      // 64 PiB: more than any machine has.
      'isolation.memory': number('memory_kib', 1, 2 ** 46) * 1024,
    };
    return metrics.map(({ id, unit, better }) => ({
      metric: id,
      unit,
      better,
      value: values[id] ?? Number.NaN,
    }));
  },
  facts({ stdout }): readonly Fact[] {
    const { text, words: wordsOf, number, calls } = readIsolation(stdout);
    const capabilities = capabilitiesOf(text('capabilities'));
    const list = (name: string) => `${wordsOf(name).length}: ${text(name) || words.none.text}`;
    const hostname = text('hostname');
    return Object.entries({
      'kernel.release': orNone(text('release')),
      'kernel.version': orNone(text('version')),
      'syscalls.answered': words.answered({
        n: calls.answered,
        refused: calls.refused,
        absent: calls.absent,
      }),
      'syscalls.ended': orNone(text('calls_ended')),
      'syscalls.skipped': orNone(text('calls_skipped')),
      'seccomp.mode': seccompOf(text('seccomp')),
      no_new_privileges:
        lookup({ '1': words.yes, '0': words.no, '': words.notTold }, text('no_new_privs')) ??
        text('no_new_privs'),
      capabilities: `${capabilities.length}: ${capabilities.join(' ') || words.none.text} (${text('capabilities')})`,
      'security.label': orNone(text('label')),
      'user.mapping': orNone(text('uid_map')),
      hostname: /^[0-9a-f]{12}$/.test(hostname) ? words.containerId : hostname,
      'cgroup.visible': cgroupOf(wordsOf('cgroup')),
      'kernel.log': lookup(dmesgWords, text('dmesg')) ?? text('dmesg'),
      devices: list('devices'),
      'mounts.all': String(number('mounts', 1, 1e5)),
      'mounts.writable': list('mounts_writable'),
      'cpu.model': orNone(text('cpu_model')),
      'cpu.count': text('cpus'),
      'memory.total': words.kib({ n: text('memory_kib') }),
      'processes.visible': text('processes'),
      'network.interfaces': orNone(text('interfaces')),
    }).map(([id, value]) => ({ id, value }));
  },
  refused({ stderr }) {
    const machine = /^the system calls of (\S{1,40}) are not known$/m.exec(stderr)?.[1];
    return machine === undefined ? null : says.unknownMachine({ machine });
  },
};
export default facts;

function capabilitiesOf(hex: string): readonly string[] {
  if (!/^[0-9a-f]{16}$/.test(hex))
    throw new ParseError(says.noMask({ output: JSON.stringify(hex.slice(0, 40)) }));
  return capabilityNames(hex);
}
