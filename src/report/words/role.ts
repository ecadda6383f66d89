import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { ProcessRole } from '../../model/trial.ts';

export const roleNames: Readonly<Record<ProcessRole, Message>> = messages('role', {
  workload: 'workload',
  sentry: 'sentry (gVisor kernel)',
  gofer: 'gofer (gVisor files)',
  stub: 'stub (gVisor)',
  shim: 'containerd shim',
  runtime: 'runtime process',
  vmm: 'virtual machine',
  virtiofsd: 'virtiofsd',
  'kata-proxy': 'kata-proxy',
  'kata-shim': 'kata-shim',
  'docker-proxy': 'docker-proxy',
  dockerd: 'dockerd',
  containerd: 'containerd',
  other: 'other',
});
