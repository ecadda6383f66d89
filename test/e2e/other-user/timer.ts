import { expect, test } from 'vitest';
import { inBox } from './box.ts';

/** Shell: a host of systemd with a pinned runtime, on which user 65534 may call sudo and is in a directory of his own. */
const host = `
for dir in /etc/systemd/system /srv /opt; do mount -t tmpfs -o mode=0755 tmpfs "$dir"; done
mkdir -p /run/systemd/system
cp /bin/true /mnt/bin/runc
ocibench nightly pin runc >/dev/null
as_other mkdir -m 0755 /tmp/theirs
cd /tmp/theirs
sudo() { SUDO_UID=65534 "$@"; }
# The command of the refusal's fix.
fix() { sed -n 's/^ *fix: .*:  //p' "$1"; }
units() { ls /etc/systemd/system; }
`;

const systemd = { 'systemctl+x': '#!/bin/sh\n', 'systemd-analyze+x': '#!/bin/sh\n' };

/** A timer starts as root what it is given, without the user who called sudo. */
export function timerCases(): void {
  test('a timer in a directory of the user who calls sudo is refused, and the command of the refusal installs it', async () => {
    const { stdout, stderr, exitCode } = await inBox(
      `${host}
echo 'export default {};' | as_other tee bench.config.ts >/dev/null
sudo ocibench nightly install --engine embedded --runtimes runc 2>refused || echo "refused: $?"
cat refused >&2
units
eval "$(fix refused)"
pwd
units
cat /etc/systemd/system/ocibench-nightly.service | grep WorkingDirectory
ls
`,
      systemd,
    );
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('each night of the timer would end with exit code 2');
    expect(stderr).toContain('bench.config.ts: is code that would run with your rights');
    expect(stdout.split('\n')).toEqual([
      'refused: 2',
      'wrote /etc/systemd/system/ocibench-nightly.service, /etc/systemd/system/ocibench-nightly.timer; the timer is running',
      '/srv/ocibench',
      'ocibench-nightly.service',
      'ocibench-nightly.timer',
      'WorkingDirectory=/srv/ocibench',
      'bench.config.ts',
      'history',
    ]);
  });

  test.each([
    [
      'Node',
      `cp "$OCIBENCH_TEST_NODE" node && chown 65534 node && OCIBENCH_TEST_NODE=$PWD/node`,
      '',
      /theirs/,
    ],
    [
      'configuration',
      'echo "export default {};" | as_other tee /tmp/theirs/own.ts >/dev/null',
      '--config /tmp/theirs/own.ts',
      /own\.ts/,
    ],
  ])('nor is one whose %s another user can change', async (_, prepare, words, named) => {
    const { stdout, stderr } = await inBox(
      `${host}
${prepare}
mkdir /root/nights && cd /root/nights
ocibench nightly install --engine embedded --runtimes runc ${words} || echo "refused: $?"
units
ls
`,
      systemd,
    );
    expect(stdout).toBe('refused: 2');
    expect(stderr).toMatch(named);
    expect(stderr).toContain(
      'root would run it every night, but another user can change it: /tmp/theirs belongs to user 65534',
    );
  });
}
