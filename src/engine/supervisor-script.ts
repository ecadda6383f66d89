/**
 * The two shell programs of the embedded engine, written into its scratch directory.
 *
 * The supervisor owns the engine's life. Its standard input is a pipe from the harness: when the harness
 * ends, however it ends, the kernel closes the pipe, the supervisor's `cat` returns, and everything that was
 * started is ended and removed. It runs in a session of its own, so that a Ctrl-C meant for the harness does
 * not reach it. Should the supervisor itself be killed, `--kill-child` and the parent-death signal still end
 * every process; only files and empty cgroups then wait for the next start (see `scratch-processes.ts`).
 */
export const supervisorScript = `#!/bin/sh
# usage: supervisor SCRATCH CGROUP_NAME    (ends when standard input closes)
set -u
scratch=$1
cgroup=$2
trap '' INT TERM HUP QUIT PIPE

setpriv --pdeathsig KILL unshare --mount --net --pid --fork --kill-child=KILL \\
  --propagation private --mount-proc sh "$scratch/init" "$scratch" "$cgroup" \\
  </dev/null >"$scratch/engine.log" 2>&1 &
engine=$!
cat >/dev/null

kill -KILL "$engine" 2>/dev/null
wait "$engine" 2>/dev/null

# The kernel ends the PID namespace's processes on its own time: wait until the cgroups are empty.
tries=0
while [ $tries -lt 100 ]; do
  if ! find /sys/fs/cgroup/ -path "*/$cgroup/*" -name cgroup.procs -exec cat {} + 2>/dev/null | grep -q .; then break; fi
  tries=$((tries + 1))
  sleep 0.1
done
find /sys/fs/cgroup/ -depth -type d \\( -path "*/$cgroup" -o -path "*/$cgroup/*" \\) -exec rmdir {} + 2>/dev/null
find /sys/fs/cgroup/ -depth -type d -path "*/\${cgroup%%/*}" -exec rmdir {} + 2>/dev/null
rm -rf "$scratch"
`;

/**
 * PID 1 of the engine's namespaces: joins the engine's cgroup, hides what the engine must not see or touch,
 * starts dockerd and reaps. `echo 0 > cgroup.procs` means "this process" in every PID namespace.
 * crun refuses a host whose /sys/fs/cgroup/unified stands beside v1 controllers, so that mount is hidden.
 */
export const initScript = `#!/bin/sh
# usage: init SCRATCH CGROUP_NAME
set -u
scratch=$1
cgroup=$2
for controller in cpu cpuacct cpu,cpuacct memory blkio pids; do
  if [ -f "/sys/fs/cgroup/$controller/$cgroup/engine/cgroup.procs" ]; then
    echo 0 >"/sys/fs/cgroup/$controller/$cgroup/engine/cgroup.procs"
  fi
done
if [ -f "/sys/fs/cgroup/$cgroup/engine/cgroup.procs" ]; then echo 0 >"/sys/fs/cgroup/$cgroup/engine/cgroup.procs"; fi
if [ -d /sys/fs/cgroup/unified ]; then umount /sys/fs/cgroup/unified; fi

# What containerd, shims and runtimes leave in these directories stays in the scratch directory.
for dir in /run /opt /etc/docker; do
  [ -d "$dir" ] || continue
  name=$(echo "$dir" | tr / _)
  mkdir -p "$scratch/upper/$name" "$scratch/overlay/$name"
  if mount -t overlay overlay -o "lowerdir=$dir,upperdir=$scratch/upper/$name,workdir=$scratch/overlay/$name" "$dir"; then
    # dockerd starts no containerd where it sees a socket of one, and this one cannot be reached through the overlay.
    if [ "$dir" = /run ]; then rm -f /run/containerd/containerd.sock; fi
  else
    echo "ocibench: could not cover $dir; the engine writes to the host's own"
  fi
done
ip link set lo up
dockerd --config-file "$scratch/daemon.json" --data-root "$scratch/data" --exec-root "$scratch/exec" \\
  --pidfile "$scratch/dockerd.pid" --host "unix://$scratch/docker.sock" &
wait $!
echo "ocibench: dockerd ended with status $?"
`;
