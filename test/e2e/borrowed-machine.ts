import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { makeAuthority } from '../certificates.ts';
import { compileCache } from '../support/compile-cache.ts';
import { root } from './support.ts';

/**
 * This machine, in namespaces of its own: what is written goes to memory, and no other host is reached. It has none of this
 * machine's package sources, and no Docker.
 */
const setUp = `
machine=$1 checkout=$2
mount -t tmpfs tmpfs "$machine"
mkdir "$machine/upper" "$machine/work" "$machine/root"
mount -t overlay overlay -o "lowerdir=/,upperdir=$machine/upper,workdir=$machine/work" "$machine/root"
cd "$machine/root"
rm -rf etc/apt/apt.conf* etc/apt/preferences* etc/apt/sources.list* etc/docker opt/gvisor* var/lib/apt/lists/*
# What is in it comes and goes while it would be removed.
mount -t tmpfs tmpfs run
mkdir -p etc/apt/apt.conf.d etc/apt/preferences.d etc/apt/sources.list.d srv/clone
for dir in proc sys dev; do mount --rbind "/$dir" "$dir"; done
mkdir -p ".$checkout"
mount --bind "$checkout" ".$checkout"
mount -o remount,bind,ro ".$checkout"
ip link set lo up
`;

/** Stands for the checkout in which a document's commands are typed: what asks, or needs a dockerd, does neither here. */
const clone = `#!/bin/sh
[ "$1 $2" != 'runtimes add' ] || set -- "$@" --yes --no-reload
exec '${root}/ocibench' "$@"
`;

/** A machine whose commands leave nothing on this one. */
export interface BorrowedMachine {
  /** Runs lines of a shell block, in order, until one fails. */
  run(script: string): Promise<{ exitCode: number | undefined; stdout: string; stderr: string }>;
  stop(): Promise<void>;
}

/** `hosts`: a directory of files for each host name that the machine reaches, over https. */
export async function borrowMachine(place: string, hosts: readonly string[]): Promise<BorrowedMachine> {
  const machine = join(place, 'machine');
  await mkdir(machine);
  const authority = makeAuthority(place, 'authority');
  const names = hosts.map((host) => `DNS:${host}`).join(',');
  const certificate = authority.issue('hosts', { usage: 'serverAuth', names });
  await writeFile(join(place, 'ocibench'), clone, { mode: 0o755 });
  const trust = `
    cp '${join(place, 'ocibench')}' srv/clone/ocibench
    cat '${authority.ca}' >>etc/ssl/certs/ca-certificates.crt
    echo '127.0.0.1 ${hosts.join(' ')}' >>etc/hosts`;
  const server = [process.execPath, join(import.meta.dirname, 'serve-hosts.ts'), place, certificate];
  const script = `${setUp}${trust}\nshift 2; exec "$@"`;
  const child: ChildProcess = spawn(
    'unshare',
    ['--mount', '--net', '--propagation', 'private', 'sh', '-euc', script, 'sh', machine, root, ...server],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let serves = false;
  child.stdout?.once('data', () => {
    serves = true;
  });
  while (!serves) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error('the machine could not be set up');
    await sleep(20);
  }
  const enter = ['--target', String(child.pid), '--mount', '--net', 'chroot', join(machine, 'root')];
  return {
    async run(script) {
      const lines = `cd /srv/clone\nsudo() { "$@"; }\n${script}`;
      const { exitCode, stdout, stderr } = await execa(
        'nsenter',
        [...enter, 'bash', '-euo', 'pipefail', '-c', lines],
        {
          reject: false,
          stdin: 'ignore',
          extendEnv: false,
          env: {
            PATH: `${dirname(process.execPath)}:/usr/sbin:/usr/bin:/sbin:/bin`,
            HOME: '/root',
            LC_ALL: 'C.UTF-8',
            DEBIAN_FRONTEND: 'noninteractive',
            NO_COLOR: '1',
            ...compileCache,
          },
        },
      );
      return { exitCode, stdout, stderr };
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}
