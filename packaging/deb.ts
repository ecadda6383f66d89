import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageNeeds, packagesOf } from '../src/app/packages/package-needs.ts';
import { maintainerOf, type PackageManifest } from './debian-documents.ts';
import { root } from './tarball.ts';
import { makeTree } from './tree.ts';

/** Packages of Docker's own archive that do the same. */
const alternatives: Readonly<Record<string, string>> = {
  'docker.io': 'docker-ce',
  containerd: 'containerd.io',
  runc: 'containerd.io',
};

/** What every Debian has: it is essential, or a package that is essential needs it. */
const essential = ['mount', 'util-linux'];

const listed = (packages: readonly string[]) =>
  packages
    .filter((name) => !essential.includes(name))
    .map((name) => (name in alternatives ? `${name} | ${alternatives[name]}` : name))
    .join(', ');

/** Text of DEBIAN/control. `kilobytes`: what the files take on a disk. */
function control(manifest: PackageManifest, architecture: string, kilobytes: string): string {
  const engine = packagesOf(packageNeeds.filter(({ required }) => required));
  const runtimes = packagesOf(packageNeeds.filter(({ required }) => !required));
  return `Package: ocibench
Version: ${manifest.version}
Architecture: ${architecture}
Maintainer: ${maintainerOf(manifest)}
Section: utils
Priority: optional
Installed-Size: ${kilobytes}
Depends: libc6 (>= 2.28), libstdc++6, libgcc-s1
Recommends: ${listed(engine)}
Suggests: ${listed(runtimes)}
Description: what does a container runtime cost?
 Runs the same workloads through Docker under every runtime of daemon.json
 (runc, crun, gVisor, Kata), and reports what each costs against a baseline,
 with confidence intervals.
 .
 It brings its own Node in /usr/lib/ocibench, as Debian's is older than it
 needs. The recommended packages are those of its own, private Docker engine;
 it does without them where a Docker daemon runs.
`;
}

/** How long a measurement is waited for, s. Who may read its lock file could hold it, and with it every upgrade, for ever. */
const waitSeconds = 30;

/**
 * Shell: ends the script where a night is measured; waits for any other measurement for a while, and then goes on and says so. The
 * kernel keeps its lock (flock(2)), whatever ocibench it is of; a night that has just begun has none yet. Every user may make the
 * second file: one that root does not own is no lock.
 */
const awaitMeasured = `set -e
await_measured() {
  measured=
  if [ -d /run/systemd/system ] &&
    systemctl show --property=ActiveState ocibench-nightly.service | grep -qE '=(activ|reload|deactivating)'; then
    echo 'ocibench: a night is being measured; nothing was changed: wait for its end, or end it, then do the same again' >&2
    exit 1
  fi
  for lock in /run/ocibench/lock /var/tmp/ocibench.lock; do
    if [ ! -f "$lock" ] || [ -L "$lock" ] || [ "$(stat --format=%u "$lock")" != 0 ]; then continue; fi
    status=0
    timeout ${waitSeconds + 10} flock --wait ${waitSeconds} --shared --conflict-exit-code 75 "$lock" true || status=$?
    if [ "$status" = 75 ]; then
      measured=yes
      echo "ocibench: a measurement still runs on this host after ${waitSeconds} s ($lock); it may end with an error" >&2
    fi
  done
}
`;

/** A running night loads parts of the program when it needs them: they are not exchanged under it. */
const beforeUnpacking = `#!/bin/sh
${awaitMeasured}
if [ "$1" = upgrade ]; then await_measured; fi
`;

/** A timer that starts this package goes before it; one that starts another ocibench stays. No night begins meanwhile. */
const beforeRemoval = `#!/bin/sh
${awaitMeasured}
if [ "$1" != remove ] && [ "$1" != deconfigure ]; then exit 0; fi
units=/etc/systemd/system/ocibench-nightly
if ! grep -qxF '# Written by: ocibench nightly install' $units.timer 2>/dev/null ||
  ! grep -q '^ExecStart="/usr/bin/ocibench" ' $units.service 2>/dev/null; then
  await_measured
  exit 0
fi
if [ -d /run/systemd/system ]; then
  systemctl stop ocibench-nightly.timer
  trap 'systemctl start ocibench-nightly.timer' EXIT
fi
await_measured
trap - EXIT
/usr/bin/ocibench nightly uninstall
`;

/**
 * What the program keeps between runs goes with its configuration, as Debian's policy has it: not before `purge`, and not under a
 * measurement of another ocibench, which keeps it in the same place. Histories and results are the user's, and so are home
 * directories with their caches.
 */
const afterRemoval = `#!/bin/sh
${awaitMeasured}
if [ "$1" = purge ]; then
  await_measured
  kept='/var/lib/ocibench /run/ocibench'
  if [ -n "$measured" ]; then
    echo "ocibench: it uses $kept, which stay: remove them once it has ended" >&2
  else
    rm -rf --one-file-system $kept
  fi
fi
`;

/** The maintainer scripts, by name. */
const scripts: Readonly<Record<string, string>> = {
  preinst: beforeUnpacking,
  prerm: beforeRemoval,
  postrm: afterRemoval,
};

/** Builds the Debian package of this machine's architecture into `directory`; returns its path. */
export async function buildDeb(directory: string, scratch: string): Promise<string> {
  const tree = join(scratch, 'tree');
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as PackageManifest;
  await makeTree(tree, scratch, manifest);
  const architecture = (await execa('dpkg', ['--print-architecture'])).stdout;
  const [kilobytes = ''] = (await execa('du', ['-sk', '--apparent-size', tree])).stdout.split('\t');
  await mkdir(join(tree, 'DEBIAN'), { mode: 0o755 });
  await writeFile(join(tree, 'DEBIAN/control'), control(manifest, architecture, kilobytes));
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(tree, 'DEBIAN', name), script, { mode: 0o755 });
  // With these `dpkg --verify` finds files that were changed.
  const sums = 'find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum >DEBIAN/md5sums';
  await execa('sh', ['-c', sums], { cwd: tree });
  const file = join(directory, `ocibench_${manifest.version}_${architecture}.deb`);
  // xz with its first level: 35 MB in seconds; with the sixth 30 MB in a minute.
  await execa('dpkg-deb', ['--root-owner-group', '-Zxz', '-z1', '--build', tree, file]);
  return file;
}
