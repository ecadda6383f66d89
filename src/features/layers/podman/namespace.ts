import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineEnvironment } from '../../../core/engine/embedded/engine.ts';
import { namespaceScript } from './namespace-script.ts';

/** Timeout for the namespaces to end once their pipe is closed, ms. */
const endLimitMs = 10_000;

/** A service of podman to be started: its runtime, and the socket at which it answers. */
export interface ServiceRequest {
  readonly runtime: string;
  readonly socket: string;
}

/** The namespaces in which the services run. */
export interface PodmanNamespace {
  /** What its first process and the services have said. */
  log(): string;
  hasEnded(): boolean;
  /** Ends every process and mount in it. */
  close(): Promise<void>;
}

/** Starts the services; `cgroupProcs`: cgroup.procs of the cgroup that all of them are in, in each hierarchy. */
export function startNamespace(
  scratch: string,
  top: string,
  cgroupProcs: readonly string[],
  services: readonly ServiceRequest[],
): PodmanNamespace {
  const logFile = join(top, 'podman.log');
  const log = openSync(logFile, 'wx', 0o600);
  const words = [
    '--mount',
    '--pid',
    '--fork',
    '--kill-child=KILL',
    '--propagation',
    'private',
    '--mount-proc',
  ];
  const script = ['sh', '-c', namespaceScript, 'ocibench-podman', scratch, top, ...cgroupProcs, '--'];
  const pairs = services.flatMap(({ runtime, socket }) => [runtime, socket]);
  // A harness that is killed while podman starts has nobody yet who reads the pipe.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', ...words, ...script, ...pairs], {
    stdio: ['pipe', log, log],
    detached: true,
    env: {
      ...engineEnvironment(process.env),
      HOME: join(top, 'home'),
      TMPDIR: join(top, 'tmp'),
      CONTAINERS_CONF: join(top, 'containers.conf'),
      CONTAINERS_STORAGE_CONF: join(top, 'storage.conf'),
      PODMAN_IGNORE_CGROUPSV1_WARNING: '1',
    },
  });
  closeSync(log);
  const ended = once(child, 'exit').catch(() => undefined);
  const hasEnded = () => child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
  // The pipe breaks where the first process ends before it has read anything.
  child.stdin?.on('error', () => undefined);
  return {
    log: () => readFileSync(logFile, 'utf8'),
    hasEnded,
    async close() {
      child.stdin?.end();
      if (hasEnded()) return;
      await Promise.race([ended, sleep(endLimitMs, undefined, { ref: false })]);
      if (!hasEnded()) child.kill('SIGKILL');
      await ended;
    },
  };
}
