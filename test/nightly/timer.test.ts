import { expect, test } from 'vitest';
import type { NightLine } from '../../src/features/nightly/history/record.ts';
import { ocibench, workplace } from '../e2e/support.ts';
import { canBootLab, tellLeftovers } from './lab-support.ts';

/** Building, booting and measuring under emulation, on a machine that may be slow. */
const limit = 40 * 60_000;

/**
 * systemd of the guest starts nights by the timer, not by hand. A user who calls sudo installs it in a directory of his, is refused,
 * and does what the refusal says. The first night is killed, the second measures, the third finds a configuration that is broken.
 */
const script = `
set -e
# What sudo(8) adds to the environment.
sudo() { SUDO_UID=1000 SUDO_GID=1000 SUDO_USER=user "$@"; }
tell() { echo "$1: $(cat)"; }
lines() { grep -hs '"kind":"'"$1"'"' history/*.ndjson; }
# Waits until a line of this kind has this text.
until_line() {
  for i in $(seq 600); do
    if lines "$1" | grep -q "$2"; then return; fi
    sleep 2
  done
  systemctl status ocibench-nightly.service >&2
  journalctl -u ocibench-nightly.service | tail -20 >&2
  return 1
}
ended() { while systemctl show -P ActiveState ocibench-nightly.service | grep -q activating; do sleep 1; done; }
sudo ocibench nightly pin runc
install -d -o 1000 -g 1000 /home/user /home/user/nights
cd /home/user/nights
sudo ocibench nightly install --calendar '*-*-* *:*:00' --delay 0 --engine embedded --runtimes runc \
  --workloads startup/echo --max-time 15m --set blocks=1..1 --set nightly.loadLimit=100% 2>refused || tell refused </dev/null
cat refused >&2
eval "$(sed -n 's/^ *fix: give the nights a directory that only root can change: *//p' refused)"
pwd | tell directory
until_line begun .
systemctl kill --signal=KILL ocibench-nightly.service
until_line night '"status":"measured"'
# A night takes longer than the minute of the calendar: the next one follows at once.
echo 'export default {' >bench.config.ts
until_line night bench.config.ts
systemctl stop ocibench-nightly.timer
ended
systemctl show -P Result -P ExecMainStatus ocibench-nightly.service | xargs | tell broken
lines night
journalctl --unit ocibench-nightly.service --output cat | grep -m 1 ^Finished | tell journal
grep -o 'last night failed' history/report.html | head -1 | tell report
ocibench nightly status
ocibench nightly uninstall
systemctl cat ocibench-nightly.timer 2>&1 || true
set +e
${tellLeftovers}
`;

test.skipIf(!canBootLab)(
  'nights of a real timer: what was installed by sudo measures; the killed and the broken one are told; nothing of it stays',
  async () => {
    const place = await workplace();
    try {
      const args = ['lab', 'exec', '--out', place.path, '--', 'bash', '-c', script];
      const { exitCode, stdout, stderr } = await ocibench(args, place.path);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toMatch(/^refused: $/m);
      expect(stderr).toContain('each night of the timer would end with exit code 2');
      expect(stderr).toMatch(/\/home\/user\S* belongs to user 1000/);
      expect(stdout).toMatch(/^directory: \/srv\/ocibench$/m);
      // One block cannot tell anything (5), which is no failure of the service.
      expect(stdout).toMatch(/^journal: Finished /m);
      expect(stdout).toMatch(/^broken: exit-code 2$/m);
      const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
      const nights = lines.map((line) => JSON.parse(line) as NightLine);
      const unmeasured = { status: 'failed', run: null };
      expect(nights[0]).toMatchObject({
        ...unmeasured,
        reason: expect.stringContaining('it was killed before'),
      });
      expect(nights[1]).toMatchObject({ status: 'measured' });
      expect(nights.at(-1)).toMatchObject({
        ...unmeasured,
        reason: expect.stringContaining('bench.config.ts'),
      });
      expect(stdout).toMatch(/^report: last night failed$/m);
      expect(stdout).toContain('No files found for ocibench-nightly.timer');
      expect(stderr).not.toContain('left in the guest');
    } finally {
      await place.remove();
    }
  },
  limit,
);
