import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { privateCgroupView } from '../../src/core/engine/private-directories.ts';

/**
 * A machine of dockerd's own: a copy of the host's files to write to, other mounts, processes and networks. dockerd has no flag
 * that the file could set too. `$1`: the directory with `daemon.json`, `image` and `steps`, which are run after dockerd's start.
 */
const machine = `set -e
place=$1
mount -t tmpfs tmpfs "$place/machine"
cd "$place/machine"
view=$place/machine/view
${privateCgroupView}
mkdir upper work root
mount -t overlay overlay -o "lowerdir=/,upperdir=upper,workdir=work" root
cp -r "$place/daemon.json" "$place/image" "$place/steps" root/etc/
for kernel in proc sys dev; do mount --rbind "/$kernel" "root/$kernel"; done
mkdir -p root/var/lib/docker
for own in run tmp var/lib/docker; do mount -t tmpfs tmpfs "root/$own"; done
cd root
mkdir old
pivot_root . old
umount -l /old
ip link set lo up
set +e
file=/etc/daemon.json
if dockerd --validate --config-file $file >/tmp/said 2>&1; then echo validated; fi
parent=--cgroup-parent=/ocibench-explain
if grep -q -e '"cgroup-parent"' -e '=systemd"' $file; then parent=; fi
dockerd $parent --config-file $file >/tmp/log 2>&1 &
daemon=$!
tries=0
while kill -0 $daemon 2>/dev/null && [ $tries -lt 200 ]; do
  if docker version >/dev/null 2>&1; then echo started; break; fi
  tries=$((tries + 1))
  sleep 0.1
done
if ! docker version >/dev/null 2>&1; then tail -n 2 /tmp/log; exit; fi
tar -c -C /etc/image . | docker import - image >/dev/null
if docker run --rm --network none image /bin/uname >/tmp/said 2>&1; then echo ran; else cat /tmp/said; fi
. /etc/steps
`;

/** A release of Docker: Debian's, or the root of another one with its own usr/bin and usr/sbin. */
export interface Release {
  readonly major: 26 | 28;
  readonly root: string;
}

/** The releases that this machine has; the second as `two-versions.test.ts` knows it. */
export const releases: readonly Release[] = [
  { major: 26, root: '/' },
  { major: 28, root: process.env.OCIBENCH_SECOND_ENGINE ?? '/srv/docker-28' },
].filter(({ root }) => existsSync(join(root, 'usr/sbin/dockerd'))) as Release[];

/** Programs of the image: a shell, and what shows limits. */
const programs = ['uname', 'sh', 'cat', 'grep', 'sleep'];

export interface DockerMachine extends Disposable {
  /** What dockerd does with a file: `validated`, `started`, `ran` (a container), and its words; then what the steps print. */
  readonly tryFile: (source: string, options?: { release?: Release; steps?: string }) => string;
}

/** A place for machines; each file gets a new one. */
export function dockerMachine(): DockerMachine {
  const place = mkdtempSync(join(tmpdir(), 'ocibench-explain-'));
  const image = join(place, 'image');
  mkdirSync(join(place, 'machine'));
  for (const name of programs) {
    const program = join('/usr/bin', name);
    const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    for (const file of libraries) {
      mkdirSync(dirname(join(image, file)), { recursive: true });
      copyFileSync(file, join(image, file));
    }
    mkdirSync(join(image, 'bin'), { recursive: true });
    copyFileSync(program, join(image, 'bin', name));
  }
  return {
    tryFile(source, { release = releases[0], steps = '' } = {}) {
      writeFileSync(join(place, 'daemon.json'), source);
      writeFileSync(join(place, 'steps'), steps);
      const apart = ['--mount', '--net', '--pid', '--fork', '--kill-child=KILL', '--propagation', 'private'];
      const root = release?.root ?? '/';
      const own = [join(root, 'usr/bin'), join(root, 'usr/sbin')].join(':');
      const env = { ...process.env, PATH: `${own}:${process.env.PATH}` };
      const library = { LD_LIBRARY_PATH: join(root, 'usr/lib/x86_64-linux-gnu') };
      const { stdout, stderr } = spawnSync(
        'unshare',
        [...apart, '--mount-proc', 'sh', '-c', machine, 'sh', place],
        {
          encoding: 'utf8',
          timeout: steps === '' ? 90_000 : 600_000,
          killSignal: 'SIGKILL',
          env: root === '/' ? env : { ...env, ...library },
        },
      );
      return stdout + stderr;
    },
    [Symbol.dispose]() {
      rmSync(place, { recursive: true, force: true });
      // What dockerd's cgroup parent leaves behind, on each hierarchy: empty, with those of containers that a killed daemon had.
      spawnSync(
        'find',
        '/sys/fs/cgroup -depth -type d -path */ocibench-explain* -exec rmdir {} +'.split(' '),
      );
    },
  };
}

/** The effect that the words of {@link DockerMachine.tryFile} show. */
export function effectOf(said: string): string {
  const has = (word: string) => new RegExp(`^${word}$`, 'm').test(said);
  if (!has('started')) return has('validated') ? 'unnoticed' : 'refused';
  return has('ran') ? 'ok' : 'no-container';
}
