import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';

/** A Docker daemon of this host that is not ocibench's: another's containers run in it. */
export interface OtherDaemon {
  readonly docker: Docker;
  /** For `DOCKER_HOST`. */
  readonly host: string;
  stop(): Promise<void>;
}

/** Starts a dockerd beside whatever runs here: its own socket and directories, no bridge and no rule of a firewall. */
export async function startOtherDaemon(settings: object = {}): Promise<OtherDaemon> {
  const path = await mkdtemp('/var/tmp/other-docker-');
  const at = (name: string) => join(path, name);
  await writeFile(at('daemon.json'), JSON.stringify(settings));
  const network = [
    '--bridge=none',
    '--iptables=false',
    '--ip6tables=false',
    '--ip-forward=false',
    '--ip-masq=false',
  ];
  const child = spawn(
    // Mounts of its own: none of them stays when it ends.
    'unshare',
    [
      '--mount',
      '--propagation',
      'private',
      'dockerd',
      '--config-file',
      at('daemon.json'),
      '--data-root',
      at('data'),
      '--exec-root',
      at('exec'),
      '--pidfile',
      at('pid'),
      '--host',
      `unix://${at('docker.sock')}`,
      ...network,
      '--exec-opt',
      'native.cgroupdriver=cgroupfs',
      '--cgroup-parent',
      '/other-docker',
    ],
    { stdio: 'ignore' },
  );
  const docker = new Docker({ socketPath: at('docker.sock') });
  for (const deadline = performance.now() + 60_000; ; await sleep(100)) {
    if (await docker.ping().then(Boolean, () => false)) break;
    if (child.exitCode !== null || performance.now() > deadline) throw new Error('dockerd did not start');
  }
  return {
    docker,
    host: `unix://${at('docker.sock')}`,
    async stop() {
      if (child.exitCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await rm(path, { recursive: true, force: true });
    },
  };
}
