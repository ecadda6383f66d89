import { messages } from '../../messages/define.ts';
import type { Role } from '../role.ts';

const names = messages('role', { vmm: 'virtual machine', virtiofsd: 'virtiofsd' });

/** The monitor of a virtual machine: its memory holds the guest's. */
export const vmm: Role = {
  id: 'vmm',
  name: names.vmm,
  order: 60,
  color: '#117733',
  endsWithContainer: true,
  doesWork: true,
};

/** The server of a guest's files. */
export const virtiofsd: Role = {
  id: 'virtiofsd',
  name: names.virtiofsd,
  order: 70,
  color: '#999933',
  endsWithContainer: true,
  doesWork: true,
};
