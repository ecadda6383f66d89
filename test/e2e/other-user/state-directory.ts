import { expect, test } from 'vitest';
import { inBox } from './box.ts';

/** A dockerd that never comes up: what is made before it is enough for these cases. */
const noDockerd = '#!/bin/sh\nexit 1\n';
const run = 'ocibench run --engine embedded --runtimes runc --workloads startup/echo --out /root/out';

/** The directories in which a run of root keeps its state, and what is near them. */
export function stateDirectoryCases(): void {
  test('who makes the scratch directory of a run first gets nothing executed by root', async () => {
    // The lock names the run. A pipe takes the script that root writes and gives root another one to execute; the record of an
    // owner that lives keeps the directory from being removed as a leftover.
    const attacker = `
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
execFileSync('mkfifo', ['/var/tmp/pipe']);
const startTime = fs.readFileSync('/proc/self/stat', 'utf8').replace(/^.*\\) /, '').split(' ')[19];
const owner = JSON.stringify({ pid: process.pid, startTime });
fs.writeFileSync('/var/tmp/ready', '');
const lock = () => {
  for (const path of ['/var/tmp/ocibench.lock', '/run/ocibench/lock'])
    try {
      return JSON.parse(fs.readFileSync(path, 'utf8')).runId;
    } catch {}
};
let runId;
while (!(runId = lock()));
for (const directory of ['/var/lib/ocibench/runs/' + runId, '/var/tmp/ocibench-' + runId])
  try {
    fs.mkdirSync(directory);
    fs.writeFileSync(directory + '/owner.json', owner);
    fs.renameSync('/var/tmp/pipe', directory + '/supervisor');
    fs.readFileSync(directory + '/supervisor');
    fs.writeFileSync(directory + '/supervisor', 'id -u >/var/tmp/executed-by');
  } catch {}
`;
    const { stdout, stderr } = await inBox(
      `
as_other "$OCIBENCH_TEST_NODE" /mnt/box/attacker.cjs 2>/dev/null &
attacker=$!
while [ ! -e /var/tmp/ready ]; do sleep 0.02; done
${run} && code=0 || code=$?
kill $attacker 2>/dev/null || true
echo "exit $code"
if [ -e /var/tmp/executed-by ]; then echo "executed by $(cat /var/tmp/executed-by)"; fi
`,
      { 'attacker.cjs': attacker, 'dockerd+x': noDockerd },
    );
    expect(stdout, stderr).toBe('exit 3');
  });

  test.each([
    ['a directory', 'as_other mkdir -m 0777 /var/tmp/ocibench-state'],
    ['a link', 'as_other ln -s /etc /var/tmp/ocibench-state'],
    ['a pipe', 'as_other mkfifo /var/tmp/ocibench-state'],
  ])('a state directory in whose place another user put %s is refused, with the fix', async (_, plant) => {
    const { stdout, stderr } = await inBox(
      `
${plant}
before=$(ls -ld /var/tmp/ocibench-state)
OCIBENCH_STATE=/var/tmp ${run} && code=0 || code=$?
echo "exit $code"
[ "$before" = "$(ls -ld /var/tmp/ocibench-state)" ] && echo unchanged
`,
      { 'dockerd+x': noDockerd },
    );
    expect(stdout, stderr).toBe('exit 2\nunchanged');
    expect(stderr).toContain('/var/tmp/ocibench-state');
    expect(stderr).toContain('OCIBENCH_STATE=DIR');
  });

  test('a state directory below a directory that another user can replace is refused', async () => {
    const { stdout, stderr } = await inBox(
      `
as_other mkdir /var/tmp/theirs
mkdir /var/tmp/theirs/state
OCIBENCH_STATE=/var/tmp/theirs/state ${run} && code=0 || code=$?
echo "exit $code"
ls /var/tmp/theirs/state
`,
      { 'dockerd+x': noDockerd },
    );
    expect(stdout, stderr).toBe('exit 2');
    expect(stderr).toContain('/var/tmp/theirs belongs to user 65534');
  });

  test.each([
    ['of another user', 'as_other mkdir /var/tmp/theirs', 'exit 2\n'],
    ['sticky, where another user made results/', 'mkdir -m 1777 /var/tmp/theirs', 'exit 2\n'],
  ])(
    'as root no run is written into a directory %s: a link would lead its files anywhere',
    async (_, make, said) => {
      const { stdout, stderr } = await inBox(
        `
${make}
mkdir /root/victim
as_other ln -s /root/victim /var/tmp/theirs/results
cd /var/tmp/theirs
ocibench run --engine embedded --runtimes runc --workloads startup/echo && code=0 || code=$?
echo "exit $code"
ls -A /root/victim
cd /var/tmp && mkdir own && cd own
ocibench run --engine embedded --runtimes runc --workloads startup/echo && code=0 || code=$?
echo "exit $code"
`,
        { 'dockerd+x': noDockerd },
      );
      expect(stdout, stderr).toBe(`${said}exit 3`);
      expect(stderr).toContain('/var/tmp/theirs');
    },
  );

  test('what has a name like a scratch directory is never removed: results, an archive, a checkout', async () => {
    const { stdout, stderr } = await inBox(
      `
mkdir -p /var/tmp/ocibench-results/results/20260101-000000-abcd /var/tmp/ocibench-lab/.git
echo trial >/var/tmp/ocibench-results/results/20260101-000000-abcd/trials.jsonl
echo archive >/var/tmp/ocibench-backup.tar.gz
echo ref >/var/tmp/ocibench-lab/.git/HEAD
as_other mkdir /var/tmp/ocibench-20260101-000000-abcd
as_other sh -c 'echo theirs >/var/tmp/ocibench-20260101-000000-abcd/kept'
find /var/tmp -type f | sort >/root/before
ocibench clean
${run} || true
find /var/tmp -type f | sort | diff /root/before - && echo unchanged
`,
      { 'dockerd+x': noDockerd },
    );
    expect(stdout, stderr).toMatch(/unchanged$/);
    expect(stderr).not.toContain('/var/tmp/ocibench-20260101-000000-abcd');
  });

  test('a setuid program that a container leaves in a bind mount cannot be reached, whatever the umask is', async () => {
    const make = `
import { makeScratch } from '/mnt/checkout/src/core/engine/scratch.ts';
process.stdout.write(await makeScratch('20260101-000000-abcd'));
`;
    const { stdout, stderr } = await inBox(
      `
umask 000
scratch=$(node /mnt/box/make.ts)
mkdir -p -m 0755 "$scratch/trials/b1/0"
cp /usr/bin/id "$scratch/trials/b1/0/x"
chmod 4755 "$scratch/trials/b1/0/x"
echo secret >"$scratch/daemon.json"
as_other "$scratch/trials/b1/0/x" -u 2>/dev/null || echo "no program"
as_other cat "$scratch/daemon.json" 2>/dev/null || echo "no secret"
as_other ls "$scratch" 2>/dev/null || echo "no list"
`,
      { 'make.ts': make },
    );
    expect(stdout, stderr).toBe('no program\nno secret\nno list');
  });

  test('once a runtime is pinned others pass to its copy, and nowhere else, in every run and with userns-remap too', async () => {
    const make = `
import { savePin } from '/mnt/checkout/src/features/nightly/app/pins/pin-copy.ts';
import { writeRecord } from '/mnt/checkout/src/features/layers/containerd/bundles.ts';
import { makeScratch, openToGroup } from '/mnt/checkout/src/core/engine/scratch.ts';
import { pinEntry } from '/mnt/checkout/src/features/nightly/app/pins/pinned-copies.ts';
const at = '2026-01-01T00:00:00.000Z';
const pin = await savePin({ name: 'tick', path: '/bin/true', origin: 'daemon.json' }, '/bin/true', at);
const scratch = await makeScratch('20260101-000000-abcd');
await writeRecord('20260101-000000-abcd', { address: '/x', directories: [] });
if (process.argv[2] !== undefined) await openToGroup(scratch, Number(process.argv[2]));
process.stdout.write(pinEntry(pin).path);
`;
    const { stdout, stderr } = await inBox(
      `
umask 000
top=/var/lib/ocibench
for group in '' 231072; do
  rm -rf $top
  program=$(node /mnt/box/make.ts $group)
  for name in runs runs/20260101-000000-abcd trash namespaces pins; do
    [ -d "$top/$name" ] || echo "no $name"
    as_other ls "$top/$name" 2>/dev/null || echo "$name closed"
    as_other [ -x "$top/$name" ] && echo "$name to be passed"
  done
  as_other ls $top 2>/dev/null || echo "no list"
  as_other cat $top/runs/20260101-000000-abcd/owner.json 2>/dev/null || echo "no file of a run"
  as_other "$program" && echo "the copy runs"
done
`,
      { 'make.ts': make },
    );
    const once = [
      'runs closed',
      'runs/20260101-000000-abcd closed',
      'trash closed',
      'namespaces closed',
      'pins closed',
      'pins to be passed',
      'no list',
      'no file of a run',
      'the copy runs',
    ];
    expect(stdout.split('\n'), stderr).toEqual([...once, ...once]);
  });

  test('a pipe as the record of an owner does not make clean wait', async () => {
    const { stdout, stderr } = await inBox(`
as_other mkdir /var/tmp/ocibench-20260101-000000-abcd
as_other mkfifo /var/tmp/ocibench-20260101-000000-abcd/owner.json
mkdir -m 0700 -p /var/lib/ocibench/runs /var/lib/ocibench/trash /var/lib/ocibench/runs/20260101-000000-abcd
mkfifo /var/lib/ocibench/runs/20260101-000000-abcd/owner.json
timeout 200 "$OCIBENCH_TEST_NODE" /mnt/checkout/src/cli.ts clean >/dev/null && code=0 || code=$?
echo "exit $code"
`);
    expect(stdout, stderr).toBe('exit 0');
    expect(stderr).toContain('/var/lib/ocibench/runs/20260101-000000-abcd, which has no record');
  });
}
