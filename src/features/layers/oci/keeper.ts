import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { EngineError } from '../../../core/engine/engine.ts';
import { privateCgroupView } from '../../../core/engine/private-cgroup-view.ts';
import { notices } from '../../../core/messages/define.ts';
import { splitCgroup } from '../../../core/model/split-cgroup.ts';

const text = notices('layer.oci', {
  noView: 'the mount namespace of the runtimes could not be made: {said}',
});

/**
 * Holds a mount namespace with the root file systems of containers and a view of the cgroups that crun accepts.
 * Standard input is a pipe from the harness: when the harness ends for any reason, this kills the remaining containers
 * and runtimes of the run's trials, and the mounts end with the namespace.
 */
const script = `# usage: keeper SCRATCH [HIDDEN_DIR…] -- CGROUP_DIR…
scratch=$1
shift
trap '' INT TERM HUP QUIT PIPE
view=$scratch/cgroup-view
(
  set -e
${privateCgroupView}
  while [ "$1" != -- ]; do mount -t tmpfs -o mode=755 tmpfs "$1"; shift; done
) || exit 1
while [ "$1" != -- ]; do shift; done
shift
echo ready
exec >/dev/null
cat >/dev/null
find "$@" \\( -path '*/${splitCgroup.runtime}/cgroup.procs' -o -path '*/${splitCgroup.container}/*cgroup.procs' \\) \\
  -exec cat {} + 2>/dev/null | sort -u | while read -r pid; do kill -KILL "$pid" 2>/dev/null; done
`;

/** The process that holds the namespace. */
export interface Keeper {
  /** Command prefix that enters the namespace. */
  readonly prefix: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts the keeper; `cgroupDirs`: the run's cgroup in every hierarchy; `hidden`: directories of the host that are empty in
 * the namespace. Rejects with EngineError where a mount fails.
 */
export async function startKeeper(
  scratch: string,
  cgroupDirs: readonly string[],
  hidden: readonly string[] = [],
): Promise<Keeper> {
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'ocibench-keeper', scratch];
  const child = spawn('unshare', [...words, ...hidden, '--', ...cgroupDirs], { detached: true });
  const ended = once(child, 'exit').catch(() => undefined);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ready = once(child.stdout, 'data').then(() => true);
  if (!(await Promise.race([ready, ended.then(() => false)])))
    throw new EngineError(text.noView({ said: said.trim() }), null);
  // An open file, not the process id: if the keeper is killed, its id may be reused by another user's process.
  const namespace = openSync(`/proc/${child.pid}/ns/mnt`, 'r');
  return {
    prefix: ['nsenter', `--mount=/proc/${process.pid}/fd/${namespace}`, '--'],
    async close() {
      child.stdin.end();
      await ended;
      closeSync(namespace);
    },
  };
}
