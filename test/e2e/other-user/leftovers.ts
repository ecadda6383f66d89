import { expect, test } from 'vitest';
import { inBox } from './box.ts';

/** A Docker daemon that has the containers of /mnt/box/containers.json, and writes down which of them it is asked to remove. */
const daemon = `
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
const answers = {
  '/info': { ID: 'x', Name: 'box', NCPU: 1, MemTotal: 1, OSType: 'linux', CgroupDriver: 'cgroupfs', CgroupVersion: '1', DefaultRuntime: 'runc', Runtimes: {}, SecurityOptions: [], DockerRootDir: '/root/docker', KernelVersion: '6', OperatingSystem: 'x', Architecture: 'x86_64', Driver: 'overlay2', ServerVersion: '26.1.5' },
  '/version': { Version: '26.1.5', ApiVersion: '1.45', MinAPIVersion: '1.24', Components: [] },
};
let present = JSON.parse(readFileSync('/mnt/box/containers.json', 'utf8'));
createServer((request, response) => {
  const path = request.url.replace(/^\\/v[\\d.]+/, '').replace(/\\?.*$/, '');
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Api-Version', '1.45');
  if (request.method === 'DELETE') {
    appendFileSync('/mnt/box/removed', path.slice(12, 16) + '\\n');
    present = present.filter(({ Id }) => !path.includes(Id));
    response.statusCode = 204;
    response.end();
  } else if (path === '/containers/json') response.end(JSON.stringify(present));
  else response.end(JSON.stringify(answers[path] ?? 'OK'));
}).listen('/run/docker.sock');
`;

/** Containers of this host: one of a run that is over, one of a living run, one of another PID namespace, and others'. */
const containers = `
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { hostIdentity } from '/mnt/checkout/src/core/host/host-identity.ts';
import { identityOf, ownIdentity } from '/mnt/checkout/src/core/host/process-identity.ts';
const runId = '20260101-000000-abcd';
const living = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
living.unref();
const gone = { ...ownIdentity(), startTime: '1' };
const of = (letter, host, owner) => ({
  Id: letter.repeat(64), Names: ['/x'], Image: 'x', State: 'running',
  Labels: { 'io.ocibench.run': runId, 'io.ocibench.host': host, ...(owner && { 'io.ocibench.owner': JSON.stringify(owner) }) },
});
const here = hostIdentity();
writeFileSync('/mnt/box/containers.json', JSON.stringify([
  of('a', '0123456789abcdef', gone),
  of('b', here, identityOf(living.pid)),
  of('c', here, { ...gone, pidNamespace: '4026999999' }),
  of('d', here),
  of('e', here, gone),
]));
`;
const startDaemon = `
export DOCKER_HOST=unix:///run/docker.sock
node /mnt/box/daemon.ts &
while [ ! -S /run/docker.sock ]; do sleep 0.01; done
`;

/** A process that is ocibench by its command line and holds the host's lock until it is ended. */
const holder = `
import { setTimeout as sleep } from 'node:timers/promises';
import { lockHost } from '/mnt/checkout/src/core/host/host-lock.ts';
const lock = await lockHost({ command: 'ocibench run', runId: '20260101-000000-abcd' });
console.log(lock.kind);
await sleep(1000000);
`;
/** A scratch directory whose process is gone. */
const stale = `
import { writeFileSync } from 'node:fs';
import { makeScratch } from '/mnt/checkout/src/core/engine/scratch.ts';
import { ownIdentity } from '/mnt/checkout/src/core/host/process-identity.ts';
const scratch = await makeScratch('20260101-000000-abcd');
writeFileSync(scratch + '/owner.json', JSON.stringify({ ...ownIdentity(), startTime: '1' }));
console.log(scratch);
`;
const living = `
import { setTimeout as sleep } from 'node:timers/promises';
import { makeScratch } from '/mnt/checkout/src/core/engine/scratch.ts';
console.log(await makeScratch('20260101-000000-abcd'));
await sleep(1000000);
`;

/** What \`clean\` may remove beside others who measure. */
export function leftoverCases(): void {
  test('only the container of a run that is over on this host is removed: none of another host, job or PID namespace', async () => {
    const { stdout, stderr } = await inBox(
      `
node /mnt/box/containers.ts
as_other mkdir /var/tmp/ocibench-20260101-000000-abcd
${startDaemon}
ocibench clean >/dev/null
cat /mnt/box/removed
`,
      { 'daemon.ts': daemon, 'containers.ts': containers },
    );
    expect(stdout, stderr).toBe('eeee');
    expect(stderr).toMatch(/other hosts' runs on this daemon, left alone: 1/);
    expect(stderr).toMatch(/cannot be seen from here .* left alone: 2/);
  });

  test('two jobs in containers without a machine id, of one host name on one daemon, are two hosts', async () => {
    const identity = `
import { hostIdentity } from '/mnt/checkout/src/core/host/host-identity.ts';
console.log(hostIdentity());
`;
    const { stdout, stderr } = await inBox(
      `
: >/mnt/box/none
mount --bind /mnt/box/none /etc/machine-id
first=$(OCIBENCH_STATE=/root/a node /mnt/box/identity.ts)
again=$(OCIBENCH_STATE=/root/a node /mnt/box/identity.ts)
second=$(OCIBENCH_STATE=/root/b node /mnt/box/identity.ts)
[ "$first" = "$again" ] && echo "the same again"
[ "$first" != "$second" ] && echo "different"
`,
      { 'identity.ts': identity },
    );
    expect(stdout, stderr).toBe('the same again\ndifferent');
  });

  test('scratch and lock of a run that goes on outside this PID namespace are left alone', async () => {
    const { stdout, stderr } = await inBox(
      `
node /mnt/box/living.ts >/root/scratch &
while [ ! -s /root/scratch ]; do sleep 0.01; done
node /mnt/box/holder.ts ocibench >/root/held &
while [ ! -s /root/held ]; do sleep 0.01; done
unshare --pid --fork --kill-child=KILL --mount-proc "$OCIBENCH_TEST_NODE" /mnt/checkout/src/cli.ts clean >/dev/null && code=0 || code=$?
echo "exit $code"
[ -d "$(cat /root/scratch)" ] && echo "scratch is there"
OCIBENCH_LOCK=/root/another.lock unshare --pid --fork --kill-child=KILL --mount-proc "$OCIBENCH_TEST_NODE" /mnt/checkout/src/cli.ts clean >/dev/null
[ -d "$(cat /root/scratch)" ] && echo "scratch is there"
`,
      { 'living.ts': living, 'holder.ts': holder },
    );
    expect(stdout, stderr).toBe('exit 4\nscratch is there\nscratch is there');
    expect(stderr).toContain('cannot be stopped from here');
    expect(stderr).not.toContain('kill -INT');
  });

  test.each(['clean', 'doctor --engine embedded'])(
    'while somebody measures, `%s` waits its turn and touches nothing',
    async (command) => {
      const { stdout, stderr } = await inBox(
        `
scratch=$(node /mnt/box/stale.ts)
node /mnt/box/holder.ts ocibench >/root/held &
holder=$!
while [ ! -s /root/held ]; do sleep 0.01; done
ocibench ${command} >/dev/null && code=0 || code=$?
echo "exit $code"
[ -d "$scratch" ] && echo "scratch is there"
`,
        { 'stale.ts': stale, 'holder.ts': holder, 'dockerd+x': '#!/bin/sh\nexit 1\n' },
      );
      expect(stdout, stderr).toBe('exit 4\nscratch is there');
      expect(stderr).toMatch(/ocibench run, run 20260101-000000-abcd, pid \d+/);
    },
  );

  test('an engine that has an owner again is not killed: the owner is read before every kill', async () => {
    const script = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endOrphans, engineProcesses } from '/mnt/checkout/src/core/engine/embedded/supervisor-script.ts';
const scratch = '/var/lib/ocibench/runs/20260101-000000-abcd';
const engine = spawn('sh', ['-c', 'while :; do sleep 1; done', 'ocibench-supervisor', scratch, 'x'], { stdio: 'ignore' });
await once(engine, 'spawn');
const exited = once(engine, 'exit');
const limits = { supervisorMs: 200, killMs: 200 };
await endOrphans(scratch, async () => false, limits);
console.log(engine.signalCode === null && engine.exitCode === null ? 'lives' : 'killed');
await endOrphans(scratch, async () => true, limits);
await exited;
console.log(engine.signalCode);
process.exit();
`;
    const { stdout, stderr } = await inBox('node /mnt/box/orphans.ts', { 'orphans.ts': script });
    expect(stdout, stderr).toBe('lives\nSIGKILL');
  });

  test('another user’s process with the command line of an engine is neither waited for nor killed', async () => {
    const script = `
import { engineProcesses } from '/mnt/checkout/src/core/engine/embedded/supervisor-script.ts';
console.log((await engineProcesses('/var/tmp/ocibench-20260101-000000-abcd')).length);
`;
    const { stdout, stderr } = await inBox(
      `
cp "$(command -v dash)" /var/tmp/dockerd
as_other /var/tmp/dockerd -c 'while :; do sleep 1; done' x /var/tmp/ocibench-20260101-000000-abcd/data &
as_other sh -c 'while :; do sleep 1; done' ocibench-supervisor /var/tmp/ocibench-20260101-000000-abcd &
until ps -eo args | grep -q '^/var/tmp/dockerd -c' && ps -eo args | grep -q '^sh -c while'; do sleep 0.01; done
node /mnt/box/look.ts
`,
      { 'look.ts': script },
    );
    expect(stdout, stderr).toBe('0');
  });

  test('a lock of another user that names the first process of the machine, or is a pipe, stops nobody', async () => {
    const forged = `
import { writeFileSync } from 'node:fs';
import { identityOf } from '/mnt/checkout/src/core/host/process-identity.ts';
writeFileSync('/var/tmp/ocibench.lock', JSON.stringify({ ...identityOf(1), command: 'ocibench run', runId: 'x', since: 'then' }));
`;
    const { stdout, stderr } = await inBox(
      `
as_other "$OCIBENCH_TEST_NODE" /mnt/box/forged.ts
ocibench run --engine embedded --runtimes runc --workloads startup/echo --out /root/out && code=0 || code=$?
echo "exit $code"
rm /var/tmp/ocibench.lock
as_other mkfifo /var/tmp/ocibench.lock
ocibench clean >/dev/null && code=0 || code=$?
echo "exit $code"
`,
      { 'forged.ts': forged, 'dockerd+x': '#!/bin/sh\nexit 1\n' },
    );
    expect(stdout, stderr).toBe('exit 3\nexit 0');
    expect(stderr).not.toContain('kill -INT');
  });

  test('another user can hold measurements off by the lock that every user may open, and no longer (SECURITY.md)', async () => {
    const { stdout, stderr } = await inBox(`
as_other touch /var/tmp/ocibench.lock
as_other sh -c 'echo $$ >/var/tmp/pid; exec flock -o -x /var/tmp/ocibench.lock sleep 1000' &
while flock -n -s /var/tmp/ocibench.lock true; do sleep 0.1; done
ocibench clean >/dev/null && code=0 || code=$?
echo "exit $code"
ocibench clean --set wait=true >/dev/null &
waiting=$!
sleep 2
kill -0 $waiting && echo "waits"
kill "$(cat /var/tmp/pid)"
wait $waiting && echo "goes on"
`);
    expect(stdout, stderr).toBe('exit 4\nwaits\ngoes on');
    expect(stderr).not.toContain('kill -INT');
  });
}
