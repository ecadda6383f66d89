import { messages } from '../../messages/define.ts';
import type { ProcessRole } from '../../model/trial.ts';
import type { Role } from '../role.ts';

const names = messages('role', {
  sentry: 'sentry (gVisor kernel)',
  gofer: 'gofer (gVisor files)',
  stub: 'stub (gVisor)',
  parking: 'file descriptors (gVisor)',
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
  { id: 'parking', name: names.parking, order: 35, color: '#661100', endsWithContainer: true },
];

/**
 * gVisor's role of a process, from its first argument; subcommands are words (runsc/cmd). The program is runsc, or one of
 * `gvisor-bin/` where that folder is there: the sentry since release-20260810, the prewarmer that becomes it since
 * release-20260817. What a sandbox's processes call themselves stayed. `runsc-exec` waits on the host for a process that
 * was started in a sandbox; `runsc-fd-parking`, of later releases, keeps file descriptors of one.
 */
export function runscRole(name: string, argv: readonly string[]): ProcessRole | null {
  if (name === 'runsc-sandbox' || name === 'gvisor_sentry') return 'sentry';
  if (name === 'runsc-gofer' || name === 'checkpointgofer' || name === 'runsc-checkpointgofer')
    return 'gofer';
  if (name === 'runsc-fd-parking') return 'parking';
  if (name === 'gvisor-sentry-prewarmer' || name === 'runsc-exec') return 'runtime';
  if (name !== 'runsc') return null;
  if (argv.includes('boot')) return 'sentry';
  return argv.includes('gofer') ? 'gofer' : 'runtime';
}
