import { expect, test } from 'vitest';
import { canBootLab } from './lab-support.ts';
import { nightly, ocibench, workplace } from './support.ts';

/** Building, booting and measuring under emulation, on a machine that may be slow. */
const limit = 25 * 60_000;

/** systemd of the guest starts nights by the timer, not by hand; what came of the first is printed. */
const script = `
set -e
ocibench pin runc
ocibench nightly install --calendar '*-*-* *:*:00' --delay 0 --engine embedded --runtimes runc \
  --workloads startup/echo --blocks 1..1 --max-time 15m --load-limit 100% --out /lab/out
for i in $(seq 450); do
  if grep -qs '"kind":"night"' history/*.ndjson; then break; fi
  sleep 2
done
systemctl stop ocibench-nightly.timer
while [ "$(systemctl show -P ActiveState ocibench-nightly.service)" = activating ]; do sleep 1; done
systemctl show -P Result -P ExecMainStatus ocibench-nightly.service
grep -h '"kind":"night"' history/*.ndjson | head -1
ocibench nightly status
ocibench nightly uninstall
systemctl cat ocibench-nightly.timer 2>&1 || true
`;

test.skipIf(!(canBootLab && nightly))(
  'a timer of systemd starts a night, which is written down, and nothing of it stays',
  async () => {
    const place = await workplace();
    try {
      const args = ['lab', 'exec', '--out', place.path, '--', 'bash', '-c', script];
      const { exitCode, stdout, stderr } = await ocibench(args, place.path);
      expect(exitCode, stderr).toBe(0);
      // One block cannot tell anything (5), which is no failure of the service.
      expect(stdout).toMatch(/^success\n[05]\n/m);
      expect(stdout).toContain('No files found for ocibench-nightly.timer');
      const night = stdout.split('\n').find((line) => line.startsWith('{')) ?? '';
      expect(JSON.parse(night)).toMatchObject({ kind: 'night', status: 'measured' });
      expect(stderr).not.toContain('left in the guest');
    } finally {
      await place.remove();
    }
  },
  limit,
);
