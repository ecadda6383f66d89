import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineEnvironment } from '../../../core/engine/embedded/engine.ts';
import { coverDirectory, privateCgroupView } from '../../../core/engine/private-directories.ts';
import { spawn } from '../../../core/programs/spawn.ts';

/**
 * PID 1 of the namespaces in which the services of podman run. Its standard input is a pipe from the harness: when the harness
 * ends for any reason, this process ends, and the kernel ends every service, conmon and container of the PID namespace and
 * every mount of the mount namespace with it.
 *
 * podman, conmon and the runtimes keep locks, caches and state in /run, /var/lib and /dev/shm regardless of their settings
 * (netavark.lock, libpod_lock, the runtimes' own directories), so these are covered. The scratch directory, which may be below
 * one of them, is bound back to its path: `.` still refers to the covered one, as long as mount(8) does not resolve its path.
 *
 * `podman info` creates the storage first, so that several services do not create it at the same time.
 */
const namespaceScript = `# usage: namespace SCRATCH TOP CGROUP_PROCS… -- [RUNTIME SOCKET]…
set -u
scratch=$1
top=$2
shift 2
fail() {
  echo "ocibench: $1"
  exit 1
}
while [ "$1" != -- ]; do
  echo 0 >"$1" || fail "could not join $1"
  shift
done
shift

view=$top/cgroup-view
(
  set -e
${privateCgroupView}
)
if [ $? -ne 0 ]; then fail "could not hide /sys/fs/cgroup/unified"; fi
${coverDirectory}
cd "$scratch" || fail "could not enter $scratch"
for dir in /var/lib /run; do
  cover "$dir" "$top/cover$(echo "$dir" | tr / _)" || fail "could not cover $dir"
  mount --no-canonicalize --bind . "$scratch" || fail "could not bind $scratch"
  cd "$scratch"
done
mount -t tmpfs -o mode=1777 tmpfs /dev/shm || fail "could not cover /dev/shm"

podman --tmpdir "$top/tmpdir" info >"$top/info.txt" 2>&1
status=$?
if [ $status -ne 0 ]; then
  tail -n 5 "$top/info.txt"
  fail "podman info ended with status $status"
fi
while [ $# -gt 0 ]; do
  (
    podman --tmpdir "$top/tmpdir" --runtime "$1" system service --time=0 "unix://$2"
    echo "ocibench: the service of $1 ended with status $?"
  ) </dev/null &
  shift 2
done
# Not \`exec\`: the shell reaps what nobody else waits for.
cat >/dev/null
`;

/** Timeout for the namespaces to end once their pipe is closed, ms. */
const endLimitMs = 10_000;

/** A service of podman to be started: its runtime, and the socket at which it answers. */
export interface ServiceRequest {
  readonly runtime: string;
  readonly socket: string;
}

/** The namespaces in which the services run. */
export interface PodmanNamespace {
  /** Output of its first process and of the services. */
  log(): string;
  hasEnded(): boolean;
  /** Ends every process and mount in it. */
  close(): Promise<void>;
}

/** Starts the services; `cgroupProcs`: cgroup.procs of the cgroup that all of them are in, in each hierarchy. */
export function startNamespace(
  scratch: string,
  top: string,
  cgroupProcs: readonly string[],
  services: readonly ServiceRequest[],
): PodmanNamespace {
  const logFile = join(top, 'podman.log');
  const log = openSync(logFile, 'wx', 0o600);
  const words = [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--propagation',
    'private',
    '--mount-proc',
  ];
  const script = ['sh', '-c', namespaceScript, 'ocibench-podman', scratch, top, ...cgroupProcs, '--'];
  const pairs = services.flatMap(({ runtime, socket }) => [runtime, socket]);
  // The parent-death signal covers a harness that is killed before the new process reads the pipe.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...words, ...script, ...pairs], {
    stdio: ['pipe', log, log],
    detached: true,
    env: {
      ...engineEnvironment(process.env),
      HOME: join(top, 'home'),
      TMPDIR: join(top, 'tmp'),
      CONTAINERS_CONF: join(top, 'containers.conf'),
      CONTAINERS_STORAGE_CONF: join(top, 'storage.conf'),
      PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
    },
  });
  closeSync(log);
  const ended = once(child, 'exit').catch(() => undefined);
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  // The pipe breaks if the first process ends before it has read anything.
  child.stdin?.on('error', () => undefined);
  return {
    log: () => readFileSync(logFile, 'utf8'),
    hasEnded,
    async close() {
      child.stdin?.end();
      if (hasEnded()) return;
      await Promise.race([ended, sleep(endLimitMs, undefined, { ref: false })]);
      if (!hasEnded()) child.kill('SIGKILL');
      await ended;
    },
  };
}
