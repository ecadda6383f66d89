import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canBootLab } from './lab-support.ts';
import { nightly, ocibench, workplace } from './support.ts';

/** Building, booting and measuring under emulation, on a machine that may be slow. */
const limit = 25 * 60_000;

/** systemd of the guest starts a night by the timer, not by hand; what is asked of it afterwards is printed. */
const script = `
set -e
ocibench pin runc
ocibench nightly install --calendar '*-*-* *:*:00' --delay 0 --runtimes runc --workloads startup/echo \
  --engine embedded --blocks 1..1 --max-time 15m --load-limit 100% --out /lab/out
for i in $(seq 600); do
  [ "$(systemctl show -P ExecMainExitTimestamp ocibench-nightly.service)" = "" ] || break
  sleep 2
done
systemctl stop ocibench-nightly.timer
systemctl show -P Result -P ExecMainStatus ocibench-nightly.service
ocibench nightly status
ocibench nightly uninstall
systemctl cat ocibench-nightly.timer 2>&1 || true
journalctl -o cat -u ocibench-nightly.service | tail -40 >&2
`;

test.skipIf(!(canBootLab && nightly))(
  'a timer of systemd starts a night, which is written down, and nothing of it stays',
  async () => {
    const place = await workplace();
    try {
      const args = ['lab', 'exec', '--out', place.path, '--', 'bash', '-c', script];
      const { exitCode, stdout, stderr } = await ocibench(args, place.path);
      expect(exitCode, stderr).toBe(0);
      expect(stdout).toContain('success\n0\n');
      expect(stdout).toContain('No files found for ocibench-nightly.timer');
      const [month = ''] = (await readdir(join(place.path, 'history'))).filter((name) =>
        name.endsWith('.ndjson'),
      );
      const lines = (await readFile(join(place.path, 'history', month), 'utf8')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line))).toContainEqual(
        expect.objectContaining({ kind: 'night', status: 'measured' }),
      );
    } finally {
      await place.remove();
    }
  },
  limit,
);
