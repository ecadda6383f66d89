import { messages } from '../../../src/core/messages/define.ts';

/** What separates a container from the host. */
export default messages('metric', {
  'isolation.syscalls_answered': 'system calls that answer',
  'isolation.syscalls_refused': 'system calls that are refused',
  'isolation.syscalls_absent': 'system calls that are absent',
  'isolation.syscalls_ended': 'system calls that end the process',
  'isolation.capabilities': 'capabilities',
  'isolation.devices': 'entries of /dev',
  'isolation.mounts': 'mounts',
  'isolation.mounts_writable': 'writable mounts',
  'isolation.cpus': 'CPUs inside',
  'isolation.memory': 'memory inside (MemTotal)',
});
