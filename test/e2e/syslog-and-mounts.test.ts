import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import type { RuntimeFacts } from '../../src/core/model/runtime/runtime.ts';
import { findInState, findOurs } from './ours.ts';
import { canRun, root, workplace } from './support.ts';

/** Connects a datagram socket to /dev/log, as syslog(3) does. */
const toSyslog = `use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0) && connect(S, sockaddr_un('/dev/log')) or die "$!\\n"`;

/** runc for everybody who has what Kata's Go runtime needs of its host; the words are Kata's. */
const standIn = `#!/bin/sh
case " $* " in
  *' create '*)
    if [ "$0" != "\${0%needs-syslog}" ] && ! perl -e '${toSyslog.replaceAll("'", `'"'"'`)}'; then
      echo 'Unix syslog delivery error' >&2
      exit 1
    fi
    # proc_pid_mountinfo(5): the mount point is field 5, and a shared mount says so in field 7.
    if [ "$0" != "\${0%needs-shared}" ] && ! awk '$5 == "/run" && $7 ~ /^shared:/ { found = 1 } END { exit !found }' /proc/self/mountinfo; then
      echo 'mkdir /run/kata-containers/shared/containers/1/rootfs/proc: read-only file system' >&2
      exit 1
    fi ;;
esac
if [ "$1" = --own=word ]; then shift; fi
exec runc "$@"
`;

/**
 * A host with systemd's syslog, in a mount namespace of its own: /run is empty but for the socket, and /dev/log a link to it.
 * Beside v1 controllers it has the directory of a second hierarchy, and nothing is mounted there.
 * Nothing of it is seen outside.
 */
const host = `set -e
scratch=$1
mount -t tmpfs tmpfs "$scratch"
mkdir "$scratch/dev" "$scratch/upper" "$scratch/work"
mount --rbind /dev "$scratch/dev"
mount -t overlay overlay -o "lowerdir=/dev,upperdir=$scratch/upper,workdir=$scratch/work" /dev
for each in pts shm mqueue; do if [ -d "$scratch/dev/$each" ]; then mount --bind "$scratch/dev/$each" "/dev/$each"; fi; done
umount /sys/fs/cgroup/unified 2>/dev/null || :
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/journal /run/lock
ln -sf /run/systemd/journal/dev-log /dev/log
perl -e 'use Socket; socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, sockaddr_un("/run/systemd/journal/dev-log")) or die; sleep 600' &
listener=$!
trap 'kill "$listener"' EXIT
kill -0 "$listener"; while [ ! -S /dev/log ]; do sleep 0.1; kill -0 "$listener"; done
shift
"$@"
`;

/** A workplace that goes however the test ends. */
async function disposable() {
  const place = await workplace();
  return { ...place, [Symbol.asyncDispose]: place.remove };
}

describe.skipIf(!canRun)('the embedded engine on a host with systemd’s syslog', () => {
  test('starts a runtime that needs syslog, and one that needs shared mounts', async () => {
    await using place = await disposable();
    const names = ['needs-syslog', 'needs-shared'];
    for (const name of names) {
      await writeFile(join(place.path, name), standIn);
      await chmod(join(place.path, name), 0o755);
    }
    const runtimes = Object.fromEntries(
      names.map((name) => [name, { path: join(place.path, name), runtimeArgs: ['--own=word'] }]),
    );
    await writeFile(place.daemonJson, JSON.stringify({ runtimes }));
    const scratch = join(place.path, 'host');
    await execa('mkdir', [scratch]);
    const doctor = [process.execPath, join(root, 'src/cli.ts'), 'doctor', '--json', '--engine', 'embedded'];
    const more = ['--set', `daemonJson=${place.daemonJson}`, '--runtimes', names.join(',')];
    const result = await execa(
      'unshare',
      ['--mount', '--propagation', 'private', 'sh', '-c', host, 'host', scratch, ...doctor, ...more],
      { cwd: place.path, reject: false, env: { LC_ALL: 'C.UTF-8', NO_COLOR: '1' } },
    );
    const facts: readonly RuntimeFacts[] = JSON.parse(result.stdout).runtimes;
    const said = facts.map(({ entry, preflight }) => [
      entry.name,
      preflight.status === 'available' ? 'available' : preflight.error,
    ]);
    expect(Object.fromEntries(said)).toMatchObject({
      'needs-syslog': 'available',
      'needs-shared': 'available',
    });
    // The owner's terminal shows what is no part of results.
    expect(facts.flatMap(({ entry }) => entry.runtimeArgs ?? [])).toEqual(['--own=word', '--own=word']);
    expect(await findOurs({ names: [place.path] })).toEqual([]);
    expect(await findInState()).toEqual([]);
  }, 300_000);
});
