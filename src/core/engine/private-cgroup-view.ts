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
  umount /sys/fs/cgroup/unified
  mount --move "$view" /sys/fs/cgroup
fi
`;
