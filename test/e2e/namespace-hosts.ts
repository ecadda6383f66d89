import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';

/** PID 1 of a host. A boot id of its own: its processes end with it, as at a loss of power. */
const init = `
hostname "$1"
mount -t tmpfs tmpfs /run
mkdir -m 755 /run/lock /run/sshd
echo "$2" >/run/boot_id
mount --bind /run/boot_id /proc/sys/kernel/random/boot_id
ip link set lo up
eval "$3"
touch /run/ready
exec sleep infinity
`;

/** A host of its own for programs: processes, network, name, boot id and /run; it shares kernel, CPUs and files with this one. */
export interface NamespaceHost {
  readonly name: string;
  /** A program and its arguments as started in the host, for spawn and execa. */
  command(...words: readonly string[]): readonly [string, readonly string[]];
  run(
    ...words: readonly string[]
  ): Promise<{ readonly exitCode?: number; readonly stdout: string; readonly stderr: string }>;
  /** A power cut: every process is gone at once. */
  cut(): Promise<void>;
}

/** `prepare`: commands of a shell while it boots, in its mount namespace. */
async function boot(name: string, prepare: string): Promise<NamespaceHost & { readonly pid: number }> {
  const child: ChildProcess = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--pid',
      '--fork',
      '--kill-child=KILL',
      '--net',
      '--uts',
      '--mount',
      '--propagation',
      'private',
      '--mount-proc',
      'sh',
      '-ec',
      init,
      'init',
      name,
      randomUUID(),
      prepare,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const ended = once(child, 'exit');
  let pid = 0;
  const command = (...words: readonly string[]) =>
    ['nsenter', ['-t', String(pid), '-p', '-n', '-u', '-m', '-r', '-w', ...words]] as const;
  const run: NamespaceHost['run'] = async (...words) => {
    const [file, args] = command(...words);
    return execa(file, args, { reject: false, stdin: 'ignore', timeout: 240_000 });
  };
  for (const deadline = performance.now() + 120_000; ; await sleep(10)) {
    const file = `/proc/${child.pid}/task/${child.pid}/children`;
    pid = Number((await readFile(file, 'utf8').catch(() => '')).trim());
    if (pid > 0 && (await run('test', '-e', '/run/ready')).exitCode === 0) break;
    if (performance.now() > deadline) throw new Error(`host ${name} does not come up`);
  }
  return {
    name,
    pid,
    command,
    run,
    async cut() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function must(result: ReturnType<NamespaceHost['run']>): Promise<string> {
  const { exitCode, stdout, stderr } = await result;
  if (exitCode !== 0) throw new Error(`exit ${exitCode}: ${stdout}\n${stderr}`);
  return stdout;
}

/** Hosts on one bridge, which is in the first one's network: 10.99.0.1; the others are 10.99.0.11, .12 … */
export interface HostNetwork extends AsyncDisposable {
  readonly control: NamespaceHost;
  host(name: string): NamespaceHost;
  addressOf(name: string): string;
  /** Boots a host of the network: the first time, or again after {@link NamespaceHost.cut}. */
  start(name: string): Promise<NamespaceHost>;
}

/** Boots a host `ctl`; the others are started by name. All end with it. */
export async function hostNetwork(names: readonly string[], prepare = ''): Promise<HostNetwork> {
  const control = await boot('ctl', '');
  const hosts = new Map<string, NamespaceHost>();
  const addressOf = (name: string) => `10.99.0.${11 + names.indexOf(name)}`;
  await must(control.run('ip', 'link', 'add', 'br0', 'type', 'bridge'));
  await must(control.run('ip', 'addr', 'add', '10.99.0.1/24', 'dev', 'br0'));
  await must(control.run('ip', 'link', 'set', 'br0', 'up'));
  return {
    control,
    addressOf,
    host(name) {
      const found = hosts.get(name);
      if (found === undefined) throw new Error(`there is no host ${name}`);
      return found;
    },
    async start(name) {
      const host = await boot(name, prepare);
      const outer = `v${name}`;
      // The kernel removes that of a host that was cut in its own time.
      if (hosts.has(name)) await control.run('ip', 'link', 'del', outer);
      const peer = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(host.pid)];
      await must(
        execa('nsenter', ['-t', String(control.pid), '-n', 'ip', 'link', 'add', outer, ...peer], {
          reject: false,
        }),
      );
      await must(control.run('ip', 'link', 'set', outer, 'master', 'br0', 'up'));
      await must(host.run('ip', 'addr', 'add', `${addressOf(name)}/24`, 'dev', 'eth0'));
      await must(host.run('ip', 'link', 'set', 'eth0', 'up'));
      hosts.set(name, host);
      return host;
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...hosts.values(), control].map((host) => host.cut()));
    },
  };
}
