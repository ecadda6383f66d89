import { expect, test } from 'vitest';
import { inBox } from './box.ts';

/** A dockerd that looks at what it would share with the host, and never answers. */
const curiousDockerd = `#!/bin/sh
cat /run/containerd/containerd.sock >/root/dockerd-sees 2>/dev/null
case " $* " in *" --containerd /"*) echo "a containerd of its own" >>/root/dockerd-sees ;; esac
echo mine >/run/docker.pid-of-private-engine
exit 1
`;
const sleeper = '#!/bin/sh\nexec sleep 1000\n';
const run = 'ocibench run --engine embedded --runtimes runc --workloads startup/echo --out /root/out';
const hostsContainerd = `
mkdir /run/containerd
echo "the host's containerd" >/run/containerd/containerd.sock
`;
const report = `
echo "exit $code"
cat /root/dockerd-sees 2>/dev/null || true
ls /run/docker.pid-of-private-engine 2>/dev/null || true
`;

/** An engine that ends at once, whose process id is then given to another process, after which the harness ends. */
const reuse = `
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { supervisorScript } from '/mnt/checkout/src/core/engine/embedded/supervisor-script.ts';

mkdirSync('/var/lib/scratch');
const words = ['-c', supervisorScript, 'supervisor', '/var/lib/scratch', 'none/none', ':', '/var/lib/record'];
const supervisor = spawn('sh', words, { stdio: ['pipe', 'ignore', 'inherit'] });
const exited = once(supervisor, 'exit');
const pidFile = '/mnt/box/engine-pid';
while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8').trim() === '') await sleep(10);
const engine = Number(readFileSync(pidFile, 'utf8'));
while (existsSync('/proc/' + engine)) await sleep(10);
let innocent;
for (;;) {
  writeFileSync('/proc/sys/kernel/ns_last_pid', String(engine - 1));
  innocent = spawn('sleep', ['1000']);
  if (innocent.pid === engine) break;
  innocent.kill('SIGKILL');
}
const killed = once(innocent, 'exit').then(() => 'was killed');
supervisor.stdin.end();
await exited;
// The end of a child is heard of a little later.
console.log('the innocent process', await Promise.race([killed, sleep(500, 'lives')]));
process.exit();
`;

/** How the embedded engine is kept apart from the host, and how it is ended. */
export function engineEndCases(): void {
  test('to ask runtimes for their version changes nothing on the host', async () => {
    const script = `
import { versionOf } from '/mnt/checkout/src/core/host/runtimes.ts';
for (const name of ['runc', 'crun', 'runsc']) await versionOf(name);
`;
    const { stdout, stderr } = await inBox(
      'ls /run >/root/before; node /mnt/box/v.ts; ls /run | diff /root/before -; ls /tmp',
      { 'v.ts': script },
    );
    expect(stdout, stderr).toBe('');
  });

  test('a process that got the id of an engine that ended by itself is not killed', async () => {
    const { stdout, stderr } = await inBox('node /mnt/box/reuse.ts', {
      'reuse.ts': reuse,
      'setpriv+x': '#!/bin/sh\nsleep 0.2\necho $$ >/mnt/box/engine-pid\n',
    });
    expect(stdout, stderr).toBe('the innocent process lives');
  });

  test('with its state on overlayfs, as in a container, the engine neither sees nor changes the host’s /run', async () => {
    const { stdout, stderr } = await inBox(
      `
mkdir /mnt/lower /mnt/upper /mnt/work
mount -t overlay overlay -o lowerdir=/mnt/lower,upperdir=/mnt/upper,workdir=/mnt/work /var/lib
${hostsContainerd}
export OCIBENCH_STATE=/var/lib
${run} && code=0 || code=$?
${report}
`,
      { 'dockerd+x': curiousDockerd, 'containerd+x': sleeper },
    );
    expect(stdout, stderr).toBe('exit 3\na containerd of its own');
  });

  test('where the host’s /run cannot be covered, the engine is not started, with the fix', async () => {
    const noOverlay = `#!/bin/sh
case " $* " in *" overlay "*) exit 32 ;; esac
exec /usr/bin/mount "$@"
`;
    const { stdout, stderr } = await inBox(
      `
${hostsContainerd}
${run} && code=0 || code=$?
${report}
`,
      { 'dockerd+x': curiousDockerd, 'containerd+x': sleeper, 'mount+x': noOverlay },
    );
    expect(stdout, stderr).toBe('exit 3');
    expect(stderr).toContain('could not cover /run');
    expect(stderr).toContain('OCIBENCH_STATE=DIR');
  });
}
