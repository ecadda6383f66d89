import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { exitCodes } from '../../model/error.ts';
import { makeScratch, removeScratch } from '../scratch.ts';
import { type Address, refuse, type Source } from './address.ts';

/** A socket here that is the daemon's on the other host, until `close`. */
export interface Tunnel {
  readonly socketPath: string;
  close(): Promise<void>;
}

const readyLimitMs = 20_000;
const ready = 'ocibench: connected';

/** What ssh said → what is missing. */
const complaints: readonly (readonly [RegExp, message: string, fix: (target: string) => string])[] = [
  [
    /Host key verification failed/,
    'the host is not known here, or shows another key than before',
    (target) => `compare its key and accept it once by hand:  ssh ${target} true`,
  ],
  [
    /Permission denied/,
    'ssh is not let in without a question',
    (target) =>
      `load a key (ssh-add) or name it in ~/.ssh/config, until this works:  ssh -o BatchMode=yes ${target} true`,
  ],
  [/Could not resolve hostname/, 'the name of the host cannot be resolved', () => 'correct the address'],
  [/Connection refused/, 'no ssh server listens there', () => 'start sshd there, or correct the port'],
  [/timed out|No route to host/, 'the host does not answer', () => 'check network and firewall'],
  [
    /forwarding (is )?disabled|administratively prohibited|remote port forwarding failed/i,
    'the ssh server forbids forwarding of sockets',
    () => 'AllowStreamLocalForwarding yes in its sshd_config',
  ],
];

/** ssh's last words, and what they mean where that is known. */
export function sshComplaint(
  stderr: string,
  target: string,
): { readonly message: string; readonly fix: string } {
  const found = complaints.find(([pattern]) => pattern.test(stderr));
  if (found !== undefined) return { message: found[1], fix: found[2](target) };
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return {
    message: last === '' ? 'ssh ended without a word' : `ssh says: ${last.slice(0, 200)}`,
    fix: `try by hand:  ssh ${target} docker version`,
  };
}

/** How ssh is told where to go, also for people to type. */
export function sshTarget({ host, port, user }: Extract<Address, { kind: 'ssh' }>): readonly string[] {
  return [...(port === null ? [] : ['-p', String(port)]), ...(user === null ? [] : ['-l', user]), '--', host];
}

/**
 * Forwards the daemon's socket through OpenSSH's own client, so that ~/.ssh/config, agents and known_hosts hold. (The ssh of
 * docker-modem believes any host key and shakes hands anew for every request, which would be measured.) The
 * other side runs `cat` on our pipe: when this process ends, however it ends, the pipe closes and ssh with it.
 * OcibenchError (exit 3) that says what is missing.
 */
export async function openTunnel(
  address: Extract<Address, { kind: 'ssh' }>,
  source: Source,
): Promise<Tunnel> {
  const directory = await makeScratch(`ssh-${randomBytes(4).toString('hex')}`);
  const socketPath = join(directory, 'docker.sock');
  const target = sshTarget(address);
  const options = ['BatchMode=yes', 'ExitOnForwardFailure=yes', 'ConnectTimeout=10', 'ControlMaster=no'];
  const child = spawn(
    'ssh',
    [
      '-T',
      ...[...options, 'ControlPath=none', 'ServerAliveInterval=15'].flatMap((option) => ['-o', option]),
      '-L',
      `${socketPath}:${address.socket}`,
      ...target,
      `echo '${ready}'; exec cat`,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').catch(() => undefined);
  const close = async () => {
    child.stdin.end();
    child.kill();
    await Promise.race([ended, sleep(2_000, undefined, { ref: false })]);
    await removeScratch(directory);
  };
  const fail = (complaint: { readonly message: string; readonly fix: string }) =>
    refuse(`${address.shown} cannot be reached by ssh`, source, complaint, { exitCode: exitCodes.noEngine });
  try {
    await new Promise<void>((resolve, reject) => {
      let said = '';
      child.once('error', (error: NodeJS.ErrnoException) =>
        reject(
          error.code === 'ENOENT'
            ? fail({ message: 'there is no ssh on this host', fix: 'apt-get install -y openssh-client' })
            : fail({ message: error.message, fix: 'check that ssh can be run' }),
        ),
      );
      child.once('close', () =>
        reject(fail(sshComplaint(stderr, target.filter((word) => word !== '--').join(' ')))),
      );
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        if (said.includes(ready)) resolve();
      });
      setTimeout(
        () => reject(fail({ message: `no session within ${readyLimitMs / 1000} s`, fix: 'check the host' })),
        readyLimitMs,
      ).unref();
    });
  } catch (error) {
    await close();
    throw error;
  }
  return { socketPath, close };
}
