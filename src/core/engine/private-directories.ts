/**
 * Shell commands that hide `/sys/fs/cgroup/unified` in a private mount namespace on a hybrid host: crun refuses a host
 * that has it beside v1 controllers. Unmounting it is no solution: crun then writes plain files below the mount point,
 * into the host's own tmpfs, where they stay. So the v1 hierarchies move onto a tmpfs of their own at `$view`, which
 * then replaces /sys/fs/cgroup. Fails where a mount does.
 */
export const privateCgroupView = `
if [ -d /sys/fs/cgroup/unified ]; then
  mkdir "$view"
  mount -t tmpfs -o mode=755 tmpfs "$view"
  # Fields of proc_pid_mountinfo(5): 5 is the mount point; behind the lone dash is the type.
  sed -n 's|^[^ ]* [^ ]* [^ ]* [^ ]* /sys/fs/cgroup/\\([^ /]*\\) .* - cgroup .*|\\1|p' /proc/self/mountinfo >"$view.names"
  while read -r name; do
    mkdir "$view/$name"
    mount --move "/sys/fs/cgroup/$name" "$view/$name"
  done <"$view.names"
  # cpu -> cpu,cpuacct and the like
  find /sys/fs/cgroup -maxdepth 1 -type l -exec cp -P {} "$view/" \\;
  ! mountpoint -q /sys/fs/cgroup/unified || umount /sys/fs/cgroup/unified
  mount --move "$view" /sys/fs/cgroup
fi
`;

/**
 * Shell function `cover DIRECTORY INTO`, for a private mount namespace: mounts an overlay over the directory, so that writes go
 * to the directory INTO. Fails where the mount does.
 *
 * The upper layer must be outside the covered directory, on a file system that supports it: overlayfs does not (ocibench in a
 * container), tmpfs always does.
 */
export const coverDirectory = `
overlay() {
  mkdir -p "$2/upper" "$2/work" &&
    mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$1" 2>/dev/null
}
cover() {
  overlay "$1" "$2" ||
    { mkdir -p "$2" && mount -t tmpfs -o mode=700 tmpfs "$2" && overlay "$1" "$2"; }
}
`;

/**
 * Shell commands that cover, in a private mount namespace, the directories of the host in which containerd, shims and runtimes
 * leave files, and set TMPDIR. Their writes go below `$scratch`. The commands call `fail REASON` where a directory cannot be
 * covered. `$etc`: the directories of /etc to cover; unset: only Docker's.
 */
export const privateDirectories = `# /dev/log leads to a socket here under systemd, and a socket cannot be reached through an overlay: it is put back over that of
# /run. Kata's Go runtime does not start without syslog.
journal=$scratch/journal
if [ -d /run/systemd/journal ]; then mkdir "$journal" && mount -o bind,ro /run/systemd/journal "$journal"; fi

# What containerd, shims and runtimes leave in these directories stays in the scratch directory.
${coverDirectory}
for dir in /run /opt "\${etc:-/etc/docker}"; do
  [ -d "$dir" ] || continue
  cover "$dir" "$scratch/cover$(echo "$dir" | tr / _)" || fail "could not cover $dir"
done
if [ -d "$journal" ]; then mount --move "$journal" /run/systemd/journal; fi
rm -f /run/containerd/containerd.sock
# Shared within this namespace, as on a host with systemd: Kata 1.x binds what a container sees as a slave of it.
mount --make-rshared /
# containerd leaves a copy of each restored checkpoint in its temporary directory.
TMPDIR=$scratch/tmp
export TMPDIR
mkdir -m 700 "$TMPDIR" || fail "could not create $TMPDIR"
`;
