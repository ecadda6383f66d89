import { expect, test } from 'vitest';
import { goldenRun } from '../../core/analyze/golden-run.ts';
import { inBox } from './box.ts';
import { goldenFiles, placeRun, runId } from './golden-files.ts';

const { run } = goldenRun();

/** A program that says who executed it. */
const evil = '#!/bin/sh\nid -u >>/var/tmp/executed-by\n';

/** A run that was cut off, whose record names somebody's program as the baseline. */
const cutOff = goldenFiles({
  status: 'interrupted',
  engine: { ...run.engine, kind: 'embedded' },
  runtimes: run.runtimes
    .slice(0, 1)
    .map((runtime) => ({ ...runtime, entry: { name: 'runc', path: '/tmp/evil', origin: 'daemon.json' } })),
});

/** A dockerd that keeps the daemon.json which it was given, and does not come up. */
const dockerd = `#!/bin/sh
while [ $# -gt 1 ]; do
  [ "$1" = --config-file ] && cat "$2" >>/mnt/box/given
  shift
done
exit 1
`;

/** What a run directory says of itself, when it is gone on with and when it is reported. */
export function storedRunCases(): void {
  test('--resume starts nothing that run.json names, and nothing at all of a run that another user could write', async () => {
    const { stdout, stderr } = await inBox(
      `${placeRun}
cp evil.sh /tmp/evil && chmod 0755 /tmp/evil
echo '{"runtimes":{}}' >daemon.json
place /root ${runId}
place /tmp/theirs ${runId}
chown -R 65534 /tmp/theirs/results/${runId}
touch given
for path in /root /tmp/theirs; do
  ocibench run --resume $path/results/${runId} --set daemonJson=daemon.json --out /root 2>&1 | tr '\\n' ' '
  echo
done
if grep -q evil given || [ -e /var/tmp/executed-by ]; then echo 'was started'; fi
`,
      { ...cutOff, 'evil.sh': evil, 'dockerd+x': dockerd },
    );
    const [own, theirs, started] = stdout.split('\n');
    expect(started ?? '', stderr).toBe('');
    expect(own).toContain(`daemon.json: runtimes.runc: differs from what run ${runId} measured`);
    expect(theirs).toContain(`/tmp/theirs/results/${runId} belongs to user 65534`);
  });

  test('a run directory that calls itself by the name of another run takes nothing of that run', async () => {
    const { stdout, stderr } = await inBox(
      `${placeRun}
place /root 20260202-120000-abcd
mkdir -p /root/charts/${runId}
echo 'of another run' >/root/charts/${runId}/cost-io.svg
ocibench report /root/results/20260202-120000-abcd --out /root >out 2>&1 && code=0 || code=$?
echo "exit $code, $(cat /root/charts/${runId}/cost-io.svg 2>&1)"
`,
      goldenFiles({ subjects: [] }),
    );
    expect(stdout, stderr).toBe('exit 2, of another run');
  });

  test('as root, reports are not written where another user can exchange what is written to', async () => {
    const { stdout, stderr } = await inBox(
      `${placeRun}
place /tmp/theirs ${runId}
chown -R 65534 /tmp/theirs
ocibench report /tmp/theirs/results/${runId} --out /root/mine >/dev/null 2>&1 && code=0 || code=$?
echo "exit $code, $(ls /root/mine/results/${runId} | grep report.html)"
ocibench report /tmp/theirs/results/${runId} 2>&1 | tr '\\n' ' '
echo
ls /tmp/theirs/results/${runId} | tr '\\n' ' '
`,
      goldenFiles({ subjects: [] }),
    );
    const [elsewhere, refusal, left] = stdout.split('\n');
    expect(left?.trim(), stderr).toBe('run.json trials.jsonl');
    expect(refusal).toContain('belongs to user 65534');
    expect(elsewhere).toBe('exit 0, report.html');
  });
}
