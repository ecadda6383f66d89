import { messages } from '../../messages/define.ts';
import type { Role } from '../role.ts';

const names = messages('role', { vmm: 'virtual machine', virtiofsd: 'virtiofsd' });

/** The virtual machine monitor: its memory contains the guest's. */
export const vmm: Role = {
  id: 'vmm',
  name: names.vmm,
  order: 60,
  color: '#117733',
  endsWithContainer: true,
  doesWork: true,
};

/** The guest's file server. */
export const virtiofsd: Role = {
  id: 'virtiofsd',
  name: names.virtiofsd,
  order: 70,
  color: '#999933',
  endsWithContainer: true,
  doesWork: true,
};
