import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectDocker } from '../../src/core/engine/docker/engine.ts';
import { privateCgroupView } from '../../src/core/engine/private-directories.ts';

/**
 * PID 1 of the namespaces. The daemon is started again as often as it ends, for as long as there is a file `up`, as systemd
 * would; containers and shims are no children of it and stay.
 */
const init = `#!/bin/sh
directory=$1
mount -t tmpfs tmpfs /run
view=$directory/cgroup-view
${privateCgroupView}
ip link set lo up
while :; do
  if [ -f "$directory/up" ]; then
    rm -f "$directory/dockerd.pid"
    dockerd --config-file "$directory/daemon.json" --data-root "$directory/data" --exec-root "$directory/exec" \\
      --pidfile "$directory/dockerd.pid" --host "unix://$directory/docker.sock" >>"$directory/log" 2>&1
  fi
  sleep 0.2
done
`;

/** A daemon that is not the embedded engine: it has its own life, and can be restarted under a run. */
export interface PrivateDockerd extends AsyncDisposable {
  readonly socket: string;
  /** Sends a signal to dockerd alone. `down`: it is not started again before `up()`. */
  kill(signal: NodeJS.Signals, options?: { readonly down?: boolean }): Promise<void>;
  up(): Promise<void>;
  /** Ends it, and waits for the next one with these settings. */
  restart(settings: object): Promise<void>;
}

/** The host's id of the dockerd that serves `directory`; null where there is none. */
async function pidOf(directory: string): Promise<number | null> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (argv[0] === 'dockerd' && argv.includes(`${directory}/daemon.json`)) return Number(pid);
  }
  return null;
}

async function answers(socket: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const error = await connectDocker(
      { socketPath: socket },
      {
        kind: 'docker',
        endpoint: `unix://${socket}`,
        transport: 'unix',
      },
    ).then(
      () => null,
      (cause: unknown) => cause,
    );
    if (error === null) return;
    if (performance.now() > deadline) throw error;
    await sleep(100);
  }
}

/** Starts dockerd in mount, network and PID namespaces of its own; `directory` must not exist yet. */
export async function privateDockerd(directory: string, settings: object = {}): Promise<PrivateDockerd> {
  const socket = join(directory, 'docker.sock');
  await mkdir(join(directory, 'data'), { recursive: true });
  const configure = (own: object) => {
    const daemonJson = { 'exec-opts': ['native.cgroupdriver=cgroupfs'], ...own };
    return writeFile(join(directory, 'daemon.json'), JSON.stringify(daemonJson));
  };
  await configure(settings);
  await writeFile(join(directory, 'init'), init);
  const child: ChildProcess = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'unshare',
      '--mount',
      '--net',
      '--pid',
      '--fork',
      '--kill-child=KILL',
      '--propagation',
      'private',
      '--mount-proc',
      'sh',
      join(directory, 'init'),
      directory,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  const up = async () => {
    await writeFile(join(directory, 'up'), '');
    await answers(socket, 240_000);
  };
  await up();
  const kill: PrivateDockerd['kill'] = async (signal, { down = false } = {}) => {
    if (down) await rm(join(directory, 'up'), { force: true });
    const pid = await pidOf(directory);
    if (pid === null) throw new Error('there is no dockerd to end');
    process.kill(pid, signal);
  };
  return {
    socket,
    up,
    kill,
    async restart(own) {
      await configure(own);
      await kill('SIGTERM', { down: true });
      while ((await pidOf(directory)) !== null) await sleep(50);
      await up();
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      await sleep(300);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
