import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from '../../programs/execa.ts';
import { makeScratch, removeScratch } from '../scratch.ts';
import type { DaemonAddress } from './context.ts';

/** A local socket that forwards to the daemon's on another host, until `close`. */
interface Tunnel {
  readonly socketPath: string;
  close(): Promise<void>;
}

/** Time for a login, ms. */
const limitMs = 20_000;

const options = [
  'BatchMode=yes',
  'ExitOnForwardFailure=yes',
  'ConnectTimeout=10',
  'ControlMaster=no',
  'ControlPath=none',
  'ServerAliveInterval=15',
].flatMap((option) => ['-o', option]);

/**
 * Forwards the daemon's socket through OpenSSH's own client, so that ~/.ssh/config, agents and known_hosts apply. (`docker
 * system dial-stdio` and docker-modem's ssh log in anew for every connection, of which each container needs one: that
 * would be measured.) The remote side runs `cat` on a pipe of this process: when the process ends for any reason, the
 * pipe closes and ssh ends. Error with ssh's last line after `ssh says:`.
 */
export async function openTunnel({
  target,
  socket,
}: Extract<DaemonAddress, { kind: 'ssh' }>): Promise<Tunnel> {
  const directory = await makeScratch(`ssh-${randomBytes(4).toString('hex')}`);
  const socketPath = join(directory, 'docker.sock');
  const forward = ['-L', `${socketPath}:${socket}`];
  const child = execa('ssh', ['-T', ...options, ...forward, '--', target, 'echo connected; exec cat'], {
    stdin: 'pipe',
    reject: false,
    // The other host decides how much is said.
    maxBuffer: 1_000_000,
  });
  const close = async () => {
    child.kill();
    await Promise.race([child, sleep(2_000, undefined, { ref: false })]);
    await removeScratch(directory);
  };
  const ended = child.then(({ code, stderr }) => {
    throw new Error(`ssh says: ${stderr.trim().split('\n').at(-1) || (code ?? 'nothing')}`);
  });
  try {
    await Promise.race([once(child.stdout, 'data', { signal: AbortSignal.timeout(limitMs) }), ended]);
  } catch (error) {
    await close();
    throw error;
  }
  return { socketPath, close };
}
