import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { lookup } from '../../core/model/nearest.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import type { Family } from '../../core/runtimes/family.ts';

type CostCategory = Exclude<Category, 'isolation'>;

const host: Readonly<Record<CostCategory, Message>> = messages('architecture.host', {
  startup:
    'The host’s kernel creates the namespaces, cgroups and mounts for every runtime of this kind. Only the program that asks for them differs. That program runs only while a container starts or stops.',
  syscall:
    'A system call goes from the program to the host’s kernel. No part of the runtime is in between once the container runs.',
  io: 'The host’s kernel reads and writes the files. No part of the runtime is in between once the container runs.',
  memory:
    'The container is a process of the host. Beside it, only the engine’s shim holds memory: the runtime’s own program has ended.',
  cpu: 'The program runs on the processor as any process of the host does.',
  network: 'Packets go through the host’s kernel, over the same virtual interface and bridge.',
  app: 'A running application meets the host’s kernel alone, as any process does.',
  sandbox:
    'The runtime’s program joins a command to the namespaces of its sandbox, and ends. These programs differ in how long they take.',
  agent: 'The processes of a job meet only the host’s kernel, as any others do.',
  restore: 'CRIU makes the processes again, one system call after the other, before any of them runs.',
  density:
    'Each further sandbox holds its processes and the engine’s shim. All share one copy of each program.',
});

const sandbox: Readonly<Record<CostCategory, Message>> = messages('architecture.sandbox', {
  startup:
    'A kernel in user space and its helpers are started and set up before the first instruction of the program.',
  syscall:
    'A system call does not go to the host’s kernel: a kernel in user space intercepts and answers it. The less the call does, the more this detour weighs.',
  io: 'Each open, read and write is a system call of the kernel in user space. That kernel has its own file systems, and asks the host for files that it does not hold.',
  memory:
    'Every sandbox has a kernel in user space and helpers of its own, which hold memory before the program does.',
  cpu: 'Instructions run on the processor as they are. Only system calls, page faults and signals take the longer way.',
  network:
    'Packets go through the network stack of the kernel in user space, then through the host’s. A runtime may be set to use the host’s alone.',
  app: 'An application pays for its system calls and page faults, not for its own computing. The more it asks of a kernel, the more it costs.',
  sandbox: 'The kernel in user space starts a command, and a program of the host waits for its end.',
  agent:
    'The kernel in user space answers each system call and page fault of a job. The more a job calls a kernel, the more it costs.',
  restore:
    'The kernel in user space reads its own state back, and memory when it is touched. The host does not create the service’s processes again.',
  density: 'Each further sandbox holds a kernel in user space of its own. They share only its program.',
});

const guest: Readonly<Record<CostCategory, Message>> = messages('architecture.guest', {
  startup: 'A virtual machine with a kernel and an agent is started before the program.',
  syscall:
    'A system call goes to the guest’s kernel. It leaves the virtual machine only if a device of the host is needed.',
  io: 'Files are reached through a virtual device or a file system shared with the host: each request leaves the virtual machine.',
  memory:
    'Every sandbox has a guest’s kernel, an agent and a virtual machine monitor, which hold memory before the program does.',
  cpu: 'Instructions run on the processor under hardware virtualisation. Translating the guest’s addresses takes a second step.',
  network: 'Packets go through the guest’s network stack, a virtual device, and then the host’s.',
  app: 'An application pays where its work leaves the virtual machine: for files, packets and memory.',
  sandbox: 'The agent in the guest starts a command, which the runtime asks for over a socket.',
  agent: 'A job costs more where it leaves the virtual machine: for files, packets and memory.',
  restore: 'A checkpoint is one of the whole virtual machine, where the runtime has one.',
  density: 'Each further sandbox holds a guest’s kernel, an agent and a virtual machine monitor.',
});

const explanations: Readonly<Partial<Record<Family['kernel'], typeof host>>> = { host, sandbox, guest };

/** How the architecture of a family explains its costs in a category; null if the architecture is unknown, or costs nothing. */
export function whyOf({ kernel }: Pick<Family, 'kernel'>, category: Category): Message | null {
  return category === 'isolation' ? null : (explanations[kernel]?.[category] ?? null);
}

const facts = messages('fact', {
  'kernel.release': 'kernel inside',
  'kernel.version': 'version of that kernel',
  'syscalls.answered': 'system calls available',
  'syscalls.ended': 'system calls that end the process (numbers)',
  'syscalls.skipped': 'system calls not tried (numbers)',
  'seccomp.mode': 'seccomp, as seen inside',
  no_new_privileges: 'no new privileges',
  capabilities: 'capabilities',
  'security.label': 'label of the security module',
  'user.mapping': 'user ids inside, outside, how many',
  hostname: 'name of the host inside',
  'cgroup.visible': 'what /proc/self/cgroup shows',
  'kernel.log': 'log of the kernel (dmesg)',
  devices: 'entries of /dev',
  'mounts.all': 'mounts',
  'mounts.writable': 'writable mounts',
  'cpu.model': 'CPU model inside',
  'cpu.count': 'CPUs inside',
  'memory.total': 'memory inside (MemTotal)',
  'processes.visible': 'processes inside',
  'network.interfaces': 'network interfaces',
  'network.mode': 'network mode',
  'limit.ended-by': 'ended by',
  'limit.exit-code': 'exit code',
  'limit.engine-says-oom': 'OOM kill, as the engine says',
  'smallest.starts': 'does a container start',
  'tti.failure': 'why a sandbox failed',
  'density.knee': 'why no more were added',
  'density.failure': 'why a start failed',
  'density.limit': 'what limits the estimate',
});

/** Name of a fact, or its id if it has none. */
export function factName(id: string): Message {
  return lookup(facts, id) ?? external(id);
}
