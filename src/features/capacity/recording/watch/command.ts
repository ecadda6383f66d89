import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { joinCgroups, pidsOfCgroup } from '../../../../core/collect/cgroup/make.ts';
import type { WatchedCgroup } from '../bpftrace/program.ts';
import type { Cgroups, Target } from './target.ts';

/**
 * Waits for a line on pipe 3, then executes the command. If the pipe closes without a line, ocibench has ended, and the command
 * is not started.
 */
const launcher = 'read -r go <&3 || exit 125; exec 3<&-; exec "$@"';

/** Time for a command to end after SIGTERM, ms; after that it is killed with everything in its cgroup. */
const graceMs = 5_000;
const killLimitMs = 5_000;

/** Place to start a command in. */
export interface CommandPlace extends Cgroups {
  /** An empty cgroup only for it, relative to the hierarchies' roots. */
  readonly path: string;
  readonly cgroup: WatchedCgroup;
  /** Redirect its output to stderr, because stdout is for machine-readable output? */
  readonly outputAside: boolean;
}

/** The command could not be moved into its cgroup. */
export class JoinError extends Error {
  override readonly name = 'JoinError';
}

/** Starts a waiting command in its own cgroup. Rejects with JoinError if the cgroup refuses it. */
export async function commandTarget(command: readonly string[], place: CommandPlace): Promise<Target> {
  const { layout, path, cgroup, outputAside } = place;
  const child = spawn('sh', ['-c', launcher, 'ocibench-launcher', ...command], {
    stdio: ['inherit', outputAside ? 2 : 'inherit', 'inherit', 'pipe'],
  });
  await once(child, 'spawn');
  const gate = child.stdio[3] as Writable;
  gate.on('error', () => undefined);
  const pid = child.pid ?? 0;
  const ended = once(child, 'exit').then(([code]) => (typeof code === 'number' ? code : null));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const end = async () => {
    gate.end();
    if (!hasEnded()) child.kill('SIGTERM');
    await waitFor(hasEnded, graceMs);
    // Our own cgroup contains only processes that the command started.
    const left = () => pidsOfCgroup(layout, path);
    const deadline = performance.now() + killLimitMs;
    while (left().length > 0 && performance.now() < deadline) {
      for (const each of left())
        try {
          process.kill(each, 'SIGKILL');
        } catch {
          // The command has already ended.
        }
      await sleep(20);
    }
  };
  const problems = joinCgroups(layout, path, pid);
  if (problems.length > 0) {
    await end();
    throw new JoinError(problems.join('; '));
  }
  return {
    record: {
      kind: 'command',
      name: command.join(' '),
      command: [...command],
      runtime: null,
      cgroup: `/${path}`,
    },
    watched: { path, cgroup, pids: () => pidsOfCgroup(layout, path), begins: 'program', isOurs: true },
    release: async () => void gate.end('go\n'),
    ended,
    [Symbol.asyncDispose]: end,
  };
}

async function waitFor(isSo: () => boolean, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!isSo() && performance.now() < deadline) await sleep(10);
}
