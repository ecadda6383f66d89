import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { killSeen, type ProcessIdentity, processesOfUser } from '../../host/process-identity.ts';
import { shellWord } from '../../messages/command.ts';
import { privateCgroupView, privateDirectories } from '../private-directories.ts';

/** Timeouts for a supervisor without harness to clean up, and for killed processes to end, ms. */
const defaultLimits = { supervisorMs: 20_000, killMs: 5_000 };

/** A process of an embedded engine, as seen from the host. */
export interface EngineProcess extends ProcessIdentity {
  /** `supervisor` and `init` are ocibench's shell programs; otherwise the program's name. */
  readonly name: string;
}

/** Names (`$0`) of the engine's shell programs. */
const shellNames = new Map([
  ['ocibench-supervisor', 'supervisor'],
  ['ocibench-init', 'init'],
]);

const programs = /^(?:setpriv|unshare|dockerd|containerd|containerd-shim-.+)$/;

/**
 * Name of the engine's program that a command line runs for this scratch directory; null for any other command, such as
 * an editor.
 */
function engineProgram(argv: readonly string[], scratch: string): string | null {
  // `sh -c SCRIPT NAME SCRATCH …`
  const [program = '', option, , shellName = '', directory] = argv;
  const name = basename(program);
  if (name === 'sh' && option === '-c' && directory === scratch) return shellNames.get(shellName) ?? null;
  const named = argv.some((word) => word === scratch || word.includes(`${scratch}/`));
  return programs.test(name) && named ? name : null;
}

/** The processes of the engine whose scratch directory this is. */
export async function engineProcesses(scratch: string): Promise<readonly EngineProcess[]> {
  const nameOf = (argv: readonly string[]) => engineProgram(argv, scratch);
  const found = await processesOfUser((argv) => nameOf(argv) !== null);
  return found.map(({ argv, parent: _, ...identity }) => ({ ...identity, name: nameOf(argv) ?? '' }));
}

async function leftAfter(limitMs: number, scratch: string): Promise<readonly EngineProcess[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const left = await engineProcesses(scratch);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(100);
  }
}

/**
 * Waits for the engine of a run whose harness has ended. Its supervisor cleans up by itself, and would also remove the
 * directory of a resumed run with the same id. Kills what has not ended in time, unless `mayKill`, called before every
 * kill, finds that the engine has an owner again.
 */
export async function endOrphans(
  scratch: string,
  mayKill: () => Promise<boolean> = async () => true,
  limits: typeof defaultLimits = defaultLimits,
): Promise<void> {
  for (const left of await leftAfter(limits.supervisorMs, scratch)) if (await mayKill()) killSeen([left]);
  await leftAfter(limits.killMs, scratch);
}

/**
 * The two shell programs of the embedded engine. They are passed to `sh -c` as text: nothing is executed from a file.
 *
 * The supervisor owns the engine's lifetime. Its standard input is a pipe from the harness, which PID 1 of the engine's
 * namespaces reads too. When the harness ends for any reason, the kernel closes the pipe, PID 1 ends, and with it every
 * process of its namespace (pid_namespaces(7)). The supervisor then removes the cgroups and files. It runs in its own
 * session, so that a Ctrl-C for the harness does not reach it. If the supervisor itself is killed, the parent-death
 * signal still ends every process; only files and empty cgroups remain for the next start (see `processes.ts`).
 *
 * The shell has reaped an engine that ended by itself, so its process id may be reused. A process is killed only where
 * it still has the engine's start time (field 22 of proc_pid_stat(5), after the command's name).
 */
export const supervisorScript = `# usage: supervisor SCRATCH CGROUP_NAME INIT_SCRIPT RECORD    (ends when standard input closes; RECORD may be empty)
set -u
scratch=$1
cgroup=$2
init=$3
record=$4
trap '' INT TERM HUP QUIT PIPE
exec 3<&0

start_time() { sed 's/^.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

setpriv --pdeathsig KILL unshare --mount --net --pid --fork --kill-child=KILL \\
  --propagation private --mount-proc sh -c "$init" ocibench-init "$scratch" "$cgroup" \\
  <&3 3<&- >"$scratch/engine.log" 2>&1 &
engine=$!
started=$(start_time "$engine")
cat >/dev/null

tries=0
while [ -n "$started" ] && [ "$(start_time "$engine")" = "$started" ]; do
  if [ $tries -eq 50 ]; then kill -KILL "$engine" 2>/dev/null; fi
  if [ $tries -ge 100 ]; then break; fi
  tries=$((tries + 1))
  sleep 0.1
done

# The kernel ends the PID namespace's processes on its own time: wait until the cgroups are empty.
roots() {
  for root in /sys/fs/cgroup /sys/fs/cgroup/*; do
    if [ -d "$root/$cgroup" ] && [ ! -L "$root" ]; then echo "$root/$cgroup"; fi
  done
}
tries=0
while [ $tries -lt 100 ]; do
  if ! roots | while read -r dir; do find "$dir" -name cgroup.procs -exec cat {} + 2>/dev/null; done | grep -q .; then break; fi
  tries=$((tries + 1))
  sleep 0.1
done
roots | while read -r dir; do
  find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null
  rmdir "\${dir%/*}" 2>/dev/null
done
rm -rf --one-file-system -- "$scratch"
if [ -n "$record" ]; then rm -f -- "$record"; fi
`;

/** Marker file in the scratch directory of an engine with userns-remap. */
export const remapped = 'remapped';

/** Log line after a daemon has ended. */
export const daemonEnded = /^ocibench: (?:dockerd|containerd) ended /m;

/** Log line where the engine was not started, because the host's own files could not be protected from it. */
export const failedClosed = /^ocibench: could not (?:cover|hide) .*$/m;

/**
 * PID 1 of the engine's namespaces: joins the engine's cgroup, hides what the engine must not see or touch, starts containerd
 * and dockerd, and ends when standard input closes. `echo 0 > cgroup.procs` means "this process" in every PID namespace.
 *
 * If a directory cannot be covered, the engine is not started: it would write into the host's directory, and dockerd would use
 * the host's containerd.
 *
 * The engine does not inherit the harness's pipe as standard input, since it would keep the pipe open.
 *
 * Only the shell of each daemon reads the file with its environment. So the daemon's PATH and libraries do not affect the other
 * programs of this script, and no value appears on a command line that other users can read.
 */
export const initScript = `# usage: init SCRATCH CGROUP_NAME
set -u
scratch=$1
cgroup=$2
fail() {
  echo "ocibench: $1"
  exit 1
}
for controller in cpu cpuacct cpu,cpuacct memory blkio pids; do
  if [ -f "/sys/fs/cgroup/$controller/$cgroup/engine/cgroup.procs" ]; then
    echo 0 >"/sys/fs/cgroup/$controller/$cgroup/engine/cgroup.procs"
  fi
done
if [ -f "/sys/fs/cgroup/$cgroup/engine/cgroup.procs" ]; then echo 0 >"/sys/fs/cgroup/$cgroup/engine/cgroup.procs"; fi

view=$scratch/cgroup-view
(
  set -e
${privateCgroupView}
)
if [ $? -ne 0 ]; then fail "could not hide /sys/fs/cgroup/unified"; fi

# With userns-remap dockerd adds a user to the host's own files, unless its /etc is a copy; and a container's root, who is
# nobody on the host then, has to pass through all directories above dockerd's data.
etc=/etc/docker
data=$scratch/data
if [ -f "$scratch/${remapped}" ]; then
  etc=/etc
  data=/run/ocibench-data
fi
${privateDirectories}if [ "$data" != "$scratch/data" ]; then
  mkdir -p "$scratch/data" && mkdir -m 711 "$data" && mount --bind "$scratch/data" "$data" || fail "could not cover $data"
fi
ip link set lo up

(
  . "$scratch/containerd.env"
  containerd --config "$scratch/containerd.toml" >"$scratch/containerd.log" 2>&1
  status=$?
  tail -n 3 "$scratch/containerd.log"
  echo "ocibench: containerd ended with status $status"
) </dev/null &
(
  . "$scratch/dockerd.env"
  dockerd --config-file "$scratch/daemon.json" --data-root "$data" --exec-root "$scratch/exec" \\
    --pidfile "$scratch/dockerd.pid" --host "unix://$scratch/docker.sock" --containerd "$scratch/containerd.sock"
  echo "ocibench: dockerd ended with status $?"
) </dev/null &
# Not \`exec\`: the shell reaps what nobody else waits for.
cat >/dev/null
`;

/**
 * Settings of the embedded engine's containerd, as dockerd would write them for its own (moby
 * libcontainerd/supervisor/remote_daemon.go): everything below `scratch`, and no CRI plugin.
 */
export function containerdToml(scratch: string): string {
  const paths = { root: `${scratch}/data/containerd/daemon`, state: `${scratch}/exec/containerd/daemon` };
  return `version = 2
root = ${JSON.stringify(paths.root)}
state = ${JSON.stringify(paths.state)}
disabled_plugins = ["io.containerd.grpc.v1.cri"]
oom_score = 0

[grpc]
address = ${JSON.stringify(`${scratch}/containerd.sock`)}

[debug]
level = "info"
`;
}

/** A file that a daemon's shell reads before it starts the daemon. */
export function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${shellWord(value)}\n`)
    .join('');
}
