import { coverDirectory } from './cover-directory.ts';

/**
 * Shell commands that cover, in a private mount namespace, the directories of the host in which containerd, shims and
 * runtimes leave files. What they write is below `$scratch`. They call `fail REASON` where a directory cannot be covered.
 * `$etc` is what is covered of /etc; where it is not set, only what is Docker's.
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
`;
