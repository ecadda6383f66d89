import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedDaemonJson } from '../config/daemon-json.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { connectDocker, type DockerEngine } from './docker-engine.ts';
import { makeScratch } from './scratch.ts';
import { initScript, supervisorScript } from './supervisor-script.ts';

const startLimitMs = 60_000;
const stopLimitMs = 30_000;

/** A private dockerd that lives as long as this process, or until `stop`. */
export interface EmbeddedEngine {
  readonly engine: DockerEngine;
  /** Scratch directory of the run; also holds the trials' bind-mount sources. Gone after `stop`. */
  readonly scratch: string;
  /** File of its network namespace, in which its bridge is. */
  readonly networkNamespace: string;
  stop(): Promise<void>;
}

/** All that dockerd and the runtimes get of our environment: tokens and passwords in it are not theirs. */
const passedOn = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'DOCKER_RAMDISK'] as const;

/** The environment of the embedded engine. */
export function engineEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    passedOn.flatMap((name) => (name in environment ? [[name, environment[name]]] : [])),
  );
}

/** The end of the engine's log, which says why it did not start. */
async function logTail(scratch: string): Promise<string> {
  const text = await readFile(join(scratch, 'engine.log'), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-8).join('\n');
}

/** PID 1 of the engine's namespaces is the only process whose command line is its init script's. */
async function networkNamespaceOf(scratch: string): Promise<string> {
  const init = join(scratch, 'init');
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    if (argv[0] === 'sh' && argv[1] === init) return `/proc/${pid}/ns/net`;
  }
  throw new OcibenchError('the embedded engine’s first process was not found', {
    exitCode: exitCodes.noEngine,
  });
}

async function waitUntilReady(scratch: string, supervisor: ChildProcess): Promise<DockerEngine> {
  const socketPath = join(scratch, 'docker.sock');
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    try {
      return await connectDocker(
        { socketPath },
        { kind: 'embedded', endpoint: `unix://${socketPath}`, transport: 'unix' },
      );
    } catch (error) {
      const ended = (await logTail(scratch)).includes('ocibench: dockerd ended');
      if (ended || supervisor.exitCode !== null || performance.now() > deadline)
        throw new OcibenchError(
          `the embedded engine did not start; its log ends with:\n${await logTail(scratch)}`,
          {
            exitCode: exitCodes.noEngine,
            cause: error,
          },
        );
      await sleep(50);
    }
  }
}

/**
 * Our own keys of its daemon.json. The cgroup driver is named because on a v2 host with systemd dockerd would
 * choose slices, and refuse a parent that is a path.
 */
export function daemonSettings(cgroup: string) {
  return { 'cgroup-parent': `/${cgroup}/other`, 'exec-opts': ['native.cgroupdriver=cgroupfs'] };
}

/**
 * Starts dockerd and its containerd in mount, network and PID namespaces of their own: no bridge, iptables
 * rule, mount or process of theirs exists outside, and all of them end with the namespaces.
 * `cgroup` is the run's cgroup (`ocibench/<runId>`); its `engine` child must exist.
 * Throws OcibenchError (exit 3) with the end of the engine's log when it does not come up.
 */
export async function startEmbedded(
  runId: string,
  cgroup: string,
  runtimes: readonly RuntimeEntry[],
): Promise<EmbeddedEngine> {
  const scratch = await makeScratch(runId);
  await writeFile(join(scratch, 'daemon.json'), embeddedDaemonJson(runtimes, daemonSettings(cgroup)));
  await writeFile(join(scratch, 'supervisor'), supervisorScript, { mode: 0o700 });
  await writeFile(join(scratch, 'init'), initScript, { mode: 0o700 });
  const supervisor = spawn('sh', [join(scratch, 'supervisor'), scratch, cgroup], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: engineEnvironment(process.env),
  });
  const exited = once(supervisor, 'exit');
  const stop = async () => {
    supervisor.stdin?.end();
    if (supervisor.exitCode === null)
      await Promise.race([exited, sleep(stopLimitMs, undefined, { ref: false })]);
  };
  try {
    const engine = await waitUntilReady(scratch, supervisor);
    return { engine, scratch, networkNamespace: await networkNamespaceOf(scratch), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
