import { messages } from '../../messages/define.ts';
import type { ProcessRole } from '../../model/trial.ts';
import { virtiofsd, vmm } from '../guest/roles.ts';
import type { Role } from '../role.ts';

const names = messages('role', { 'kata-proxy': 'kata-proxy', 'kata-shim': 'kata-shim' });

const parts = { endsWithContainer: true, doesWork: true } as const;

/** Programs that Kata starts beside its shim and its virtual machine monitor; their names are their roles. */
const helpers: readonly Role[] = [
  virtiofsd,
  { id: 'kata-proxy', name: names['kata-proxy'], order: 80, color: '#882255', ...parts },
  { id: 'kata-shim', name: names['kata-shim'], order: 90, color: '#dddddd', ...parts },
];

export const kataRoles: readonly Role[] = [vmm, ...helpers];

/** Programs that set up a virtual machine; `jailer` starts Firecracker by exec. */
const launchers = ['kata-runtime', 'jailer'];

const monitor = /^(qemu-system-\S+|qemu-kvm|cloud-hypervisor|firecracker|openvmm|stratovirt|crosvm)$/;

/** The role of a process, by its name; null: not one of Kata's. */
export function kataRole(name: string, _: readonly string[], comm: string): ProcessRole | null {
  if (monitor.test(name) || monitor.test(comm) || comm.startsWith('qemu-system-')) return vmm.id;
  if (launchers.includes(name)) return 'runtime';
  return helpers.find(({ id }) => id === name)?.id ?? null;
}
