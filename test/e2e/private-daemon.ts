import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeCgroups } from '../../src/core/collect/cgroup/files.ts';
import { privateCgroupView } from '../../src/core/engine/private-directories.ts';

/** A dockerd as somebody else runs it, reachable from here. */
export interface PrivateDaemon {
  readonly socket: string;
  /** Everything that it has logged so far. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * PID 1 of its mount and PID namespaces. Unlike the embedded engine it keeps the host's network namespace, so that its
 * TCP port is on our loopback; without a bridge and iptables it changes nothing there.
 */
const init = `set -u
scratch=$1
before=$2
shift 2
view=$scratch/cgroup-view
${privateCgroupView}
for dir in /run /opt /etc/docker; do
  [ -d "$dir" ] || continue
  name=$(echo "$dir" | tr / _)
  mkdir -p "$scratch/upper/$name" "$scratch/overlay/$name"
  mount -t overlay overlay -o "lowerdir=$dir,upperdir=$scratch/upper/$name,workdir=$scratch/overlay/$name" "$dir"
  if [ "$dir" = /run ]; then rm -f /run/containerd/containerd.sock; fi
done
eval "$before"
$OCIBENCH_DOCKERD "$@" &
wait $!
`;

async function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

/**
 * Starts a dockerd with data, sockets and processes of its own below `scratch`. `before`: shell commands in its mount
 * namespace. `dockerd`: what is started in its place, as shell words. Rejects with the end of its log where it does not come up.
 */
export async function startDaemon(
  scratch: string,
  options: {
    readonly config: object;
    readonly args?: readonly string[];
    readonly before?: string;
    readonly dockerd?: string;
  },
): Promise<PrivateDaemon> {
  const socket = join(scratch, 'docker.sock');
  const logFile = join(scratch, 'dockerd.log');
  const cgroup = `ocibench-e2e-daemon-${basename(scratch)}`;
  await writeFile(join(scratch, 'daemon.json'), JSON.stringify(options.config));
  await writeFile(join(scratch, 'init'), init);
  const output = await open(logFile, 'w');
  const child = spawn(
    'unshare',
    [
      '--mount',
      '--pid',
      '--fork',
      '--kill-child=KILL',
      '--propagation',
      'private',
      '--mount-proc',
      'sh',
      join(scratch, 'init'),
      scratch,
      options.before ?? ':',
      '--config-file',
      join(scratch, 'daemon.json'),
      '--data-root',
      join(scratch, 'data'),
      '--exec-root',
      join(scratch, 'exec'),
      '--pidfile',
      join(scratch, 'dockerd.pid'),
      '--bridge=none',
      '--iptables=false',
      '--ip6tables=false',
      '--cgroup-parent',
      `/${cgroup}`,
      '--exec-opt',
      'native.cgroupdriver=cgroupfs',
      '--host',
      `unix://${socket}`,
      ...(options.args ?? []),
    ],
    {
      stdio: ['ignore', output.fd, output.fd],
      env: { ...process.env, OCIBENCH_DOCKERD: options.dockerd ?? 'dockerd' },
    },
  );
  await output.close();
  const ended = once(child, 'exit');
  const log = () => readFile(logFile, 'utf8');
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    // The kernel ends the namespace's processes in its own time; only then are the cgroups empty.
    const hierarchies = ['', ...(await readdir('/sys/fs/cgroup'))];
    await removeCgroups(
      hierarchies.map((hierarchy) => join('/sys/fs/cgroup', hierarchy, cgroup)),
      5_000,
    );
  };
  for (const deadline = performance.now() + 240_000; performance.now() < deadline; await sleep(100)) {
    if (await answers(socket)) return { socket, log, stop };
    if (child.exitCode !== null) break;
  }
  await stop();
  throw new Error(`dockerd did not start:\n${(await log()).split('\n').slice(-15).join('\n')}`);
}
