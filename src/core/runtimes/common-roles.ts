import { messages } from '../messages/define.ts';
import type { Role } from './role.ts';

const names = messages('role', {
  workload: 'workload',
  shim: 'containerd shim',
  runtime: 'runtime process',
  'docker-proxy': 'docker-proxy',
  dockerd: 'dockerd',
  containerd: 'containerd',
  other: 'other',
});

// Colours: Paul Tol's schemes "muted" and "light" (personal.sron.nl/~pault), here and in the families.

/** Roles of processes that the engine, or any family of runtimes, starts. */
export const commonRoles: readonly Role[] = [
  { id: 'workload', name: names.workload, order: 0, color: '#332288' },
  { id: 'shim', name: names.shim, order: 40, color: '#44aa99', endsWithContainer: true },
  { id: 'runtime', name: names.runtime, order: 50, color: '#cc6677', endsWithContainer: true },
  { id: 'docker-proxy', name: names['docker-proxy'], order: 100, color: '#ee8866' },
  { id: 'dockerd', name: names.dockerd, order: 110, color: '#77aadd' },
  { id: 'containerd', name: names.containerd, order: 120, color: '#bbcc33' },
  { id: 'other', name: names.other, order: 1_000, color: '#ffaabb' },
];
