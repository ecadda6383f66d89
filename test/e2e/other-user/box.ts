import { mkdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { sharedDirectory } from '../../support/shared-directory.ts';
import { root } from '../support.ts';

/** What a script in the box printed, and how it ended. */
export interface BoxResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | undefined;
}

/** Where the checkout is inside the box: nothing that the box covers can hide it. */
export const boxedRoot = '/mnt/checkout';

/** Only what hangs takes so long, however busy the machine is. */
const limitMs = 280_000;

/**
 * PID 1 of the box. The directories in which users of a host meet, and in which ocibench keeps state, are empty tmpfs; the
 * checkout is bound read-only to {@link boxedRoot}; /mnt/box holds the case's files.
 */
const init = `set -eu
checkout=$1
files=$2
cache=$3
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/checkout /mnt/box /mnt/bin /mnt/cache
mount --bind "$cache" /mnt/cache
mount --bind "$checkout" /mnt/checkout
mount -o remount,bind,ro /mnt/checkout
cp -a "$files/." /mnt/box/
chmod 0755 /mnt/box
chown -R root:root /mnt/box
for dir in /var/tmp /tmp; do mount -t tmpfs -o mode=1777 tmpfs "$dir"; done
for dir in /run /var/lib /root; do mount -t tmpfs -o mode=0755 tmpfs "$dir"; done
mkdir -p /run/lock
# What runs in the cgroups of the host is not this box's.
mount -t tmpfs -o mode=0755 tmpfs /sys/fs/cgroup
ip link set lo up
cd /mnt/box
exec sh -eu /mnt/box/case.sh
`;

/** Shell functions of every case: \`ocibench ARG…\` as this user, \`as_other COMMAND…\` as uid 65534 without groups. */
const prelude = `
umask 022
export HOME=/root TMPDIR=/tmp NO_COLOR=1 LC_ALL=C.UTF-8 NODE_COMPILE_CACHE=/mnt/cache
node() { "$OCIBENCH_TEST_NODE" "$@"; }
ocibench() { "$OCIBENCH_TEST_NODE" ${boxedRoot}/src/cli.ts "$@"; }
# setpriv still has root's capabilities when it looks for the program; the shell that it starts has none.
as_other() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all -- sh -c 'exec "$@"' sh "$@"; }
`;

/**
 * What Node made of the sources, for all cases: most of a case's time would go into it. Closed to others. The reporter removes
 * it: a worker of the tests is killed at its end, and could not.
 */
function compileCache(): string {
  const place = join(sharedDirectory(), 'box-cache');
  mkdirSync(place, { recursive: true, mode: 0o700 });
  return place;
}

/** Node itself may lie in the checkout, which has another name in the box. */
function nodeInBox(): string {
  return process.execPath.startsWith(`${root}/`)
    ? join(boxedRoot, process.execPath.slice(root.length))
    : process.execPath;
}

/**
 * Runs a shell script as root in mount, PID and network namespaces of its own, beside nobody. It is ended after some minutes,
 * with everything that it started. \`files\` appear in /mnt/box, the script's directory; one whose name ends in \`+x\` is a
 * program on PATH (without that ending).
 */
export async function inBox(
  script: string,
  files: Readonly<Record<string, string>> = {},
): Promise<BoxResult> {
  const directory = await mkdtemp(join(tmpdir(), 'ocibench-box-'));
  try {
    const programs: string[] = [];
    for (const [name, text] of Object.entries(files)) {
      const program = name.endsWith('+x');
      const file = program ? name.slice(0, -2) : name;
      if (program) programs.push(file);
      await writeFile(join(directory, file), text, { mode: program ? 0o755 : 0o644 });
    }
    const links = programs.map((name) => `ln -s /mnt/box/${name} /mnt/bin/${name}\n`).join('');
    await writeFile(join(directory, 'case.sh'), `${links}${prelude}${script}`);
    const result = await execa(
      'unshare',
      [
        '--mount',
        '--pid',
        '--net',
        '--fork',
        '--kill-child=KILL',
        '--propagation',
        'private',
        '--mount-proc',
        'sh',
        '-c',
        init,
        'box',
        root,
        directory,
        compileCache(),
      ],
      {
        reject: false,
        stdin: 'ignore',
        timeout: limitMs,
        killSignal: 'SIGKILL',
        env: { PATH: `/mnt/bin:${process.env.PATH}`, OCIBENCH_TEST_NODE: nodeInBox() },
      },
    );
    return { stdout: result.stdout, stderr: result.stderr, exitCode: result.exitCode };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
