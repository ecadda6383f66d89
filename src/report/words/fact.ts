import { external } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { lookup } from '../../core/model/lookup.ts';

const facts = messages('fact', {
  'kernel.release': 'kernel inside',
  'kernel.version': 'version of that kernel',
  'syscalls.answered': 'system calls that answer',
  'syscalls.ended': 'system calls that end the process (numbers)',
  'syscalls.skipped': 'system calls not tried (numbers)',
  'seccomp.mode': 'seccomp, as told inside',
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
});

/** Name of a fact, or its id where it has none. */
export function factName(id: string): Message {
  return lookup(facts, id) ?? external(id);
}
