import { messages } from '../../messages/define.ts';
import type { ProcessRole } from '../../model/trial.ts';
import type { Role } from '../role.ts';

const names = messages('role', {
  sentry: 'sentry (gVisor kernel)',
  gofer: 'gofer (gVisor files)',
  stub: 'stub (gVisor)',
});

/**
 * `stub`: children of the sentry in which the platforms systrap and ptrace run application code. They have no
 * arguments, and their name is `exe`.
 */
export const runscRoles: readonly Role[] = [
  {
    id: 'sentry',
    name: names.sentry,
    order: 10,
    color: '#88ccee',
    endsWithContainer: true,
    ofChildren: 'stub',
  },
  { id: 'gofer', name: names.gofer, order: 20, color: '#ddcc77', endsWithContainer: true },
  {
    id: 'stub',
    name: names.stub,
    order: 30,
    color: '#aa4499',
    endsWithContainer: true,
    mayShareMemory: true,
    ofChildren: 'stub',
  },
];

/** gVisor's role of a process, from its first argument (comm is always `exe`); subcommands are words (runsc/cmd). */
export function runscRole(name: string, argv: readonly string[]): ProcessRole | null {
  if (name === 'runsc-sandbox') return 'sentry';
  if (name === 'runsc-gofer') return 'gofer';
  if (name !== 'runsc') return null;
  if (argv.includes('boot')) return 'sentry';
  return argv.includes('gofer') ? 'gofer' : 'runtime';
}
