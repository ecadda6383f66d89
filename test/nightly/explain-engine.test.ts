import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseDaemonJson } from '../../src/core/config/daemon-json.ts';
import { privateCgroupView } from '../../src/core/engine/private-directories.ts';
import { readDockerHere } from '../../src/features/options/judge/here.ts';
import { judgeDaemonJson } from '../../src/features/options/judge/judge.ts';
import { canRun } from '../e2e/support.ts';
import { files } from '../features/options/judge/files.ts';

/**
 * A machine of dockerd's own: a copy of the host's files to write to, other mounts, processes and networks. dockerd has no flag
 * that the file could set too. `$1`: the directory with `daemon.json` and `image`.
 */
const machine = `set -e
place=$1
mount -t tmpfs tmpfs "$place/machine"
cd "$place/machine"
view=$place/machine/view
${privateCgroupView}
mkdir upper work root
mount -t overlay overlay -o "lowerdir=/,upperdir=upper,workdir=work" root
cp -r "$place/daemon.json" "$place/image" root/etc/
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
if docker run --rm --network none image /uname >/tmp/said 2>&1; then echo ran; else cat /tmp/said; fi
`;

/** What dockerd does with a file: \`validated\`, \`started\`, \`ran\` (a container), and its words. */
function tryFile(place: string, source: string): string {
  writeFileSync(join(place, 'daemon.json'), source);
  const apart = ['--mount', '--net', '--pid', '--fork', '--kill-child=KILL', '--propagation', 'private'];
  const { stdout, stderr } = spawnSync(
    'unshare',
    [...apart, '--mount-proc', 'sh', '-c', machine, 'sh', place],
    { encoding: 'utf8', timeout: 90_000, killSignal: 'SIGKILL' },
  );
  return stdout + stderr;
}

/** The effect that the words of {@link tryFile} show. */
function effectOf(said: string): string {
  const has = (word: string) => new RegExp(`^${word}$`, 'm').test(said);
  if (!has('started')) return has('validated') ? 'unnoticed' : 'refused';
  return has('ran') ? 'ok' : 'no-container';
}

/** Files whose containers need what this test does not have: somebody who listens, and a plugin that answers. */
const ofOthers = ['fluentd', 'authz-broker'];

describe.skipIf(!canRun)('what is said of a daemon.json, beside what dockerd does with it', () => {
  let place = '';

  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'ocibench-explain-'));
    const image = join(place, 'image');
    mkdirSync(join(place, 'machine'));
    const program = '/usr/bin/uname';
    const libraries = execFileSync('ldd', [program], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
    for (const file of libraries) {
      mkdirSync(dirname(join(image, file)), { recursive: true });
      copyFileSync(file, join(image, file));
    }
    copyFileSync(program, join(image, 'uname'));
  });
  afterAll(() => {
    rmSync(place, { recursive: true, force: true });
    // What dockerd's cgroup parent leaves behind, on each hierarchy: empty, with those of containers that a killed daemon had.
    spawnSync('find', '/sys/fs/cgroup -depth -type d -path */ocibench-explain* -exec rmdir {} +'.split(' '));
  });

  test('a file without settings validates, starts and runs', () => {
    expect(tryFile(place, '{}')).toBe('validated\nstarted\nran\n');
  });

  test.each(files.map(([, source]) => [source]))('%s', async (source) => {
    const said = tryFile(place, source);
    const parsed = parseDaemonJson(source, 'daemon.json');
    if (!parsed.ok) {
      expect(said).not.toMatch(/^started$/m);
      return;
    }
    const here = await readDockerHere('/etc/docker/daemon.json', parsed.config);
    // The machine has no service of systemd and no journal of its own.
    const [worst] = judgeDaemonJson(parsed.config, { ...here, flags: new Set(), hasSystemd: false });
    const effect = worst?.effect ?? 'ok';
    if (ofOthers.some((name) => source.includes(name))) expect(effect).toBe('note');
    else expect(effect === 'ignored' || effect === 'note' ? 'ok' : effect, said).toBe(effectOf(said));
  });
});
